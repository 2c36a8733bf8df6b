"""To whom it happened: each trigger as one statement over the log, the facts or the tickets.

An *occasion* is a row ``profile_id, cause, day, tier_id``. ``cause`` is the same whenever and however the
occasion is found, so that it can be used once; ``tier_id`` is the tier that decides whom the playbook is
for, where that is not the customer's own of today.
"""

from datetime import datetime, timedelta

import pytz

from odoo import models
from odoo.tools import SQL

#: Of what passes, "who would it be today" shows what happened in so many days.
LATELY = timedelta(days=30)
#: A day that was missed, for whatever reason, is made up for within this time.
MISSED_DAYS = 7
#: A first purchase is told while it is news: older documents entered late are no first order.
NEWS_DAYS = 60
#: A rating up to this, of five, is an unhappy one.
UNHAPPY_RATING = 2


class CustomerPlaybook(models.Model):
    _inherit = "customer.playbook"

    def _occasions(self, company, since: datetime | None) -> SQL:
        """The occasions of this playbook in ``company``.

        :param since: those after this moment; None: those that are so now, or were lately
        """
        self.ensure_one()
        return getattr(self, f"_occasions_{self.trigger}")(company, since)

    def _for_whom(self, company) -> SQL:
        """The condition on ``customer_profile p`` and the occasion ``o`` that says whom it is for."""
        conditions = [SQL("p.active")]
        if self.tier_ids:
            conditions.append(
                SQL("COALESCE(o.tier_id, p.value_tier_id) = ANY(%s)", self.tier_ids.ids)
            )
        if self.segment_id:
            Profile = self.env["customer.profile"].with_context(
                allowed_company_ids=company.ids, lang=None
            )
            segment = self.segment_id.sudo()
            members = Profile.sudo()._search(segment.with_env(Profile.sudo().env)._members())
            conditions.append(SQL("p.id IN %s", members.subselect()))
        return SQL(" AND ").join(conditions)

    def _matches(self, company) -> SQL:
        """Select the ``id`` of the customers for whom it would be today."""
        return SQL(
            "SELECT p.id FROM (%s) o JOIN customer_profile p ON p.id = o.profile_id WHERE %s",
            self._occasions(company, None),
            self._for_whom(company),
        )

    # ---- the log of transitions ----------------------------------------------------------------

    def _logged(self, company, since, kind: str, moved: SQL, tier: SQL) -> SQL:
        """Entries of the log; of a company's first computation none, since nothing happened then."""
        causes = ["facts", "manual", "manual_end", "first"]
        if self.with_rules:
            causes.append("policy")
        return SQL(
            """
            SELECT t.profile_id, 'transition:' || t.id AS cause, t.as_of AS day, %(tier)s AS tier_id
              FROM customer_transition t
             WHERE t.company_id = %(company)s AND t.kind = %(kind)s AND %(moved)s
               AND t.at > %(since)s AND t.cause = ANY(%(causes)s)
               AND t.at > (SELECT min(r.ended) FROM customer_run r
                            WHERE r.company_id = %(company)s AND r.kind = 'full'
                              AND r.state = 'done')
            """,
            tier=tier,
            company=company.id,
            kind=kind,
            moved=moved,
            since=since or self.env.cr.now() - LATELY,
            causes=causes,
        )

    def _occasions_stage_enter(self, company, since) -> SQL:
        """Who is in the stage by then has entered it; its last entry is the occasion."""
        nobody = SQL("NULL::integer")
        if since:
            return SQL(
                "SELECT logged.* FROM (%s) logged JOIN customer_profile here"
                " ON here.id = logged.profile_id AND here.lifecycle_stage_id = %s",
                self._logged(
                    company, since, "stage", SQL("t.to_stage_id = %s", self.stage_id.id), nobody
                ),
                self.stage_id.id,
            )
        return SQL(
            """
            SELECT here.id AS profile_id, 'transition:' || last.id AS cause, last.as_of AS day,
                   NULL::integer AS tier_id
              FROM customer_profile here
              JOIN LATERAL (SELECT t.id, t.as_of FROM customer_transition t
                             WHERE t.profile_id = here.id AND t.kind = 'stage'
                               AND t.to_stage_id = %(stage)s
                             ORDER BY t.id DESC LIMIT 1) last ON TRUE
             WHERE here.company_id = %(company)s AND here.lifecycle_stage_id = %(stage)s
            """,
            company=company.id,
            stage=self.stage_id.id,
        )

    def _occasions_stage_leave(self, company, since) -> SQL:
        left = SQL("t.from_stage_id = %s", self.stage_id.id)
        return self._logged(company, since, "stage", left, SQL("NULL::integer"))

    def _occasions_tier_up(self, company, since) -> SQL:
        return self._logged(company, since, "tier", SQL("t.direction = 'up'"), SQL("t.to_tier_id"))

    def _occasions_tier_down(self, company, since) -> SQL:
        return self._logged(
            company, since, "tier", SQL("t.direction = 'down'"), SQL("t.from_tier_id")
        )

    def _occasions_first_order(self, company, since) -> SQL:
        """A stage for the first time, or another than potential, by one purchase of late: once ever."""
        return SQL(
            """
            SELECT logged.profile_id, 'first_order' AS cause, min(logged.day) AS day,
                   NULL::integer AS tier_id
              FROM (%(logged)s) logged
             GROUP BY logged.profile_id
            """,
            logged=self._logged(
                company,
                since,
                "stage",
                SQL(
                    """
                    (t.evidence ->> 'purchases_life')::numeric = 1
                    AND (t.evidence ->> 'first')::date >= t.as_of - %(news)s
                    AND (t.from_stage_id IS NULL OR t.from_stage_id = %(potential)s)
                    AND t.to_stage_id IS DISTINCT FROM %(potential)s
                    """,
                    news=NEWS_DAYS,
                    potential=self.env["customer.lifecycle.stage"]
                    .search([("code", "=", "potential")])
                    .id,
                ),
                SQL("NULL::integer"),
            ),
        )

    # ---- facts and time ------------------------------------------------------------------------

    def _days(self, company, since) -> tuple:
        """The first and last day on which something counts as happening now, or None for the first."""
        today = company._customer_today()
        if not since:
            return None, today
        turned_on = self._day_in(company, self.on_since) + timedelta(days=1)
        return max(turned_on, self._day_in(company, since) - timedelta(days=MISSED_DAYS)), today

    @staticmethod
    def _day_in(company, moment: datetime):
        """The day on the company's calendar."""
        zone = pytz.timezone(company._customer_timezone())
        return pytz.utc.localize(moment).astimezone(zone).date()

    def _occasions_silent(self, company, since) -> SQL:
        """The day on which its silence reached so many usual intervals; once for each silence."""
        first, last = self._days(company, since)
        crossed = SQL(
            "q.last_purchase_date + ceil(%s * q.expected_interval)::integer", self.silence
        )
        return SQL(
            """
            SELECT q.id AS profile_id, 'silent:' || q.last_purchase_date AS cause,
                   %(crossed)s AS day, NULL::integer AS tier_id
              FROM customer_profile q
             WHERE q.company_id = %(company)s AND q.last_purchase_date IS NOT NULL
               AND q.expected_interval > 0 AND %(crossed)s <= %(last)s AND %(since)s
            """,
            crossed=crossed,
            company=company.id,
            last=last,
            since=SQL("%s >= %s", crossed, first) if first else SQL("TRUE"),
        )

    def _occasions_date(self, company, since) -> SQL:
        """The day itself, or its return each year; never the years that passed."""
        first, last = self._days(company, since)
        field = self.date_field_id.sudo()
        day = SQL.identifier("q" if field.model == "customer.profile" else "r", field.name)
        this = last.year
        met = SQL("%s - %s", day, self.days_ahead)
        candidates = SQL("(SELECT %s AS day, %s AS met)", day, met)
        if self.yearly:
            returns = SQL(
                "(%(day)s + make_interval(years => year - extract(year FROM %(day)s)::integer))::date",
                day=day,
            )
            candidates = SQL(
                "(SELECT %(returns)s AS day, %(returns)s - %(ahead)s AS met"
                "   FROM generate_series(%(low)s, %(high)s) year WHERE %(returns)s > %(day)s)",
                returns=returns,
                ahead=self.days_ahead,
                day=day,
                low=this - 1,
                high=this + 1,
            )
        return SQL(
            """
            SELECT q.id AS profile_id, 'date:' || c.day AS cause, c.day AS day,
                   NULL::integer AS tier_id
              FROM customer_profile q
              JOIN res_partner r ON r.id = q.partner_id
              JOIN LATERAL %(candidates)s c ON TRUE
             WHERE q.company_id = %(company)s AND %(field)s IS NOT NULL
               AND c.met BETWEEN %(first)s AND %(last)s
            """,
            candidates=candidates,
            company=company.id,
            field=day,
            first=first or last,
            last=last,
        )

    # ---- tickets -------------------------------------------------------------------------------

    def _of_tickets(self, company, since, found: SQL) -> SQL:
        """Occasions on tickets: ``found`` selects ``ticket_id, cause, at``."""
        return SQL(
            """
            SELECT q.id AS profile_id, min(f.cause) AS cause, min(f.at)::date AS day,
                   NULL::integer AS tier_id
              FROM (%(found)s) f
              JOIN customer_ticket k ON k.id = f.ticket_id
              JOIN customer_profile q
                ON q.partner_id = k.partner_id AND q.company_id = k.company_id
             WHERE k.company_id = %(company)s AND k.active AND f.at > %(since)s
             GROUP BY q.id, f.cause
            """,
            found=found,
            company=company.id,
            since=since or self.env.cr.now() - LATELY,
        )

    def _occasions_complaint_solved(self, company, since) -> SQL:
        """Solved, once for each complaint however often it is reopened."""
        return self._of_tickets(
            company,
            since,
            SQL(
                """
                SELECT m.ticket_id, 'ticket:' || m.ticket_id AS cause, m.at
                  FROM customer_ticket_move m
                  JOIN customer_ticket c ON c.id = m.ticket_id AND c.kind = 'complaint'
                 WHERE m.clock = 'stop'
                """
            ),
        )

    def _occasions_unhappy(self, company, since) -> SQL:
        """A solved ticket that the customer had reopened (an unhappy return visit does), a bad rating,
        or an unhappy return visit that reopens nothing."""
        return self._of_tickets(
            company,
            since,
            SQL(
                """
                SELECT m.ticket_id, 'ticket-move:' || m.id AS cause, m.at
                  FROM customer_ticket_move m
                  JOIN customer_ticket_stage s ON s.id = m.from_stage_id AND s.clock = 'stop'
                 WHERE m.clock <> 'stop' AND m.user_id IS NULL
                 UNION ALL
                SELECT r.res_id, 'rating:' || r.id, COALESCE(r.rated_on, r.write_date)
                  FROM rating_rating r
                 WHERE r.res_model = 'customer.ticket' AND r.consumed
                   AND r.rating BETWEEN 0.5 AND %(unhappy)s
                 UNION ALL
                SELECT v.id, 'visit:' || v.id, v.return_visit_at
                  FROM customer_ticket v
                 WHERE v.return_visit_outcome = 'unhappy'
                """,
                unhappy=UNHAPPY_RATING,
            ),
        )
