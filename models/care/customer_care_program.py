from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..segment import conditions
from .choices import CHANNELS, REASONS, VERDICTS


class CustomerCareProgram(models.Model):
    """Whom to write to, when, what and within which limits.

    A running program is looked at every few minutes. Everybody who is due
    (``customer_care_due``) gets a row in ``customer.care.message`` with the gate's verdict
    (``customer_care_gate``): to be sent, or why not. What was missed before the program was started or
    while it paused is not made up for.
    """

    _name = "customer.care.program"
    _inherit = ["customer.kept.fields", "mail.thread"]
    _description = "Care Program"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(
        default=10, help="Where caps leave room for one message only, the first program gets it."
    )
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("running", "In use"), ("paused", "Paused")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )

    # Who
    segment_id = fields.Many2one(
        "customer.segment",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="[('company_id', 'in', [False, company_id])]",
        help="Empty: all customers.",
    )
    recipients = fields.Selection(
        [("main", "One contact of the customer"), ("contacts", "All contacts of the customer")],
        default="main",
        required=True,
        help="One contact: the customer itself, or the first of its contacts with an address. A "
        "birthday is always its own contact's.",
    )
    audience_count = fields.Integer("Customers", compute="_compute_audience")
    audience_problem = fields.Char(compute="_compute_audience")

    # When
    occasion_id = fields.Many2one(
        "customer.occasion", required=True, ondelete="restrict", index=True, tracking=True
    )
    kind = fields.Selection(related="occasion_id.kind")
    lacks_dates = fields.Boolean(related="occasion_id.lacks_dates")
    lead_days = fields.Integer("Days Before", help="How many days before the occasion it is sent.")
    grace_days = fields.Integer(
        "Days Late",
        default=3,
        help="What could not be sent on its day, for instance because the server was down, is still "
        "sent within so many days. Later it is skipped, and the list says so.",
    )
    started_on = fields.Date(readonly=True, copy=False)
    planned_until = fields.Date("Looked At Until", readonly=True, copy=False)

    # What
    channel = fields.Selection(CHANNELS, default="email", required=True, tracking=True)
    mail_template_id = fields.Many2one(
        "mail.template",
        "E-mail Template",
        ondelete="restrict",
        domain="[('model', '=', 'customer.care.message')]",
        tracking=True,
    )
    sms_template_id = fields.Many2one(
        "sms.template",
        "SMS Template",
        ondelete="restrict",
        domain="[('model', '=', 'customer.care.message')]",
    )
    advice = fields.Text(
        "What To Say", translate=True, help="Stands on the card of whoever follows it up."
    )
    purpose_id = fields.Many2one(
        "customer.consent.purpose",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
        help="Contacts allow or refuse messages by purpose.",
    )

    # Limits
    min_days = fields.Integer(
        "Days Between Two",
        help="This program writes to a contact at most once in so many days. 0: as often as the "
        "occasion comes. Limits for all programs together are in the settings.",
    )
    own_quiet_hours = fields.Boolean(help="Otherwise the company's.")
    quiet_from = fields.Float(default=20.0)
    quiet_to = fields.Float("Quiet Until", default=8.0)
    holdout_percent = fields.Float(
        "Held Out (%)",
        tracking=True,
        help="Percent of those who would get it that do not, so that its effect can be measured. "
        "Key accounts always get it.",
    )
    effect_days = fields.Integer(
        "Effect Within (Days)",
        default=30,
        help="Days after the message in which purchases are counted.",
    )

    # What came of it
    message_count = fields.Integer("Care Messages", compute="_compute_counts")
    sent_count = fields.Integer("Went Out", compute="_compute_counts")
    refused_count = fields.Integer("Not Sent", compute="_compute_counts")
    answered_count = fields.Integer("Answered", compute="_compute_counts")
    counts_text = fields.Text(compute="_compute_counts")

    _days_positive = models.Constraint(
        "CHECK (lead_days BETWEEN 0 AND 60 AND grace_days BETWEEN 0 AND 30 AND min_days >= 0)",
        "Days before lie between 0 and 60, days late between 0 and 30.",
    )
    _holdout_share = models.Constraint(
        "CHECK (holdout_percent >= 0 AND holdout_percent <= 50)",
        "Between 0 and 50 percent can be held out.",
    )
    _effect_positive = models.Constraint(
        "CHECK (effect_days > 0)", "An effect needs at least one day to show."
    )

    @api.constrains("holdout_percent", "purpose_id")
    def _check_holdout(self):
        for program in self:
            if program.holdout_percent and program.purpose_id.never_held_out:
                raise ValidationError(
                    self.env._(
                        "%(program)s: messages about “%(purpose)s” go to everybody, nobody is held "
                        "out. Set the share to 0, or choose another purpose.",
                        program=program.name,
                        purpose=program.purpose_id.name,
                    )
                )

    @api.constrains("quiet_from", "quiet_to")
    def _check_quiet_hours(self):
        for program in self:
            if not all(0 <= moment < 24 for moment in (program.quiet_from, program.quiet_to)):
                raise ValidationError(
                    self.env._("Quiet hours are times of the day: between 0:00 and 23:59.")
                )

    @api.constrains("segment_id", "company_id")
    def _check_segment_company(self):
        for program in self:
            other = program.segment_id.company_id
            if other and other != program.company_id:
                raise ValidationError(
                    self.env._(
                        "%(program)s: the segment “%(segment)s” belongs to %(company)s. Choose one "
                        "of the program's own company.",
                        program=program.name,
                        segment=program.segment_id.name,
                        company=other.name,
                    )
                )

    # ---- shown ---------------------------------------------------------------------------------

    @api.depends("segment_id", "company_id")
    def _compute_audience(self):
        """As many as the reader may see; also before the program is saved."""
        for program in self:
            here = program.with_context(allowed_company_ids=program.company_id.ids)
            found, problem = conditions.attempt(
                self.env,
                lambda here=here: here.env["customer.profile"].search_count(
                    here._audience_domain()
                ),
            )
            program.audience_count = found or 0
            program.audience_problem = problem

    def _compute_counts(self):
        groups = self.env["customer.care.message"]._read_group(
            [("program_id", "in", self.ids)],
            ["program_id", "verdict", "reason"],
            ["__count", "answered_at:count"],
        )
        by_program: dict = {}
        for program, verdict, reason, count, answered in groups:
            by_program.setdefault(program, []).append((verdict, reason, count, answered))
        for program in self:
            rows = by_program.get(program._origin, [])
            program.message_count = sum(count for *__, count, __ in rows)
            program.sent_count = sum(c for v, __, c, __ in rows if v in ("handed", "sent"))
            program.refused_count = sum(c for v, __, c, __ in rows if v == "refused")
            program.answered_count = sum(answered for *__, answered in rows)
            program.counts_text = "\n".join(
                f"{label}: {count}" for label, count in self._count_lines(rows)
            )

    @api.model
    def _count_lines(self, rows) -> list:
        """``(label, count)`` in a fixed order, reasons below their verdict."""
        Message = self.env["customer.care.message"]
        verdicts = dict(Message._fields["verdict"]._description_selection(self.env))
        reasons = dict(Message._fields["reason"]._description_selection(self.env))
        lines = []
        for verdict, __ in VERDICTS:
            for reason in (False, *(code for code, __ in REASONS)):
                count = sum(
                    c for v, why, c, *__ in rows if v == verdict and (why or False) == reason
                )
                if count:
                    label = verdicts[verdict]
                    if reason and verdict != "held_out":
                        label = f"{label}: {reasons[reason]}"
                    lines.append((label, count))
        return lines

    # ---- starting and stopping -----------------------------------------------------------------

    @api.model
    def _kept_sentence(self, labels):
        return self.env._(
            "%(fields)s: a program is started and paused by its buttons, which see whether it can "
            "run; not by hand.",
            fields=labels,
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_kept(vals)
        return super().write(vals)

    def action_run(self):
        """Start, or go on after a pause; what was missed until now is not made up for."""
        self.check_access("write")
        for program in self:
            program._check_can_run()
            program.sudo().write(
                {
                    "state": "running",
                    "started_on": program.company_id._customer_today(),
                    "planned_until": False,
                }
            )
        self.env.ref("customer_success.ir_cron_care")._trigger()

    def action_pause(self):
        self.check_access("write")
        self.sudo().write({"state": "paused"})

    def _check_can_run(self):
        """:raises UserError: naming what is missing"""
        self.ensure_one()
        missing = {
            "email": not self.mail_template_id and self.env._("an e-mail template"),
            "sms": not self.sms_template_id and self.env._("an SMS template"),
            "followup": False,
        }[self.channel]
        if missing:
            raise UserError(
                self.env._("%(program)s needs %(missing)s.", program=self.name, missing=missing)
            )
        if self.lacks_dates:
            raise UserError(
                self.env._(
                    "“%s” has no day to come. Open the occasion, and enter its days or the country in "
                    "whose calendar it is.",
                    self.occasion_id.name,
                )
            )
        if self.audience_problem:
            raise UserError(self.audience_problem)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_written(self):
        if (
            self.env["customer.care.message"]
            .sudo()
            .search_count([("program_id", "in", self.ids)], limit=1)
        ):
            raise UserError(
                self.env._("What this program wrote to customers is kept. Archive it instead.")
            )

    def _translate_name(self, name):
        """Put a ready program's name in all languages that are there.

        :param name: a lazy translation
        """
        languages = {code for code, __ in self.env["res.lang"].get_installed()} - {"en_US"}
        if languages:
            self.update_field_translations(
                "name", {code: name._translate(code) for code in languages}
            )

    # ---- where it leads ------------------------------------------------------------------------

    def action_try(self):
        """Who would get it, who would not and why: nothing is sent."""
        self.check_access("read")
        self.ensure_one()
        trial = self.env["customer.care.trial"].create({"program_id": self.id})
        trial._fill()
        return trial._reopened()

    def action_open_messages(self):
        self.check_access("read")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_success.customer_care_message_action"
            ),
            "domain": [("program_id", "in", self.ids)],
            "context": {},
            "display_name": self.name if len(self) == 1 else self.env._("Care Messages"),
        }

    def action_open_audience(self):
        """Its customers in the ordinary list."""
        self.check_access("read")
        self.ensure_one()
        domain = [("company_id", "=", self.company_id.id)]
        if self.segment_id:
            domain.append(("segment_ids", "in", self.segment_id.ids))
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_success.customer_profile_action"
            ),
            "view_mode": "list,kanban,form",
            "views": [(False, view) for view in ("list", "kanban", "form")],
            "display_name": self.name,
            "domain": domain,
            "context": {},
        }
