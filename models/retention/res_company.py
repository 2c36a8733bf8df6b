from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Days without contact after which a customer goes back to the pool, by tier; Key stays where it is.
DEFAULT_POOL_DAYS = {"high": 120, "medium": 90, "low": 60}


class ResCompany(models.Model):
    _inherit = "res.company"

    customer_winback_limit = fields.Monetary(
        "Worth Winning Back From",
        currency_field="currency_id",
        default=10_000,
        help="Net revenue of the customer's best twelve months. Whoever bought for at least this much "
        "and went silent is on the win-back list.",
    )
    customer_pool_on = fields.Boolean(
        "Public Pool",
        help="Customers whom nobody looks after can be claimed; those who are not contacted for long go "
        "back to the pool.",
    )
    customer_pool_since = fields.Date(
        readonly=True, help="Silence before this day does not count: nobody is surprised."
    )
    customer_pool_rule_ids = fields.One2many("customer.pool.rule", "company_id", "Back To The Pool")
    customer_pool_warn_days = fields.Integer(
        "Warn Ahead (Days)", default=7, help="The account manager gets a follow-up so long before."
    )
    customer_pool_protect_days = fields.Integer(
        "Protected (Days)",
        default=30,
        help="From the day on which it was claimed or assigned it does not go back for so long.",
    )
    customer_pool_max_held = fields.Integer(
        "Most Held",
        default=200,
        help="Customers one person may look after and still claim. 0: any.",
    )
    customer_pool_max_claims = fields.Integer(
        "Most Claims A Day", default=5, help="Of one person. 0: any."
    )

    @api.constrains(
        "customer_winback_limit",
        "customer_pool_warn_days",
        "customer_pool_protect_days",
        "customer_pool_max_held",
        "customer_pool_max_claims",
    )
    def _check_retention(self):
        names = [
            "customer_winback_limit",
            "customer_pool_warn_days",
            "customer_pool_protect_days",
            "customer_pool_max_held",
            "customer_pool_max_claims",
        ]
        for company in self:
            for name in names:
                if company[name] < 0:
                    raise ValidationError(
                        self.env._(
                            "%(field)s cannot be negative: choose 0 or more.",
                            field=self._fields[name]._description_string(self.env),
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.filtered("customer_pool_on")._begin_pool()
        return companies

    def write(self, vals):
        off = self.filtered(lambda company: not company.customer_pool_on)
        result = super().write(vals)
        if vals.get("customer_pool_on"):
            off._begin_pool()
        return result

    def _begin_pool(self):
        """Silence counts from today; with a rule for each tier but the highest, unless there are some."""
        tiers = self.env["customer.tier"].sudo().search([("code", "in", list(DEFAULT_POOL_DAYS))])
        for company in self:
            company.customer_pool_since = company._customer_today()
            if not company.sudo().customer_pool_rule_ids:
                self.env["customer.pool.rule"].sudo().create(
                    [
                        {
                            "company_id": company.id,
                            "tier_id": tier.id,
                            "days": DEFAULT_POOL_DAYS[tier.code],
                        }
                        for tier in tiers
                    ]
                )
