from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.fields import LooseMany2one
from .choices import ENDS


class CustomerPlaybookEnrolment(models.Model):
    """A customer in a playbook, for one cause: from when, with which plan, until what.

    Exactly one for each cause, for ever; and at most one that runs for each customer and playbook. A
    cause that comes while one runs is used up by it.
    """

    _name = "customer.playbook.enrolment"
    _description = "Customer in a Playbook"
    _order = "started desc, id desc"
    _rec_name = "playbook_id"

    playbook_id = fields.Many2one(
        "customer.playbook", required=True, readonly=True, ondelete="restrict", index=True
    )
    profile_id = fields.Many2one(
        "customer.profile", "Customer", required=True, readonly=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(related="profile_id.partner_id", string="Contact")
    user_id = fields.Many2one(related="profile_id.user_id", string="Account Manager")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    cause = fields.Char(required=True, readonly=True)
    occurred = fields.Date("Happened On", readonly=True)
    started = fields.Date(required=True, readonly=True)
    why = fields.Char("Because", compute="_compute_why")

    # As it was at the start
    last_purchase_date = fields.Date(
        "Last Purchase Before", readonly=True, help="A later one is an order since."
    )
    tier_id = LooseMany2one("customer.tier", "Tier Then", readonly=True, ondelete="restrict")

    # The end
    ended_at = fields.Datetime("Ended", readonly=True)
    ended_reason = fields.Selection(ENDS, "Ended Because", readonly=True)
    ended_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    note = fields.Text()
    ordered_since = fields.Boolean(
        compute="_compute_ordered_since",
        search="_search_ordered_since",
        help="It bought after it entered, whatever the reason.",
    )
    plan_ids = fields.One2many("customer.playbook.plan", "enrolment_id")

    _cause_uniq = models.UniqueIndex(
        "(playbook_id, profile_id, cause)", "This cause has had this customer enrolled already."
    )
    _running_uniq = models.UniqueIndex(
        "(playbook_id, profile_id) WHERE ended_at IS NULL",
        "This customer is in this playbook already.",
    )
    _company_idx = models.Index("(company_id, id) WHERE ended_at IS NULL")

    @api.model
    def _open_domain(self) -> Domain:
        """Those who are in a playbook."""
        return Domain("ended_at", "=", False)

    @api.model
    def _counted_domain(self) -> Domain:
        """Those who entered: not the causes that came while they were in it."""
        return Domain("ended_reason", "!=", "running")

    @api.depends("playbook_id", "occurred")
    @api.depends_context("lang")
    def _compute_why(self):
        Followup = self.env["customer.followup"]
        texts = Followup._why_texts()
        for enrolment in self:
            enrolment.why = Followup._say(texts, enrolment._reason())

    def _reason(self) -> dict:
        """Why, as a code with arguments: said in whatever language its reader has."""
        playbook = self.playbook_id
        return {
            "code": "playbook",
            "playbook": playbook.id,
            "trigger": playbook.trigger,
            "stage": playbook.stage_id.id,
            "tier": self.tier_id.id,
            "day": self.occurred and self.occurred.isoformat(),
        }

    @api.depends("last_purchase_date", "profile_id.last_purchase_date")
    def _compute_ordered_since(self):
        for enrolment in self:
            last = enrolment.profile_id.last_purchase_date
            before = enrolment.last_purchase_date
            enrolment.ordered_since = bool(last) and (not before or last > before)

    def _search_ordered_since(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", SQL("(SELECT e.id %s)", self._ordered_since_sql()))

    @api.model
    def _ordered_since_sql(self) -> SQL:
        """From and where of the enrolments ``e`` whose customer bought since."""
        return SQL(
            "FROM customer_playbook_enrolment e JOIN customer_profile p ON p.id = e.profile_id"
            " WHERE p.last_purchase_date > COALESCE(e.last_purchase_date, '-infinity')"
        )

    # ---- ending --------------------------------------------------------------------------------

    def _end(self, reason: str):
        """These end now: what is still open is taken back, what was not begun never will be."""
        running = self.filtered_domain(self._open_domain())
        if not running:
            return
        running.sudo().write(
            {
                "ended_at": fields.Datetime.now(),
                "ended_reason": reason,
                "ended_by_id": self.env.uid if reason in ("asked", "closed", "off") else False,
            }
        )
        self._take_back(running.ids, reason)

    @api.model
    def _take_back(self, ids, reason: str) -> None:
        Plan = self.env["customer.playbook.plan"].sudo()
        plans = Plan.search([("enrolment_id", "in", ids)])
        self.env["customer.followup"]._cancel(
            Domain("id", "in", plans.followup_id.ids), f"playbook_{reason}"
        )
        plans.filtered(lambda plan: not plan.opened_at).unlink()

    def _end_by_hand(self, reason: str):
        self.check_access("read")
        if not self.env.user.has_group("customer_success.group_customer_own"):
            raise AccessError(self.env._("You may not end what is done for customers."))
        self._end(reason)

    def action_close(self):
        """A person knows that it is over."""
        self._end_by_hand("closed")

    def action_asked(self):
        """The customer asked to stop: never again in this playbook."""
        self._end_by_hand("asked")

    def action_open_followups(self):
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow-ups"),
            "res_model": "customer.followup",
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", self.plan_ids.followup_id.ids)],
        }


class CustomerPlaybookPlan(models.Model):
    """A step for one customer: the day on which it is opened, and what was opened."""

    _name = "customer.playbook.plan"
    _description = "Planned Step of a Playbook"
    _log_access = False
    _order = "opens, id"
    _rec_name = "step_id"

    enrolment_id = fields.Many2one(
        "customer.playbook.enrolment", required=True, readonly=True, ondelete="cascade", index=True
    )
    step_id = fields.Many2one(
        "customer.playbook.step", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    opens = fields.Date("Opened On", required=True, readonly=True)
    due = fields.Date(required=True, readonly=True)
    opened_at = fields.Datetime("Opened", readonly=True)
    followup_id = fields.Many2one(
        "customer.followup", "Follow-up", readonly=True, ondelete="set null", index="btree_not_null"
    )
    action = fields.Selection(related="step_id.action")
    user_id = fields.Many2one(related="followup_id.user_id", string="Who")
    done_at = fields.Datetime(related="followup_id.done_at")
    outcome_id = fields.Many2one(related="followup_id.outcome_id")

    _once = models.UniqueIndex("(enrolment_id, step_id)", "This step is planned already.")
    _waiting_idx = models.Index("(company_id, opens, id) WHERE opened_at IS NULL")


class CustomerPlaybookProgress(models.Model):
    """How far a playbook has looked in a company. Its row is also the lock of whoever looks."""

    _name = "customer.playbook.progress"
    _description = "How Far a Playbook Has Looked"
    _log_access = False
    _rec_name = "playbook_id"

    playbook_id = fields.Many2one(
        "customer.playbook", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    looked_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex("(playbook_id, company_id)", "This is known already.")


class CustomerTicketMove(models.Model):
    _inherit = "customer.ticket.move"

    # Playbooks ask for the newest moves every few minutes.
    _at_idx = models.Index("(at)")
