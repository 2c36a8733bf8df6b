from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import lifecycle, tiers
from ..common.fields import LooseMany2one

_TIER_REASONS = [(reason.name.lower(), reason.name) for reason in tiers.TierReason]
_STAGE_REASONS = [(reason.name.lower(), reason.name) for reason in lifecycle.StageReason]


class CustomerProfile(models.Model):
    """A customer as one company sees it: one row per (company, commercial partner).

    Written by runs alone (``models/run``): what a person decides is stored in the ``manual_``
    fields, and the run lets it outrank what it computed. Facts and decisions are those of ``as_of``;
    they stay true until ``next_change_date``, unless a document changes.
    """

    _name = "customer.profile"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Customer"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id.name", "partner_id.ref", "partner_id.vat"]
    _order = "revenue desc, id desc"
    _mail_post_access = "read"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    active = fields.Boolean(related="partner_id.active", store=True, string="Contact Active")
    user_id = fields.Many2one(
        related="partner_id.user_id", store=True, string="Account Manager", index="btree_not_null"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    image_128 = fields.Image(related="partner_id.image_128")
    avatar_128 = fields.Image(related="partner_id.avatar_128")
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")

    # Facts
    first_purchase_date = fields.Date("First Purchase", readonly=True)
    last_purchase_date = fields.Date("Last Purchase", readonly=True)
    purchase_count = fields.Integer(
        "Purchases",
        readonly=True,
        help="Days with a purchase in the policy's window. Several documents of one day count once.",
    )
    purchase_count_life = fields.Integer("Purchases Ever", readonly=True)
    invoice_count = fields.Integer("Documents", readonly=True, help="Sales in the window.")
    credit_note_count = fields.Integer("Credit Notes", readonly=True)
    revenue = fields.Monetary(
        readonly=True,
        help="Net of credit notes, without taxes, in company currency at each document's date, in "
        "the policy's window.",
    )
    revenue_previous = fields.Monetary(
        "Revenue The Year Before", readonly=True, help="In the same window one year before."
    )
    revenue_life = fields.Monetary("Revenue Ever", readonly=True)
    credited = fields.Monetary(readonly=True, help="Credit notes in the window.")
    mean_interval = fields.Float(
        "Days Between Purchases",
        readonly=True,
        digits=(8, 2),
        aggregator="avg",
        help="Mean over the customer's whole history.",
    )
    recent_interval = fields.Float(
        "Days Between Recent Purchases",
        readonly=True,
        digits=(8, 2),
        aggregator="avg",
        help="Mean over the purchases in the window.",
    )
    expected_interval = fields.Float(
        "Usual Interval",
        readonly=True,
        digits=(8, 2),
        aggregator="avg",
        help="The customer's mean interval in days, drawn towards the company's median as if two "
        "median intervals had been seen besides its own.",
    )
    trend_purchases = fields.Integer(
        "Recent Purchases", readonly=True, help="Days with a purchase in the trend's window."
    )
    trend_recent = fields.Monetary("Recent Spend", readonly=True)
    trend_prior = fields.Monetary("Spend One Year Before", readonly=True)
    trend_usual = fields.Monetary(
        "Usual Spend", readonly=True, help="The last 52 weeks, from which the usual spend is taken."
    )
    trend_known = fields.Boolean(readonly=True)
    trend_ratio = fields.Float(
        "Trend",
        readonly=True,
        digits=(8, 4),
        aggregator="avg",
        help="Recent spend against the same days one year before, the company's own market divided "
        "out. 1 is as before.",
    )

    # Value
    policy_id = LooseMany2one(
        "customer.value.policy", readonly=True, ondelete="restrict", help="Scored by this policy."
    )
    recency_level = fields.Integer(readonly=True, aggregator="avg")
    frequency_level = fields.Integer(readonly=True, aggregator="avg")
    monetary_level = fields.Integer(readonly=True, aggregator="avg")
    value_score = fields.Float(readonly=True, digits=(7, 4), aggregator="avg")
    computed_tier_id = LooseMany2one("customer.tier", readonly=True, ondelete="restrict")
    tier_reason = fields.Selection(_TIER_REASONS, readonly=True)
    tier_below_since = fields.Date(
        "Below Its Tier Since", readonly=True, help="A downgrade waits since this day."
    )
    value_tier_id = LooseMany2one(
        "customer.tier",
        readonly=True,
        ondelete="restrict",
        group_expand="_read_group_expand_full",
        help="Chosen by hand where somebody did, computed otherwise.",
    )
    tier_since = fields.Date(readonly=True)
    tier_manual = fields.Boolean("Tier Set By Hand", readonly=True)
    manual_tier_id = fields.Many2one("customer.tier", readonly=True, ondelete="restrict")
    manual_tier_reason = fields.Char(readonly=True)
    manual_tier_user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    manual_tier_until = fields.Date(readonly=True, help="The last day on which it holds.")

    # Lifecycle
    computed_stage_id = LooseMany2one(
        "customer.lifecycle.stage", readonly=True, ondelete="restrict"
    )
    stage_reason = fields.Selection(_STAGE_REASONS, readonly=True)
    lifecycle_stage_id = LooseMany2one(
        "customer.lifecycle.stage",
        readonly=True,
        ondelete="restrict",
        group_expand="_read_group_expand_full",
        help="Chosen by hand where somebody did, computed otherwise.",
    )
    stage_since = fields.Date(readonly=True)
    stage_manual = fields.Boolean("Stage Set By Hand", readonly=True)
    manual_stage_id = fields.Many2one(
        "customer.lifecycle.stage", readonly=True, ondelete="restrict"
    )
    manual_stage_reason = fields.Char(readonly=True)
    manual_stage_user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    manual_stage_until = fields.Date(readonly=True, help="The last day on which it holds.")

    # Runs
    as_of = fields.Date(readonly=True, help="The day as which these figures were computed.")
    next_change_date = fields.Date(
        readonly=True, help="The first day on which time alone can change an answer."
    )
    fingerprint = fields.Float(
        readonly=True,
        aggregator=None,
        help="Digest of what was last written: a run writes a row again only when it differs.",
    )

    transition_ids = fields.One2many("customer.transition", "profile_id", "History")
    transition_count = fields.Integer(compute="_compute_transition_count")

    # Time runs while nothing is written
    days_silent = fields.Integer(
        "Days Since Last Purchase", compute="_compute_silence", search="_search_days_silent"
    )
    silence_ratio = fields.Float(
        "Silence",
        compute="_compute_silence",
        digits=(8, 2),
        help="Days since the last purchase in usual intervals of this customer.",
    )
    revenue_change = fields.Float(
        "Change", compute="_compute_revenue_change", help="Against the year before."
    )

    # Partner first: merging and deleting partners look a profile up without knowing the company.
    _customer_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)", "A company has one profile of each customer."
    )
    # With these two, the largest customers of one company are found in the index alone.
    _order_idx = models.Index("(revenue DESC, id DESC) INCLUDE (company_id, active)")
    _tier_idx = models.Index("(value_tier_id, revenue DESC, id DESC)")
    _stage_idx = models.Index("(lifecycle_stage_id, revenue DESC, id DESC)")
    _next_change_idx = models.Index("(company_id, next_change_date)")

    @api.depends("partner_id.display_name")
    def _compute_display_name(self):
        for profile in self:
            profile.display_name = profile.partner_id.display_name

    def _compute_transition_count(self):
        counts = dict(
            self.env["customer.transition"]._read_group(
                [("profile_id", "in", self.ids)], ["profile_id"], ["__count"]
            )
        )
        for profile in self:
            profile.transition_count = counts.get(profile, 0)

    @api.depends("last_purchase_date", "expected_interval")
    def _compute_silence(self):
        today = {company: company._customer_today() for company in self.company_id}
        for profile in self:
            last = profile.last_purchase_date
            days = max((today[profile.company_id] - last).days, 0) if last else 0
            profile.days_silent = days
            profile.silence_ratio = (
                days / profile.expected_interval if profile.expected_interval else 0
            )

    def _search_days_silent(self, operator, value):
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        backwards = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}[operator]
        return Domain("last_purchase_date", backwards, f"today -{int(value)}d")

    @api.depends("revenue", "revenue_previous")
    def _compute_revenue_change(self):
        for profile in self:
            before = profile.revenue_previous
            profile.revenue_change = profile.revenue / before - 1 if before > 0 else 0

    def _read_group_select(self, aggregate_spec, query):
        """Spare a sum of money its look at every row's currency where there is only one.

        The web client asks for the currencies of each group it sums; users see rows of their
        active companies alone. Halves the time of the board (two joins and a sort of all rows).
        """
        if aggregate_spec == "currency_id:array_agg_distinct" and not self.env.su:
            currencies = self.env.companies.currency_id
            if len(currencies) == 1:
                return SQL("ARRAY[%s]", currencies.id)
        return super()._read_group_select(aggregate_spec, query)

    def _hand_over_to(self, kept):
        """Give everything that hangs on these profiles to ``kept`` and delete them.

        The log is append-only for people; here its rows only change whose they are.
        """
        if not self:
            return
        self.env.flush_all()
        for table, column in (
            ("customer_transition", "profile_id"),
            ("mail_message", "res_id"),
            ("mail_activity", "res_id"),
            ("ir_attachment", "res_id"),
        ):
            on_model = (
                SQL()
                if column == "profile_id"
                else SQL(
                    "AND %s = %s",
                    SQL.identifier("model" if table == "mail_message" else "res_model"),
                    self._name,
                )
            )
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE %s IN %s %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    kept.id,
                    SQL.identifier(column),
                    tuple(self.ids),
                    on_model,
                )
            )
        self.env.invalidate_all()
        self.unlink()
