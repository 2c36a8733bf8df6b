from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .choices import TRIGGERS


class CustomerPlaybook(models.Model):
    """What to do when something happens to a customer: when, for whom, which steps, until what.

    A playbook that is on looks at what happened since it was turned on, never further back. Whoever it
    is for is enrolled once for each cause (``customer.playbook.enrolment``) with a plan of its own, so
    that changing the steps changes nothing for those who are in it.
    """

    _name = "customer.playbook"
    _inherit = ["customer.kept.fields", "mail.thread"]
    _description = "Playbook"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Text(translate=True, help="What it is for, in your own words.")
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="cascade", help="Empty: for every company."
    )

    # When
    trigger = fields.Selection(
        TRIGGERS, "When a Customer", required=True, default="stage_enter", tracking=True
    )
    stage_id = fields.Many2one(
        "customer.lifecycle.stage", ondelete="restrict", index=True, tracking=True
    )
    silence = fields.Float(
        "Usual Intervals",
        default=1.5,
        digits=(6, 2),
        tracking=True,
        help="1.5: nothing bought for one and a half times the days that usually lie between two of "
        "this customer's purchases.",
    )
    date_field_id = fields.Many2one(
        "ir.model.fields",
        "Date",
        ondelete="cascade",
        domain=[
            ("model", "in", ("customer.profile", "res.partner")),
            ("ttype", "=", "date"),
            ("store", "=", True),
            ("company_dependent", "=", False),
        ],
        tracking=True,
    )
    yearly = fields.Boolean("Every Year", default=True, tracking=True)
    days_ahead = fields.Integer(tracking=True)
    with_rules = fields.Boolean(
        "Also By New Rules",
        tracking=True,
        help="Also when a new policy or new limits moved the customer, not only its purchases and "
        "time. New rules may move very many at once.",
    )

    # For whom
    tier_ids = fields.Many2many(
        "customer.tier",
        "customer_playbook_tier_rel",
        "playbook_id",
        "tier_id",
        string="Tiers",
        help="Empty: all. Of a customer who falls, the tier it had counts; of one who rises, the tier "
        "it reached.",
    )
    segment_id = fields.Many2one("customer.segment", ondelete="restrict", index="btree_not_null")

    # What
    step_ids = fields.One2many("customer.playbook.step", "playbook_id", "Steps", copy=True)

    # Until
    stop_ordered = fields.Boolean("It Orders", default=True, tracking=True)
    stop_left = fields.Boolean(
        "It Is No Longer So",
        default=True,
        tracking=True,
        help="It left the stage that it entered, or has its tier back.",
    )
    stop_asked = fields.Boolean(
        "It Asks To Stop",
        default=True,
        tracking=True,
        help="Its address is on the list of those who want no mail, or somebody noted that it asked. "
        "Whoever asked is never enrolled in this playbook again.",
    )

    # On and off
    is_on = fields.Boolean("Turned On", readonly=True, copy=False, tracking=True)
    on_since = fields.Datetime(readonly=True, copy=False)
    catch_up = fields.Boolean(
        readonly=True,
        copy=False,
        help="Those who were in it when it was turned on are enrolled too.",
    )
    error = fields.Char("Does Not Work", readonly=True, copy=False)

    @api.constrains("trigger", "stage_id", "silence", "date_field_id", "days_ahead")
    def _check_trigger(self):
        for playbook in self:
            if playbook.trigger in ("stage_enter", "stage_leave") and not playbook.stage_id:
                raise ValidationError(self.env._("Choose which stage it is about."))
            if playbook.trigger == "silent" and not 0 < playbook.silence <= 100:
                raise ValidationError(
                    self.env._("Silence is counted in usual intervals: choose a number above 0.")
                )
            if playbook.trigger == "date":
                playbook._check_date()

    def _check_date(self):
        field = self.date_field_id.sudo()
        if not field:
            raise ValidationError(self.env._("Choose which date it is about."))
        if (
            field.model not in ("customer.profile", "res.partner")
            or field.ttype != "date"
            or not field.store
            or field.company_dependent
        ):
            raise ValidationError(
                self.env._("Choose a stored date of the customer or of its contact.")
            )
        if not 0 <= self.days_ahead <= 300:
            raise ValidationError(
                self.env._("A date is met on its day or up to 300 days ahead: choose 0 to 300.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        """One that comes with the addon switched on starts now, like one that a person turns on."""
        for vals in vals_list:
            self._refuse_kept(vals)
            if vals.get("is_on"):
                vals.setdefault("on_since", self.env.cr.now())
        return super().create(vals_list)

    def write(self, vals):
        """What it is about changed: start anew from now, and see nobody of before."""
        self._refuse_kept(vals)
        result = super().write(vals)
        if {
            "trigger",
            "stage_id",
            "silence",
            "date_field_id",
            "days_ahead",
            "yearly",
        } & vals.keys():
            running = self.filtered("is_on")
            if running:
                running._turn_on()
        if vals.get("active") is False:
            self.filtered("is_on")._turn_off()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        Enrolment = self.env["customer.playbook.enrolment"].sudo()
        if Enrolment.search_count([("playbook_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Customers are or were in this playbook. Archive it instead.")
            )

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", playbook.name)}
            for playbook, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # ---- on and off ----------------------------------------------------------------------------

    @api.model
    def _kept_sentence(self, labels):
        return self.env._(
            "%(fields)s: a playbook is turned on and off by its buttons, which ask from when; not by "
            "hand.",
            fields=labels,
        )

    def _turn_on(self, catch_up=False):
        """Start from now.

        :param catch_up: enrol those who are in it now, too; the scheduled action does it in batches
        """
        self.check_access("write")
        for playbook in self:
            if not playbook.step_ids:
                raise UserError(
                    self.env._("%s has no steps yet: add what is to be done.", playbook.name)
                )
        self.env["customer.playbook.progress"].sudo().search(
            [("playbook_id", "in", self.ids)]
        ).unlink()
        self.sudo().write(
            {"is_on": True, "on_since": self.env.cr.now(), "catch_up": catch_up, "error": False}
        )
        self._soon()

    def _turn_off(self):
        self.check_access("write")
        self.sudo().write({"is_on": False, "catch_up": False})

    def _soon(self):
        cron = self.env.ref("customer_success.ir_cron_playbook", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()

    def action_turn_on(self):
        """Ask from when: from now on, or also those who are in it now, whose number is shown."""
        self.check_access("write")
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.customer_playbook_start_action"
        ) | {"context": {"default_playbook_id": self.id}}

    def action_turn_off(self):
        """Nobody enters any more; those who are in it go on with their plan."""
        self.check_access("write")
        self._turn_off()

    def action_end_all(self):
        """End it for everybody who is in it, and take back what is still open."""
        self.check_access("write")
        Enrolment = self.env["customer.playbook.enrolment"]
        running = Enrolment.sudo().search(
            Enrolment._open_domain() & fields.Domain("playbook_id", "in", self.ids)
        )
        running._end("off")
