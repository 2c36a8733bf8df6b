from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerValuePublication(models.Model):
    """The log of which policy a company was judged by, from which day on, who said so and why.

    Written once for each publication, going back to an earlier version included; never changed.
    """

    _name = "customer.value.publication"
    _description = "Publication Of A Value Policy"
    _order = "effective_date desc, id desc"
    _rec_name = "policy_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    policy_id = fields.Many2one(
        "customer.value.policy", required=True, readonly=True, ondelete="cascade", index=True
    )
    replaced_id = fields.Many2one(
        "customer.value.policy", "Instead Of", readonly=True, ondelete="set null"
    )
    effective_date = fields.Date(
        "Judges From", required=True, readonly=True, help="The first day that it decides."
    )
    at = fields.Datetime("Published On", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "By", readonly=True, ondelete="set null", default=lambda self: self.env.uid
    )
    reason = fields.Char("Why", readonly=True)
    moved_count = fields.Integer(
        "Customers Moved",
        compute="_compute_moved_count",
        help="Customers whose tier changed because this version took over. Who changes tier later, "
        "when a wait is over or after a purchase, is not among them.",
    )

    _company_effective_idx = models.Index("(company_id, effective_date DESC, id DESC)")

    @api.model
    def _policy_on(self, company, day: date):
        """The policy that judged ``company`` on a day; empty before the first was published."""
        return self.search(
            [("company_id", "=", company.id), ("effective_date", "<=", day)], limit=1
        ).policy_id

    # ---- whom it moved -------------------------------------------------------------------------

    #: The tier moves that came of a change of rules.
    _MOVES = Domain("kind", "=", "tier") & Domain("cause", "=", "policy")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_moved_count(self):
        """Of the customers whom the user may see: the button opens as many."""
        moves = self.env["customer.transition"]._search(
            self._MOVES & Domain("policy_id", "in", self.policy_id.ids)
        )
        counts = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT publication.id, count(DISTINCT move.profile_id)
                      FROM (%s) publication
                      JOIN customer_transition move
                        ON move.policy_id = publication.policy_id
                       AND move.kind = 'tier'
                       AND move.cause = 'policy'
                       AND move.at >= publication.at
                       AND (publication.until IS NULL OR move.at < publication.until)
                     WHERE publication.id = ANY(%s) AND move.id IN %s
                     GROUP BY publication.id
                    """,
                    self._spans(self.company_id),
                    self.ids,
                    moves.subselect(),
                )
            )
            if self.ids
            else ()
        )
        for publication in self:
            publication.moved_count = counts.get(publication.id, 0)

    @api.model
    def _spans(self, companies) -> SQL:
        """Select ``id, policy_id, at, until``: each publication, and when its version came again.

        Meanwhile other versions judge, and move nobody by this one.
        """
        self.flush_model()
        return SQL(
            """
            SELECT id, policy_id, at,
                   lead(at) OVER (PARTITION BY company_id, policy_id ORDER BY id) AS until
              FROM customer_value_publication
             WHERE company_id = ANY(%s)
            """,
            companies.ids,
        )

    def action_open_moves(self):
        """The changes of tier that this publication brought."""
        self.ensure_one()
        self.check_access("read")
        ((at, until),) = self.env.execute_query(
            SQL(
                "SELECT at, until FROM (%s) spans WHERE id = %s",
                self._spans(self.company_id),
                self.id,
            )
        )
        domain = self._MOVES & Domain("policy_id", "=", self.policy_id.id) & Domain("at", ">=", at)
        if until:
            domain &= Domain("at", "<", until)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_transition_action"
        )
        return action | {
            "name": self.env._("Moved By %s", self.policy_id.display_name),
            "domain": list(domain),
            "context": {},
        }

    def action_open_policy(self):
        """The version that was published."""
        self.ensure_one()
        return self.policy_id._get_records_action()

    def action_compare(self):
        """What changed from the version that this one replaced."""
        self.ensure_one()
        return self.policy_id._compare_with(self.replaced_id)

    def write(self, vals):
        if vals:
            raise UserError(self.env._("The log of publications is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("The log of publications is never deleted."))
