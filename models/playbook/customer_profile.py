from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    playbook_count = fields.Integer("Playbooks", compute="_compute_playbook_count")
    playbook_candidate = fields.Many2one(
        "customer.playbook",
        store=False,
        search="_search_playbook_candidate",
        help="Only to search by: the playbooks that would be for this customer today.",
    )

    def _compute_playbook_count(self):
        Enrolment = self.env["customer.playbook.enrolment"]
        counts = dict(
            Enrolment._read_group(
                Domain("profile_id", "in", self.ids) & Enrolment._open_domain(),
                ["profile_id"],
                ["__count"],
            )
        )
        for profile in self:
            profile.playbook_count = counts.get(profile, 0)

    def _search_playbook_candidate(self, operator, value):
        if operator != "in":
            return NotImplemented
        playbooks = self.env["customer.playbook"].search([("id", "in", list(filter(None, value)))])
        return Domain.OR(playbook._candidate_domain() for playbook in playbooks)

    def action_open_playbooks(self):
        """What this customer is and was in."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_playbook_enrolment_action"
        )
        return action | {"domain": [("profile_id", "in", self.ids)], "context": {}}

    def _hand_over_to(self, kept):
        """What customers merged into one were in, it is in; once where both were."""
        if self:
            self.env.flush_all()
            for same in (
                SQL("own.cause = e.cause"),
                SQL("own.ended_at IS NULL AND e.ended_at IS NULL"),
            ):
                self.env.cr.execute(
                    SQL(
                        """
                        DELETE FROM customer_playbook_enrolment e
                         WHERE e.profile_id = ANY(%(folded)s)
                           AND EXISTS (SELECT FROM customer_playbook_enrolment own
                                        WHERE own.playbook_id = e.playbook_id AND %(same)s
                                          AND (own.profile_id = %(kept)s
                                               OR own.profile_id = ANY(%(folded)s)
                                                  AND own.id < e.id))
                        """,
                        folded=self.ids,
                        kept=kept.id,
                        same=same,
                    )
                )
            self.env.cr.execute(
                SQL(
                    "UPDATE customer_playbook_enrolment SET profile_id = %s WHERE profile_id = ANY(%s)",
                    kept.id,
                    self.ids,
                )
            )
        return super()._hand_over_to(kept)
