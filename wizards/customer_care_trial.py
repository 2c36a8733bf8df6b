from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.care.choices import REASONS

#: Customers listed for each verdict; counted are all.
_LISTED = 100
#: Due rows that a trial judges; what is beyond is said.
_JUDGED = 200_000

VERDICTS = [("queued", "Would get it"), ("held_out", "Would be held out"), ("refused", "Would not")]


class CustomerCareTrial(models.TransientModel):
    """Who would get a program's message, who not and why. Nothing is sent and nothing stored."""

    _name = "customer.care.trial"
    _description = "Try A Care Program"

    program_id = fields.Many2one("customer.care.program", required=True, ondelete="cascade")
    channel = fields.Selection(related="program_id.channel")
    kind = fields.Selection(related="program_id.kind")
    ahead = fields.Selection(
        [("0", "Today"), ("7", "The next 7 days"), ("30", "The next 30 days")],
        "When",
        default="0",
        required=True,
    )
    due_count = fields.Integer("Due", readonly=True)
    send_count = fields.Integer("Would Get It", readonly=True)
    headline = fields.Char(compute="_compute_headline")
    summary = fields.Json(readonly=True)
    summary_text = fields.Text("Why Not", readonly=True)
    line_ids = fields.One2many("customer.care.trial.line", "trial_id", readonly=True)
    truncated = fields.Boolean(readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        "As Seen By",
        help="The message as this contact would get it, in its language.",
    )
    preview_subject = fields.Char(compute="_compute_preview")
    preview_body = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("due_count", "send_count")
    def _compute_headline(self):
        for trial in self:
            trial.headline = (
                self.env._(
                    "%(send)s of %(due)s who are due would get it.",
                    send=trial.send_count,
                    due=trial.due_count,
                )
                if trial.due_count
                else self.env._("Nobody is due in these days.")
            )

    # ---- who -----------------------------------------------------------------------------------

    @api.onchange("ahead")
    def _onchange_ahead(self):
        if self._origin:
            self._origin.ahead = self.ahead
            self._origin._fill()
            for name in (
                "due_count",
                "send_count",
                "summary",
                "summary_text",
                "truncated",
                "line_ids",
            ):
                self[name] = self._origin[name]

    def _fill(self):
        """Judge everybody who is due in the days chosen, as the job will."""
        self.ensure_one()
        program = self.program_id.sudo()
        today = program.company_id._customer_today()
        span = program._span(today, int(self.ahead))
        self.env.flush_all()
        rows = self.env.execute_query_dict(program._due(span, _JUDGED)) if span else []
        judged = program._judge(rows, fields.Datetime.now()) if rows else None
        counts: dict = {}
        lines = []
        for place, row in enumerate(rows):
            reason = judged.said(place)
            counts[reason] = counts.get(reason, 0) + 1
            if counts[reason] <= _LISTED:
                lines.append(
                    {
                        "trial_id": self.id,
                        "partner_id": row["partner_id"],
                        "day": row["occasion_day"] - timedelta(program.lead_days),
                        "verdict": {None: "queued", "held_out": "held_out"}.get(reason, "refused"),
                        "reason": reason,
                        "address": judged.address[place],
                    }
                )
        self.line_ids.unlink()
        self.env["customer.care.trial.line"].create(
            sorted(lines, key=lambda line: (line["reason"] is not None, line["day"]))
        )
        labels = dict(
            self.env["customer.care.trial.line"]._fields["reason"]._description_selection(self.env)
        )
        self.write(
            {
                "due_count": len(rows),
                "send_count": counts.get(None, 0),
                "summary": {reason or "send": count for reason, count in counts.items()},
                "summary_text": "\n".join(
                    f"{labels[reason]}: {counts[reason]}"
                    for reason, __ in REASONS
                    if reason in counts
                ),
                "truncated": any(count > _LISTED for count in counts.values())
                or len(rows) == _JUDGED,
                "partner_id": self.partner_id.id or self._somebody(lines),
            }
        )

    def _somebody(self, lines):
        """A real customer to preview it for: one who would get it, otherwise one of the audience."""
        for line in sorted(lines, key=lambda line: line["reason"] is not None):
            return line["partner_id"]
        program = self.program_id
        here = program.with_context(allowed_company_ids=program.company_id.ids)
        profile = here.env["customer.profile"].search(program._audience_domain(), limit=1)
        contacts = profile.partner_id.child_ids.filtered(lambda contact: contact.type == "contact")
        return (contacts[:1] or profile.partner_id).id

    # ---- what ----------------------------------------------------------------------------------

    @api.depends("partner_id", "program_id")
    def _compute_preview(self):
        for trial in self:
            trial.preview_subject, trial.preview_body = False, False
            if not trial.partner_id:
                continue
            try:
                trial.preview_subject, trial.preview_body = trial._with_message(
                    lambda message: message._preview()
                )
            except (UserError, ValueError) as error:
                trial.preview_body = str(error)

    def _with_message(self, work):
        """``work(message)`` on a message to the chosen contact that is gone again afterwards."""
        program = self.program_id.sudo()
        partner = self.partner_id
        profile = (
            self.env["customer.profile"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", partner.commercial_partner_id.id),
                    ("company_id", "=", program.company_id.id),
                ]
            )
        )
        if not profile:
            raise UserError(self.env._("Choose a contact of one of this company's customers."))
        self.env.flush_all()
        found = None
        with self.env.cr.savepoint() as savepoint:
            message = (
                self.env["customer.care.message"]
                .sudo()
                .with_context(tracking_disable=True)
                .create(
                    {
                        "program_id": program.id,
                        "company_id": program.company_id.id,
                        "profile_id": profile.id,
                        "partner_id": partner.id,
                        "purpose_id": program.purpose_id.id,
                        "channel": program.channel,
                        "occasion_key": f"trial:{self.id}",
                        "occasion_day": program.company_id._customer_today(),
                        "judged_on": program.company_id._customer_today(),
                        "verdict": "held_out",
                        "address": partner.email_normalized,
                    }
                )
            )
            found = work(message)
            savepoint.rollback()
        return found

    def action_send_to_me(self):
        """The message as the chosen contact would get it, to one's own address."""
        self.ensure_one()
        user = self.env.user
        if not user.email_normalized:
            raise UserError(
                self.env._("You have no e-mail address. Enter one in your preferences.")
            )
        if self.channel != "email" or not self.program_id.mail_template_id:
            raise UserError(self.env._("Only an e-mail with a template can be sent to you."))
        self._mail_to(user)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("On its way to %s.", user.email_normalized),
            },
        }

    def _mail_to(self, user):
        subject, body = self._with_message(lambda message: message._preview())
        self.env["customer.care.message"].sudo()._send_to_me(
            user, self.program_id.company_id, subject, body
        )

    def _reopened(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try: %s", self.program_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }


class CustomerCareTrialLine(models.TransientModel):
    _name = "customer.care.trial.line"
    _description = "Customer In A Trial"
    _order = "id"

    trial_id = fields.Many2one("customer.care.trial", required=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one("res.partner", "Contact", required=True, ondelete="cascade")
    customer_id = fields.Many2one(related="partner_id.commercial_partner_id", string="Customer")
    day = fields.Date("Sent On")
    verdict = fields.Selection(VERDICTS, required=True)
    reason = fields.Selection(REASONS, "Why Not")
    address = fields.Char()
