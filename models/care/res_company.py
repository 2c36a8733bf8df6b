from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .ready_programs import READY


class ResCompany(models.Model):
    _inherit = "res.company"

    customer_care_email_week = fields.Integer("Care E-mails A Week", default=1)
    customer_care_email_month = fields.Integer("Care E-mails A Month", default=4)
    customer_care_sms_week = fields.Integer("Care SMS A Week", default=1)
    customer_care_sms_month = fields.Integer("Care SMS A Month", default=2)
    customer_care_quiet_from = fields.Float("Quiet From", default=20.0)
    customer_care_quiet_to = fields.Float("Quiet Until", default=8.0)
    customer_care_overdue_days = fields.Integer(
        "No Care When Overdue For", default=30, help="Days. 0: whatever is overdue."
    )

    @api.constrains(
        "customer_care_email_week",
        "customer_care_email_month",
        "customer_care_sms_week",
        "customer_care_sms_month",
        "customer_care_overdue_days",
        "customer_care_quiet_from",
        "customer_care_quiet_to",
    )
    def _check_customer_care(self):
        for company in self:
            if not all(
                0 <= moment < 24
                for moment in (company.customer_care_quiet_from, company.customer_care_quiet_to)
            ):
                raise ValidationError(
                    self.env._("Quiet hours are times of the day: between 0:00 and 23:59.")
                )
            numbers = ("email_week", "email_month", "sms_week", "sms_month", "overdue_days")
            if any(company[f"customer_care_{name}"] < 0 for name in numbers):
                raise ValidationError(
                    self.env._("Messages and days cannot be fewer than none. 0 means no limit.")
                )

    def _care_overdue_domain(self, today) -> Domain:
        """Invoices of this company that are overdue for so long that a greeting would be a mockery."""
        self.ensure_one()
        days = self.customer_care_overdue_days
        return (
            Domain("company_id", "=", self.id)
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("invoice_date_due", "<", fields.Date.subtract(today, days=days))
        )

    def _customer_set_up(self) -> None:
        result = super()._customer_set_up()
        self._care_set_up()
        return result

    @api.model
    def _care_set_up_all(self) -> None:
        """For companies that were there before; called by the data file."""
        self.search([("active", "in", (True, False))])._care_set_up()

    def _care_set_up(self) -> None:
        """Give companies without care programs the ready ones, as drafts: they write to nobody yet."""
        Program = self.env["customer.care.program"].sudo().with_context(active_test=False)
        if not self.env.ref("customer_success.occasion_birthday", raise_if_not_found=False):
            return  # the data that they are made from is being loaded
        for company in self:
            if Program.search_count([("company_id", "=", company.id)], limit=1):
                continue
            for ready in READY:
                program = Program.create(ready.values(self.env) | {"company_id": company.id})
                program._translate_name(ready.name)
