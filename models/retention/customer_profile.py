from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    winback_count = fields.Integer("Win-Backs", compute="_compute_winback_count")
    winback_open = fields.Boolean("To Win Back", compute="_compute_winback_count")
    is_worth_winning_back = fields.Boolean(
        compute="_compute_is_worth_winning_back",
        search="_search_is_worth_winning_back",
        help="Gone silent, and bought for at least the company's limit in its best twelve months.",
    )

    # ---- who is to be won back -----------------------------------------------------------------

    @api.model
    def _gone_silent_domain(self) -> Domain:
        """Lost, or in decline and silent for longer than its rhythm explains."""
        return Domain("active", "=", True) & (
            Domain("lifecycle_stage_id.code", "=", "lost")
            | Domain("lifecycle_stage_id.code", "=", "decline")
            & Domain("is_unusually_silent", "=", True)
        )

    @api.model
    def _winback_domain(self, company) -> Domain:
        """Who is to be won back in ``company``: gone silent, and worth it. The only definition."""
        query = SQL(
            "(SELECT profile_id FROM (%s) best WHERE revenue >= %s)",
            self._best_revenue_query(company),
            company.sudo().customer_winback_limit,
        )
        return Domain("company_id", "=", company.id) & Domain("id", "in", query)

    @api.model
    def _best_revenue_query(self, company, whom: Domain | None = None) -> SQL:
        """Select ``profile_id, revenue``: of those who went silent, the best twelve months in a row."""
        whom = self._gone_silent_domain() if whom is None else whom
        own = self.sudo().with_context(allowed_company_ids=company.ids, active_test=False)
        query = own._search(Domain("company_id", "=", company.id) & whom)
        partners = query.subselect(SQL.identifier(query.table, "partner_id"))
        return SQL(
            """
            SELECT p.id AS profile_id, max(year.revenue) AS revenue
              FROM (SELECT partner_id,
                           sum(amount) OVER (PARTITION BY partner_id ORDER BY month
                                             RANGE BETWEEN '11 months' PRECEDING AND CURRENT ROW
                                            ) AS revenue
                      FROM (SELECT partner_id, date_trunc('month', day) AS month,
                                   sum(amount) AS amount
                              FROM (%(documents)s) d
                             WHERE day <= %(today)s
                             GROUP BY partner_id, date_trunc('month', day)) months) year
              JOIN customer_profile p
                ON p.partner_id = year.partner_id AND p.company_id = %(company)s
             GROUP BY p.id
            """,
            documents=self.env["customer.facts"]._documents(
                company,
                company._customer_today(),
                lambda column: SQL("%s IN %s", column, partners),
            ),
            today=company._customer_today(),
            company=company.id,
        )

    def _best_revenues(self, company) -> dict[int, float]:
        self.env.flush_all()
        return dict(
            self.env.execute_query(self._best_revenue_query(company, Domain("id", "in", self.ids)))
        )

    @api.depends_context("allowed_company_ids")
    def _compute_is_worth_winning_back(self):
        worth = self.search(
            Domain("id", "in", self.ids) & Domain("is_worth_winning_back", "=", True)
        )
        for profile in self:
            profile.is_worth_winning_back = profile in worth

    def _search_is_worth_winning_back(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._winback_domain(company) for company in self.env.companies)

    # ---- on the customer's page ----------------------------------------------------------------

    def _compute_winback_count(self):
        Winback = self.env["customer.winback"]
        rows = Winback._read_group(
            [("profile_id", "in", self.ids)], ["profile_id"], ["__count", "closed_on:array_agg"]
        )
        found = {profile: (count, None in days) for profile, count, days in rows}
        for profile in self:
            profile.winback_count, profile.winback_open = found.get(profile, (0, False))

    def action_open_winback(self):
        """Its cases; where there is none, a new one is begun."""
        Winback = self.env["customer.winback"]
        Winback.check_access("read")
        self.ensure_one()
        cases = Winback.search([("profile_id", "=", self.id)])
        if not cases:
            cases = Winback.create({"profile_id": self.id})
        return cases._get_records_action(name=self.env._("Win-Back"))

    def action_win_back(self):
        """Begin to win this customer back, or go on with it."""
        Winback = self.env["customer.winback"]
        Winback.check_access("create")
        self.ensure_one()
        case = Winback.search(Winback._open_domain() & Domain("profile_id", "=", self.id), limit=1)
        if not case:
            given_up = Winback.search(
                [
                    ("profile_id", "=", self.id),
                    ("silent_since", "=", self.last_purchase_date),
                    ("state", "=", "lost"),
                ]
            )
            given_up.write({"state": "new"})
            case = given_up or Winback.create({"profile_id": self.id})
        return case._get_records_action()

    # ---- public pool ---------------------------------------------------------------------------

    def action_give_back(self):
        """Let the pool have customers of one's own, so that somebody else can claim them."""
        self.check_access("read")
        manager = self.env.user.has_group("customer_success.group_customer_all")
        if any(profile.user_id != self.env.user for profile in self) and not manager:
            raise AccessError(self.env._("You may give back customers of your own only."))
        if any(not company.customer_pool_on for company in self.sudo().company_id):
            raise UserError(
                self.env._("This company has no public pool: an administrator can turn it on.")
            )
        self.sudo().filtered("user_id")._to_pool("returned", self.env.user)

    def _hand_over_to(self, kept):
        """Merged customers keep one open case, and the log of who held each of them."""
        if self:
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    """
                    DELETE FROM customer_winback w
                     WHERE w.profile_id = ANY(%(folded)s)
                       AND EXISTS (SELECT FROM customer_winback own
                                    WHERE (own.profile_id = %(kept)s
                                           OR own.profile_id = ANY(%(folded)s) AND own.id < w.id)
                                      AND (own.silent_since = w.silent_since
                                           OR own.closed_on IS NULL AND w.closed_on IS NULL))
                    """,
                    folded=self.ids,
                    kept=kept.id,
                )
            )
            for table in ("customer_winback", "customer_pool_move"):
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET profile_id = %s WHERE profile_id = ANY(%s)",
                        SQL.identifier(table),
                        kept.id,
                        self.ids,
                    )
                )
        return super()._hand_over_to(kept)
