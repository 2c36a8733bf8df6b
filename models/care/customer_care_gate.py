"""The one gate that every care message passes.

Facts for a whole batch come in one statement, whatever its size; what they mean is
:mod:`tools.care_gate`'s to say.
"""

from datetime import datetime, timedelta, timezone
from typing import NamedTuple

import numpy as np
import pytz

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import care_gate, holdout, occasion
from .choices import CONSENT_CHANNEL, WRITTEN

#: A tier of this code is never held out.
_KEY = "key"
_WEEK, _MONTH = 7, 30


class Judged(NamedTuple):
    """What the gate says of each due row, in their order."""

    reason: np.ndarray  # codes of tools.care_gate; 0: it goes
    address: list
    exempt: list  # never to be held out, whatever is drawn
    send_after: list  # naive UTC: the end of quiet hours where the customer is

    def said(self, place: int) -> str | None:
        code = self.reason[place]
        return care_gate.REASONS[code - 1] if code else None


class CustomerCareProgram(models.Model):
    _inherit = "customer.care.program"

    def _judge(self, rows, now: datetime, again=False) -> Judged:
        """The gate's verdict on ``rows`` of :meth:`_due`.

        :param now: naive UTC
        :param again: they passed before and wait to go out: only what may have changed is asked, not
            what they themselves count for (caps, doubles, being held out)
        """
        self.ensure_one()
        self.env.flush_all()
        facts = self._facts(rows)
        columns = {name: np.array([fact[name] for fact in facts]) for name in _FLAGS}
        flags = {name: columns[name].astype(bool) for name in care_gate.PLAIN if name in columns}
        flags["late"] = np.array([row["day_late"] for row in rows], bool)
        nothing = np.zeros(len(rows), bool)
        zeros = np.zeros(len(rows), np.int64)
        address = [fact["address"] or "" for fact in facts]
        exempt = [bool(fact["key_account"] or self.purpose_id.never_held_out) for fact in facts]
        customers = np.array([fact["customer_id"] for fact in facts], np.int64)
        drawn = holdout.held_out(self.id or 0, customers, self.holdout_percent)
        reason = care_gate.judge(
            care_gate.Rows(
                person=np.array([row["partner_id"] for row in rows], np.int64),
                address=np.array([""] * len(rows) if again else address, object),
                occasion=np.array([row["occasion_key"] for row in rows], object),
                flags=flags,
                written=nothing if again else columns["written"].astype(bool),
                recent=nothing if again else columns["recent"].astype(bool),
                in_week=zeros if again else columns["in_week"].astype(np.int64),
                in_month=zeros if again else columns["in_month"].astype(np.int64),
                held=nothing if again else drawn & ~np.array(exempt, bool),
            ),
            care_gate.Caps() if again else self._caps(),
        )
        return Judged(reason, address, exempt, self._send_after(facts, now))

    def _caps(self) -> care_gate.Caps:
        company = self.company_id
        if self.channel == "followup":
            return care_gate.Caps()
        return care_gate.Caps(
            company[f"customer_care_{self.channel}_week"],
            company[f"customer_care_{self.channel}_month"],
        )

    def _send_after(self, facts, now) -> list[datetime]:
        """When quiet hours end, by the contact's time zone or the company's; one look for each zone."""
        where = self if self.own_quiet_hours else self.company_id
        prefix = "" if self.own_quiet_hours else "customer_care_"
        quiet = [round(where[f"{prefix}quiet_{end}"] * 60) for end in ("from", "to")]
        aware = now.replace(tzinfo=timezone.utc)
        default = self.company_id._customer_timezone()
        moments = {}
        for zone in {fact["tz"] or default for fact in facts}:
            if self.channel == "followup":  # a card disturbs no customer
                moments[zone] = now
                continue
            try:
                place = pytz.timezone(zone)
            except pytz.UnknownTimeZoneError:
                place = pytz.timezone(default)
            moment = occasion.first_allowed(aware, place, *quiet)
            moments[zone] = moment.astimezone(timezone.utc).replace(tzinfo=None)
        return [moments[fact["tz"] or default] for fact in facts]

    # ---- facts ---------------------------------------------------------------------------------

    def _facts(self, rows) -> list[dict]:
        """All that the gate asks about ``rows``, in their order. One statement."""
        columns = ("profile_id", "partner_id", "occasion_key")
        profiles, partners, keys = ([row[name] for row in rows] for name in columns)
        self.env.cr.execute(
            SQL(
                """
                SELECT p.partner_id AS customer_id,
                       NOT c.active AS archived,
                       %(address)s AS address,
                       %(given)s AS no_address,
                       %(wrong)s AS bad_address,
                       %(blacklisted)s AS blacklisted,
                       (COALESCE(said.state = 'refused', FALSE) OR refused.email IS NOT NULL) AS refused,
                       (%(ask)s AND said.state IS NULL) AS not_given,
                       p.partner_id IN (%(complaints)s) AS complaint,
                       p.partner_id IN (%(overdue)s) AS overdue,
                       written.address IS NOT NULL AS written,
                       COALESCE(had.recent, FALSE) AS recent,
                       COALESCE(had.in_week, 0) AS in_week,
                       COALESCE(had.in_month, 0) AS in_month,
                       tier.code = %(key)s AS key_account,
                       COALESCE(c.tz, customer.tz) AS tz
                  FROM unnest(%(profiles)s::int[], %(partners)s::int[], %(keys)s::text[])
                       WITH ORDINALITY AS due(profile_id, partner_id, occasion_key, place)
                  JOIN customer_profile p ON p.id = due.profile_id
                  JOIN res_partner customer ON customer.id = p.partner_id
                  JOIN res_partner c ON c.id = due.partner_id
                  LEFT JOIN customer_tier tier ON tier.id = p.value_tier_id
                  LEFT JOIN (%(said)s) said ON said.partner_id = c.id
                  LEFT JOIN (%(refused)s) refused ON refused.email = c.email_normalized
                  LEFT JOIN (%(had)s) had ON had.partner_id = c.id
                  LEFT JOIN (%(written)s) written ON written.occasion_key = due.occasion_key
                                                 AND written.address = %(address)s
                 ORDER BY due.place
                """,
                **self._address_facts(),
                profiles=profiles,
                partners=partners,
                keys=keys,
                key=_KEY,
                ask=self.purpose_id.default == "refused",
                said=self._said(partners),
                refused=self._refused_addresses(partners),
                complaints=self._complaining(),
                overdue=self._overdue(),
                had=self._had(partners),
                written=self._written(keys),
            )
        )
        return self.env.cr.dictfetchall()

    def _address_facts(self) -> dict:
        """The address by this program's channel, and what can be wrong with it."""
        if self.channel == "followup":
            return {
                "address": SQL("NULL::varchar"),
                "given": SQL("FALSE"),
                "wrong": SQL("FALSE"),
                "blacklisted": SQL("FALSE"),
            }
        raw, address, blacklist, column = {
            "email": ("email", "email_normalized", "mail_blacklist", "email"),
            "sms": ("phone", "phone_sanitized", "phone_blacklist", "number"),
        }[self.channel]
        raw, address = SQL.identifier("c", raw), SQL.identifier("c", address)
        return {
            "address": address,
            "given": SQL("COALESCE(trim(%s), '') = ''", raw),
            "wrong": SQL("COALESCE(%s, '') = ''", address),
            "blacklisted": SQL(
                "EXISTS (SELECT 1 FROM %s b WHERE b.active AND %s = %s)",
                SQL.identifier(blacklist),
                SQL.identifier("b", column),
                address,
            ),
        }

    def _consent_restriction(self) -> SQL:
        return SQL(
            "purpose_id = %s AND channel = %s", self.purpose_id.id, CONSENT_CHANNEL[self.channel]
        )

    def _said(self, partners) -> SQL:
        return self.env["customer.consent"]._current(
            self.company_id,
            SQL("%s AND partner_id = ANY(%s)", self._consent_restriction(), partners),
        )

    def _refused_addresses(self, partners) -> SQL:
        """Addresses that said no last, whichever contact they then belonged to."""
        return SQL(
            """
            SELECT email
              FROM (SELECT DISTINCT ON (email) email, state
                      FROM customer_consent
                     WHERE company_id = %(company)s AND %(restriction)s AND %(email)s
                       AND email IN (SELECT email_normalized FROM res_partner
                                      WHERE id = ANY(%(partners)s))
                     ORDER BY email, at DESC, id DESC) last
             WHERE state = 'refused'
            """,
            company=self.company_id.id,
            restriction=self._consent_restriction(),
            email=SQL("TRUE") if self.channel == "email" else SQL("FALSE"),
            partners=partners,
        )

    def _complaining(self) -> SQL:
        Ticket = self.env["customer.ticket"].sudo()
        domain = Ticket._open_complaint_domain() & Domain("company_id", "=", self.company_id.id)
        query = Ticket._search(domain & Domain("partner_id", "!=", False))
        return query.select(SQL.identifier(query.table, "partner_id"))

    def _overdue(self) -> SQL:
        company = self.company_id
        Move = self.env["account.move"].sudo()
        query = Move._search(company._care_overdue_domain(company._customer_today()))
        return query.select(SQL.identifier(query.table, "commercial_partner_id"))

    def _had(self, partners) -> SQL:
        """What each contact had by this channel lately, of all programs of the company."""
        today = self.company_id._customer_today()
        return SQL(
            """
            SELECT partner_id,
                   count(*) FILTER (WHERE channel = %(channel)s AND judged_on > %(week)s) AS in_week,
                   count(*) FILTER (WHERE channel = %(channel)s AND judged_on > %(month)s) AS in_month,
                   bool_or(program_id = %(program)s AND judged_on > %(recent)s) AS recent
              FROM customer_care_message
             WHERE partner_id = ANY(%(partners)s) AND company_id = %(company)s
               AND verdict IN %(written)s AND judged_on > %(since)s
             GROUP BY partner_id
            """,
            channel=self.channel,
            week=today - timedelta(_WEEK),
            month=today - timedelta(_MONTH),
            recent=today - timedelta(self.min_days),
            since=today - timedelta(max(_MONTH, self.min_days)),
            program=self.id or 0,
            partners=partners,
            company=self.company_id.id,
            written=WRITTEN,
        )

    def _written(self, keys) -> SQL:
        """Addresses that had this program's message on one of these occasions."""
        return SQL(
            """
            SELECT DISTINCT occasion_key, address
              FROM customer_care_message
             WHERE program_id = %s AND occasion_key = ANY(%s) AND address IS NOT NULL
               AND verdict IN %s
            """,
            self.id or 0,
            list(set(keys)),
            WRITTEN,
        )


#: Facts that become arrays.
_FLAGS = (
    "archived",
    "no_address",
    "bad_address",
    "blacklisted",
    "refused",
    "not_given",
    "complaint",
    "overdue",
    "written",
    "recent",
    "in_week",
    "in_month",
)
