"""What is missing in a customer's record, and when somebody last asked whether it still holds.

Nothing of it is computed ahead: what is missing is read from the contact, what is due from the day of
the last verification and the customer's tier.
"""

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    data_verified_on = fields.Date(readonly=True)
    data_verified_user_id = fields.Many2one(
        "res.users", "Data Verified By", readonly=True, ondelete="set null"
    )
    data_due_on = fields.Date(
        "Verify By",
        compute="_compute_data_due_on",
        help="By the interval of the customer's tier. Empty: never verified, or never due.",
    )
    data_missing_ids = fields.Many2many(
        "customer.data.check",
        string="Missing",
        compute="_compute_data_missing_ids",
        search="_search_data_missing_ids",
    )
    is_data_due = fields.Boolean(
        "Verification Due",
        compute="_compute_is_data_due",
        search="_search_is_data_due",
        help="A customer with a tier whose data were never verified, or longer ago than its tier "
        "allows.",
    )
    is_data_to_verify = fields.Boolean(
        "Data To Verify",
        compute="_compute_is_data_to_verify",
        search="_search_is_data_to_verify",
        help="Something is missing, or a verification is due.",
    )

    # ---- due -----------------------------------------------------------------------------------

    @api.model
    def _data_due_domain(self, companies) -> Domain:
        """Customers whose data fall due today, by the interval of their tier."""
        Tier = self.env["customer.tier"].sudo().with_context(active_test=False)
        asked = Tier.search([("data_verify_days", ">", 0)])
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("value_tier_id", "=", tier.id)
            & (
                Domain("data_verified_on", "=", False)
                | Domain(
                    "data_verified_on",
                    "<=",
                    company._customer_today() - timedelta(days=tier.data_verify_days),
                )
            )
            for company in companies
            for tier in asked
        )

    @api.depends("data_verified_on", "value_tier_id.data_verify_days", "company_id")
    def _compute_is_data_due(self):
        due = self.filtered_domain(self._data_due_domain(self.company_id))
        due.is_data_due = True
        (self - due).is_data_due = False

    def _search_is_data_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._data_due_domain(self.env.companies)

    @api.depends("data_verified_on", "value_tier_id.data_verify_days")
    def _compute_data_due_on(self):
        for profile in self:
            days = profile.value_tier_id.data_verify_days
            known = profile.data_verified_on and days
            profile.data_due_on = known and profile.data_verified_on + timedelta(days=days)

    # ---- missing -------------------------------------------------------------------------------

    @api.depends("partner_id")
    def _compute_data_missing_ids(self):
        """One look at the contacts for each check, however many customers."""
        checks = self.env["customer.data.check"].search([("active", "=", True)])
        missing = {profile: [] for profile in self}
        for check in checks:
            lacking = self.partner_id.filtered_domain(check._domain())
            for profile in self:
                if profile.partner_id in lacking:
                    missing[profile].append(check.id)
        for profile in self:
            profile.data_missing_ids = missing[profile]

    def _search_data_missing_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        Check = self.env["customer.data.check"]
        everything = Check.search([("active", "=", True)])
        if operator == "any":
            return self._missing_domain(Check.search(value))
        chosen = Check.browse([item for item in value if item and item is not True])
        domain = self._missing_domain(chosen)
        if False in value:  # nothing is missing
            domain |= ~self._missing_domain(everything)
        return domain

    @api.model
    def _missing_domain(self, checks) -> Domain:
        """Customers who lack one of these."""
        return Domain.OR(Domain("partner_id", "any", check._domain()) for check in checks)

    # ---- to verify -----------------------------------------------------------------------------

    @api.depends("is_data_due", "data_missing_ids")
    def _compute_is_data_to_verify(self):
        for profile in self:
            profile.is_data_to_verify = bool(profile.is_data_due or profile.data_missing_ids)

    def _search_is_data_to_verify(self, operator, value):
        if operator != "in":
            return NotImplemented
        checks = self.env["customer.data.check"].search([("active", "=", True)])
        return self._data_due_domain(self.env.companies) | self._missing_domain(checks)

    def action_verify_data(self):
        """Somebody asked: what we know of these customers holds as of today."""
        self.check_access("read")
        if not self.env.user.has_group("customer_success.group_customer_own"):
            raise AccessError(self.env._("You may not verify the data of customers."))
        for company, profiles in self.grouped("company_id").items():
            profiles._set_verified(company._customer_today(), self.env.user)
        body = self.env._("Data verified.")
        self.sudo()._message_log_batch(
            bodies=dict.fromkeys(self.ids, body), author_id=self.env.user.partner_id.id
        )

    def _set_verified(self, day: date, user) -> None:
        """Only these columns, and not when the row was written: its figures are as old as before."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE customer_profile SET data_verified_on = %s, data_verified_user_id = %s"
                " WHERE id = ANY(%s)",
                day,
                user.id or None,
                self.ids,
            )
        )
        self.invalidate_recordset(["data_verified_on", "data_verified_user_id"])
        self.modified(["data_verified_on"])
