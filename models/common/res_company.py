from datetime import date, datetime, time

import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    customer_fact_source = fields.Selection(
        [
            ("invoice", "Posted invoices less credit notes"),
            ("order", "Confirmed sales orders less their credit notes"),
        ],
        string="Purchases Are",
        default="invoice",
        required=True,
        help="The documents from which customer figures are made. Changing it recomputes every "
        "customer of the company.",
    )

    def _customer_timezone(self) -> str:
        """The time zone in which this company's days begin."""
        self.ensure_one()
        return self.partner_id.tz or "UTC"

    def _customer_today(self) -> date:
        """Today on this company's calendar: the default ``as_of`` of its runs."""
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(pytz.timezone(self._customer_timezone())).date()

    def _customer_day_start(self, day: date) -> datetime:
        """The moment at which ``day`` begins in this company, in UTC."""
        midnight = pytz.timezone(self._customer_timezone()).localize(datetime.combine(day, time()))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)
