"""What stands out about a customer: at risk, unusually silent, how its silence reads.

What a word means is written once, as a domain that searches and filters alike.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import rhythm
from ..facts.customer_facts import YEAR

#: Tiers whose loss would hurt, and stages in which a customer is being lost.
VALUABLE_TIERS = ("key", "high")
LOSING_STAGES = ("decline", "lost")
#: A customer who began so many days after the year before did is still compared with it.
COMPARABLE_GRACE = 60
#: Rounds up nothing that is a whole day (see ``tools.rhythm``).
_EPSILON = 1e-9


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    revenue_comparable = fields.Boolean(
        compute="_compute_revenue_comparable",
        help="Whether the customer bought already when the year before began: else a change against "
        "it would say only that the customer is new.",
    )
    silence_text = fields.Char("Silence (Words)", compute="_compute_silence_text")
    is_at_risk = fields.Boolean(
        "At Risk",
        compute="_compute_is_at_risk",
        search="_search_is_at_risk",
        help="A key or high tier customer in decline or lost.",
    )
    is_unusually_silent = fields.Boolean(
        "Unusually Silent",
        compute="_compute_is_unusually_silent",
        search="_search_is_unusually_silent",
        help="Silent for more of its own usual intervals than the lifecycle limits call a decline.",
    )

    @api.model
    def _at_risk_domain(self) -> Domain:
        """Valuable customers that are being lost."""
        return Domain("value_tier_id.code", "in", VALUABLE_TIERS) & Domain(
            "lifecycle_stage_id.code", "in", LOSING_STAGES
        )

    @api.depends("value_tier_id.code", "lifecycle_stage_id.code")
    def _compute_is_at_risk(self):
        at_risk = self.filtered_domain(self._at_risk_domain())
        at_risk.is_at_risk = True
        (self - at_risk).is_at_risk = False

    def _search_is_at_risk(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._at_risk_domain()

    def _silence_limits(self) -> dict:
        """Per company of these customers: its today, and its lifecycle limits."""
        Limits = self.env["customer.lifecycle.policy"].sudo()
        return {
            company: (company._customer_today(), Limits._for_company(company)._kernel())
            for company in self.company_id
        }

    @api.depends("last_purchase_date", "expected_interval", "company_id")
    def _compute_is_unusually_silent(self):
        limits_of = self._silence_limits()
        for profile in self:
            today, limits = limits_of[profile.company_id]
            last = profile.last_purchase_date
            profile.is_unusually_silent = bool(last) and (today - last).days >= max(
                int(rhythm.last_day_within(limits.decline_silence, profile.expected_interval)) + 1,
                limits.decline_min_days,
            )

    def _search_is_unusually_silent(self, operator, value):
        if operator != "in":
            return NotImplemented
        Limits = self.env["customer.lifecycle.policy"].sudo()
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & self._unusual_silence_domain(
                company._customer_today(), Limits._for_company(company)._kernel()
            )
            for company in self.env.companies
        )

    @staticmethod
    def _unusual_silence_domain(today, limits) -> Domain:
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "COALESCE(%(last)s + GREATEST(floor(%(interval)s * %(limit)s + %(epsilon)s)::int "
                "+ 1, %(least)s) <= %(today)s, FALSE)",
                last=SQL.identifier(alias, "last_purchase_date"),
                interval=SQL.identifier(alias, "expected_interval"),
                limit=limits.decline_silence,
                epsilon=_EPSILON,
                least=limits.decline_min_days,
                today=today,
            ),
            predicate=lambda profile: profile.is_unusually_silent,
        )

    @api.depends("first_purchase_date", "revenue_previous", "as_of", "policy_id.window_days")
    def _compute_revenue_comparable(self):
        for profile in self:
            first = profile.first_purchase_date
            profile.revenue_comparable = (
                bool(first)
                and profile.revenue_previous > 0
                and (profile.as_of - first).days
                >= YEAR + profile.policy_id.window_days - COMPARABLE_GRACE
            )

    @api.depends("days_silent", "expected_interval", "last_purchase_date")
    @api.depends_context("lang")
    def _compute_silence_text(self):
        for profile in self:
            days, usual = profile.days_silent, round(profile.expected_interval)
            if not profile.last_purchase_date:
                profile.silence_text = self.env._("No purchase yet")
            elif not days:
                profile.silence_text = self.env._("Bought today, usually every %s days", usual)
            elif days == 1:
                profile.silence_text = self.env._("1 day, usually %s", usual)
            else:
                profile.silence_text = self.env._(
                    "%(days)s days, usually %(usual)s", days=days, usual=usual
                )
