from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: What a partner shows of its profile in the active company: partner field -> profile field.
SHOWN = {
    "customer_profile_id": "id",
    "value_tier_id": "value_tier_id",
    "lifecycle_stage_id": "lifecycle_stage_id",
}
GROUPS = "customer_success.group_customer_own"


class ResPartner(models.Model):
    """A window on the customer's profile: nothing is stored on the partner.

    A nightly write on contacts would collide with people posting invoices. The fields below read the
    profile of the commercial partner in the active company, and can be filtered, grouped and sorted
    by through one join on the profile's unique index.
    """

    _inherit = "res.partner"

    customer_profile_id = fields.Many2one(
        "customer.profile",
        compute="_compute_customer_profile",
        search="_search_customer_profile_id",
        groups=GROUPS,
    )
    value_tier_id = fields.Many2one(
        "customer.tier",
        compute="_compute_customer_profile",
        search="_search_value_tier_id",
        groups=GROUPS,
    )
    lifecycle_stage_id = fields.Many2one(
        "customer.lifecycle.stage",
        compute="_compute_customer_profile",
        search="_search_lifecycle_stage_id",
        groups=GROUPS,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")  # of the user, since rules say which profiles it reads
    def _compute_customer_profile(self):
        profiles = self.env["customer.profile"].search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("active", "in", [True, False]),
            ],
            ["partner_id", "value_tier_id", "lifecycle_stage_id"],
        )
        by_partner = profiles.grouped("partner_id")
        for partner in self:
            profile = by_partner.get(partner.commercial_partner_id, profiles.browse())
            partner.customer_profile_id = profile
            partner.value_tier_id = profile.value_tier_id
            partner.lifecycle_stage_id = profile.lifecycle_stage_id

    def _search_customer_profile_id(self, operator, value):
        return self._search_on_profile("id", operator, value)

    def _search_value_tier_id(self, operator, value):
        return self._search_on_profile("value_tier_id", operator, value)

    def _search_lifecycle_stage_id(self, operator, value):
        return self._search_on_profile("lifecycle_stage_id", operator, value)

    def _search_on_profile(self, field_name, operator, value):
        """Partners whose profile in the active company, readable by this user, matches."""
        if operator not in ("in", "any"):
            return NotImplemented
        Profile = self.env["customer.profile"].with_context(active_test=False)
        own = Domain("company_id", "=", self.env.company.id)
        if operator == "any":
            return self._with_profile(Profile, own & Domain(field_name, "any", value))
        chosen = [item for item in value if item]
        domain = self._with_profile(Profile, own & Domain(field_name, "in", chosen))
        if len(chosen) < len(value):  # False: no profile, or one without a value
            some = self._with_profile(Profile, own & Domain(field_name, "!=", False))
            domain |= ~some
        return domain

    @staticmethod
    def _with_profile(Profile, domain):
        query = Profile._search(domain)
        return Domain(
            "commercial_partner_id",
            "in",
            query.subselect(SQL.identifier(query.table, "partner_id")),
        )

    def _profile_column(self, alias, field_name, query):
        """Join the active company's profile of each partner; the SQL of what it shows there."""
        field = self._fields[field_name]
        self._check_field_access(field, "read")
        Profile = self.env["customer.profile"].with_context(active_test=False)
        readable = Profile._search(Domain("company_id", "=", self.env.company.id))
        joined = query.make_alias(alias, "customer_profile")
        query.add_join(
            "LEFT JOIN",
            joined,
            readable.subselect(SQL("%s.*", SQL.identifier(Profile._table))),
            SQL(
                "%s = %s",
                SQL.identifier(joined, "partner_id"),
                SQL.identifier(alias, "commercial_partner_id"),
            ),
        )
        return SQL.identifier(joined, SHOWN[field_name])

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr in SHOWN and query is not None:
            return self._profile_column(alias, field_expr, query)
        return super()._field_to_sql(alias, field_expr, query)

    def action_open_customer_profile(self):
        self.ensure_one()
        return self.customer_profile_id._get_records_action()
