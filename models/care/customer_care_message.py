from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .choices import CHANNELS, REASONS, VERDICTS


class CustomerCareMessage(models.Model):
    """A care message and the gate's verdict on it: one row for each contact, program and occasion.

    Rows are made by the job alone (``customer_care_plan``) and sent by the sender alone
    (``customer_care_send``). What was not sent stays here with the reason.
    """

    _name = "customer.care.message"
    _description = "Care Message"
    _order = "judged_on desc, id desc"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id.name", "address"]

    program_id = fields.Many2one(
        "customer.care.program", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    profile_id = fields.Many2one(
        "customer.profile", "Customer", required=True, readonly=True, ondelete="cascade", index=True
    )
    user_id = fields.Many2one(related="profile_id.user_id", string="Account Manager")
    # Kept without the contact where that is deleted
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True, ondelete="set null")
    purpose_id = fields.Many2one(
        "customer.consent.purpose", readonly=True, ondelete="restrict", index=True
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    address = fields.Char(readonly=True, help="The address or number it went to.")
    occasion_key = fields.Char(required=True, readonly=True)
    occasion_day = fields.Date("Occasion", readonly=True)
    judged_on = fields.Date("Date", required=True, readonly=True)
    latest_on = fields.Date(readonly=True, help="The last day on which it may still go out.")
    verdict = fields.Selection(VERDICTS, "Status", required=True, readonly=True)
    reason = fields.Selection(REASONS, "Why Not", readonly=True)
    problem = fields.Char(readonly=True, help="What the mail server or the template said.")
    exempt = fields.Boolean(readonly=True, help="Never to be held out, so not compared either.")
    send_after = fields.Datetime(readonly=True, help="After the customer's quiet hours.")
    attempted_at = fields.Datetime(readonly=True, help="When it was given to the mail server.")
    sent_at = fields.Datetime(readonly=True)
    answered_at = fields.Datetime("Answered", readonly=True)
    subject = fields.Char(readonly=True)
    mail_message_id = fields.Many2one(
        "mail.message", "Message", readonly=True, ondelete="set null", index="btree_not_null"
    )
    sms_uuid = fields.Char(readonly=True, index="btree_not_null")

    # Once for each contact and occasion, whoever tries
    _occasion_uniq = models.Constraint(
        "UNIQUE(program_id, partner_id, occasion_key)",
        "A contact gets one message of a program on an occasion.",
    )
    # What a contact had lately
    _partner_idx = models.Index("(partner_id, judged_on)")
    _address_idx = models.Index("(program_id, occasion_key, address)")
    _list_idx = models.Index("(judged_on DESC, id DESC)")
    _queue_idx = models.Index("(send_after, id) WHERE verdict = 'queued'")
    _handed_idx = models.Index("(attempted_at) WHERE verdict = 'handed'")

    @api.depends("program_id", "partner_id")
    def _compute_display_name(self):
        for message in self:
            message.display_name = (
                f"{message.partner_id.name or message.address}: {message.program_id.name}"
            )

    # ---- what templates may use ----------------------------------------------------------------

    def _customer_lang(self):
        return self.partner_id.lang or self.company_id.partner_id.lang or "en_US"

    def _greeting_name(self):
        return self.partner_id.name or self.profile_id.partner_id.name or ""

    def _sender_name(self):
        return self.profile_id.user_id.name or self.company_id.name

    def _years(self) -> int:
        """Whole years since the first purchase, on the day of the occasion."""
        first = self.profile_id.first_purchase_date
        return self.occasion_day.year - first.year if first and self.occasion_day else 0

    def _news(self):
        """The newest products, ten at most, in the categories that this customer buys."""
        self.ensure_one()
        program = self.program_id.sudo()
        week = self.occasion_day - timedelta(self.occasion_day.weekday() + program.lead_days)
        start = program.company_id._customer_day_start
        bought = dict.fromkeys(
            row["categ_id"]
            for row in self.env.execute_query_dict(program._bought_categories(self.occasion_day))
            if row["partner_id"] == self.profile_id.partner_id.id
        )
        rows = self.env.execute_query_dict(
            program._new_products(start(week), start(week + timedelta(7)))
        )
        ids = [row["id"] for row in rows if row["categ_id"] in bought]
        return self.env["product.template"].sudo().browse(ids[:10])

    # ---- by hand -------------------------------------------------------------------------------

    @api.model
    def _open_domain(self) -> Domain:
        """What is on its way."""
        return Domain("verdict", "in", ("queued", "handed"))

    def action_send_again(self):
        """Try once more what failed: through the gate, with the same identity."""
        self.env["customer.care.program"].check_access("write")
        failed = self.filtered(lambda message: message.verdict == "failed")
        if not failed:
            raise UserError(self.env._("Only what failed is sent again."))
        failed.sudo()._queue_again()

    def action_open_mail(self):
        """What was written, in the customer's own history."""
        self.check_access("read")
        self.ensure_one()
        return self.profile_id._get_records_action()
