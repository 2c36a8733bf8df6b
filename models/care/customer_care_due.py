"""Who is due: for each kind of occasion, one SQL statement over the whole audience.

Each selects ``profile_id, partner_id, occasion_key, occasion_day, day_late``. The key names the
occurrence, so that it comes once for a contact however often it is looked at: a year for what
comes once a year (a holiday whose day is corrected does not come twice), a day, a transition, a week.
"""

from datetime import date, timedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import occasion

#: Days back in which a customer bought in a category, for a new product in it to be news.
_BUYS_WITHIN = 365
#: Transitions that nobody caused by buying: not an occasion to write.
_NO_OCCASION = ("policy", "merge", "manual_end")
_TRUE, _NOTHING = SQL("TRUE"), SQL()


class CustomerCareProgram(models.Model):
    _inherit = "customer.care.program"

    def _audience_domain(self) -> Domain:
        """The customers of this program's segment in its company.

        :raises UserError: if the segment's conditions do not work any more
        """
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id) & Domain("active", "=", True)
        return domain & self.segment_id._members() if self.segment_id else domain

    def _audience(self) -> SQL:
        """Select ``id`` of the audience's profiles, as the system."""
        here = self.sudo().with_context(allowed_company_ids=self.company_id.ids, active_test=True)
        return here.env["customer.profile"]._search(self._audience_domain()).subselect()

    def _due(self, span: occasion.Span, limit: int | None = None, again=False) -> SQL:
        """Select who is due in ``span`` and has no message on the occasion yet.

        :param limit: at most so many; the rest is due still when these have theirs
        :param again: also those who have one (for a look, not for sending)
        """
        self.ensure_one()
        due = getattr(self, f"_due_{self.occasion_id.kind}")(span)
        without = SQL(
            """NOT EXISTS (SELECT 1 FROM customer_care_message done
                            WHERE done.program_id = %s AND done.partner_id = due.partner_id
                              AND done.occasion_key = due.occasion_key)""",
            self.id,
        )
        return SQL(
            """
            SELECT due.profile_id, due.partner_id, due.occasion_key, due.occasion_day,
                   due.occasion_day < %(late)s AS day_late
              FROM (%(due)s) due
             WHERE due.occasion_day BETWEEN %(first)s AND %(last)s AND %(without)s
             ORDER BY due.profile_id, due.partner_id, due.occasion_key
             %(limit)s
            """,
            due=due,
            late=span.late_before,
            first=span.first,
            last=span.last,
            without=SQL("TRUE") if again else without,
            limit=SQL("LIMIT %s", limit) if limit else SQL(),
        )

    # ---- contacts ------------------------------------------------------------------------------

    def _recipients(self) -> SQL:
        """A lateral join that gives ``contact.id`` for each ``p`` (profile)."""
        address = SQL("c.phone_sanitized" if self.channel == "sms" else "c.email_normalized")
        if self.recipients == "contacts":
            return SQL(
                """JOIN LATERAL (SELECT c.id FROM res_partner c
                                  WHERE c.commercial_partner_id = p.partner_id AND c.active
                                    AND (c.id = p.partner_id OR c.type = 'contact')) contact ON TRUE"""
            )
        return SQL(
            """JOIN LATERAL (SELECT c.id FROM res_partner c
                              WHERE c.commercial_partner_id = p.partner_id AND c.active
                                AND (c.id = p.partner_id OR c.type = 'contact')
                              ORDER BY %s IS NULL, c.id <> p.partner_id, c.id
                              LIMIT 1) contact ON TRUE""",
            address,
        )

    def _due_on_days(self, days, key, condition=_TRUE, join=_NOTHING) -> SQL:
        """Everybody of the audience on each of ``days``, at most one message for each key."""
        if not days:
            return self._due_never()
        return SQL(
            """
            SELECT p.id AS profile_id, contact.id AS partner_id,
                   day.key AS occasion_key, day.day AS occasion_day
              FROM customer_profile p
              %(recipients)s
              %(join)s
              CROSS JOIN (VALUES %(days)s) AS day(day, key)
             WHERE p.id IN %(audience)s AND %(condition)s
            """,
            recipients=self._recipients(),
            join=join,
            days=SQL(", ").join(SQL("(%s::date, %s)", day, key(day)) for day in days),
            audience=self._audience(),
            condition=condition,
        )

    def _due_never(self) -> SQL:
        return SQL(
            "SELECT NULL::int AS profile_id, NULL::int AS partner_id, NULL AS occasion_key,"
            " NULL::date AS occasion_day WHERE FALSE"
        )

    def _kept_days(self, span) -> SQL:
        """``kept(day, month, of_month)``: which days of the year are kept on the days of a span."""
        return SQL(
            "(VALUES %s) AS kept(day, month, of_month)",
            SQL(", ").join(
                SQL("(%s::date, %s, %s)", day, month, of_month)
                for day, month, of_month in occasion.kept_on(span.first, span.last)
            ),
        )

    # ---- kinds of occasions --------------------------------------------------------------------

    def _due_holiday(self, span) -> SQL:
        trigger = self.occasion_id
        days = trigger.sudo().date_ids.mapped("day")
        condition, join = _TRUE, _NOTHING
        if not trigger.everywhere and trigger.country_id:
            join = SQL("JOIN res_partner customer ON customer.id = p.partner_id")
            condition = SQL(
                "COALESCE(customer.country_id, %s) = %s",
                self.company_id.country_id.id or None,
                trigger.country_id.id,
            )
        return self._due_on_days(
            [day for day in days if span.first <= day <= span.last],
            lambda day: str(day.year),
            condition,
            join,
        )

    def _due_weeks(self, span) -> SQL:
        anchor = (self.started_on or span.first) + timedelta(self.lead_days)
        return self._due_on_days(
            occasion.every_weeks(anchor, self.occasion_id.weeks, span.first, span.last),
            date.isoformat,
        )

    def _due_birthday(self, span) -> SQL:
        """Contacts born before that day; of several written forms of one day each its own."""
        return SQL(
            """
            SELECT p.id AS profile_id, c.id AS partner_id,
                   EXTRACT(YEAR FROM kept.day)::int::text AS occasion_key, kept.day AS occasion_day
              FROM res_partner c
              JOIN customer_profile p ON p.partner_id = c.commercial_partner_id
              JOIN %(kept)s ON kept.month = EXTRACT(MONTH FROM c.customer_birthday)
                           AND kept.of_month = EXTRACT(DAY FROM c.customer_birthday)
             WHERE c.customer_birthday IS NOT NULL AND c.customer_birthday < kept.day AND c.active
               AND p.id IN %(audience)s
            """,
            kept=self._kept_days(span),
            audience=self._audience(),
        )

    def _due_first_purchase(self, span) -> SQL:
        return SQL(
            """
            SELECT p.id AS profile_id, contact.id AS partner_id,
                   EXTRACT(YEAR FROM kept.day)::int::text AS occasion_key, kept.day AS occasion_day
              FROM customer_profile p
              JOIN %(kept)s ON kept.month = EXTRACT(MONTH FROM p.first_purchase_date)
                           AND kept.of_month = EXTRACT(DAY FROM p.first_purchase_date)
              %(recipients)s
             WHERE p.first_purchase_date < kept.day AND p.id IN %(audience)s
            """,
            kept=self._kept_days(span),
            recipients=self._recipients(),
            audience=self._audience(),
        )

    def _due_transition(self, span) -> SQL:
        """Customers that entered one of the tiers or stages; days before make no sense here."""
        trigger = self.occasion_id
        return SQL(
            """
            SELECT p.id AS profile_id, contact.id AS partner_id,
                   'transition:' || t.id AS occasion_key,
                   (t.as_of + %(lead)s)::date AS occasion_day
              FROM customer_transition t
              JOIN customer_profile p ON p.id = t.profile_id
              %(recipients)s
             WHERE t.company_id = %(company)s
               AND t.at >= %(since)s
               AND t.cause NOT IN %(causes)s
               AND (t.to_tier_id = ANY(%(tiers)s) OR t.to_stage_id = ANY(%(stages)s))
               AND p.id IN %(audience)s
            """,
            lead=self.lead_days,
            recipients=self._recipients(),
            company=self.company_id.id,
            since=self.company_id._customer_day_start(span.first - timedelta(self.lead_days)),
            causes=_NO_OCCASION,
            tiers=trigger.tier_ids.ids,
            stages=trigger.stage_ids.ids,
            audience=self._audience(),
        )

    def _due_new_product(self, span) -> SQL:
        """Customers that bought in a category with new products: one message a week for all of them."""
        since, until = (
            self.company_id._customer_day_start(day - timedelta(self.lead_days))
            for day in (span.first, span.last + timedelta(1))
        )
        return SQL(
            """
            SELECT p.id AS profile_id, contact.id AS partner_id,
                   to_char(min(fresh.day), 'IYYY"-W"IW') AS occasion_key, min(fresh.day) AS occasion_day
              FROM (%(fresh)s) fresh
              JOIN (%(bought)s) bought ON bought.categ_id = fresh.categ_id
              JOIN customer_profile p ON p.partner_id = bought.partner_id
                                     AND p.company_id = %(company)s
              %(recipients)s
             WHERE p.id IN %(audience)s
             GROUP BY p.id, contact.id, fresh.week
            """,
            fresh=self._new_products(since, until),
            bought=self._bought_categories(span.last),
            company=self.company_id.id,
            recipients=self._recipients(),
            audience=self._audience(),
        )

    def _new_products(self, since, until) -> SQL:
        """Products made between two moments that this company sells, by category and week."""
        return SQL(
            """
            SELECT t.id, t.categ_id, made.day, date_trunc('week', made.day) AS week
              FROM product_template t
             CROSS JOIN LATERAL (
                   SELECT (t.create_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date + %(lead)s
                   ) AS made(day)
             WHERE t.active AND t.sale_ok AND t.create_date >= %(since)s AND t.create_date < %(until)s
               AND (t.company_id IS NULL OR t.company_id = %(company)s)
            """,
            zone=self.company_id._customer_timezone(),
            lead=self.lead_days,
            since=since,
            until=until,
            company=self.company_id.id,
        )

    def _bought_categories(self, today) -> SQL:
        return SQL(
            """
            SELECT DISTINCT m.commercial_partner_id AS partner_id, t.categ_id
              FROM account_move m
              JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'product'
              JOIN product_product pp ON pp.id = l.product_id
              JOIN product_template t ON t.id = pp.product_tmpl_id
             WHERE m.company_id = %(company)s AND m.state = 'posted' AND m.move_type = 'out_invoice'
               AND m.invoice_date > %(since)s
            """,
            company=self.company_id.id,
            since=today - timedelta(_BUYS_WITHIN),
        )
