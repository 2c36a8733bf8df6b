"""Levelling: each open follow-up on a day on which its owner has a place for it."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ...tools import levelling
from ...tools.dates import NO_DATE, from_days, to_days

#: Changed rows of one statement.
BATCH = 1000
#: Days of which the load is kept for the managers' screen.
LOAD_DAYS = 14


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    planned_by_hand = fields.Boolean(
        readonly=True, help="Somebody chose the day: it stays there, whatever else is on it."
    )

    def write(self, vals):
        """A day chosen by a person is kept. One that had to be moved is planned anew."""
        if "planned_date" in vals and "planned_by_hand" not in vals and not self.env.su:
            self.check_access("write")
            result = super().write(vals)
            super(CustomerFollowup, self.sudo()).write(
                {"planned_by_hand": bool(vals["planned_date"])}
            )
            return result
        return super().write(vals)

    @api.model
    def _level(self, company, users=None) -> int:
        """Plan what is open in a company, for all its people or some; rows that moved."""
        self.flush_model()
        today = company._customer_today()
        items = self._to_level(company, users)
        people = users or self._people(company, items)
        places = self._free_places(company, people, today)
        planned = {}
        for user in people:
            stored = items.get(user.id, {})
            plan = levelling.level(
                [item for item, __ in stored.values()], places[user], to_days(today)
            )
            planned |= {key: day for key, day in plan.items() if day != stored[key][1]}
        for batch in split_every(BATCH, sorted(planned.items()), list):
            self._write_plan(batch)
        self.env["customer.followup.load"]._store(company, places, today)
        return len(planned)

    @api.model
    def _people(self, company, more=()):
        """Who looks after customers of a company, and ``more`` users by id."""
        managers = self.env.execute_query(
            SQL(
                "SELECT DISTINCT p.user_id FROM customer_profile p JOIN res_users u ON u.id = p.user_id"
                " WHERE p.company_id = %s AND u.active",
                company.id,
            )
        )
        ids = {user_id for (user_id,) in managers} | set(more)
        return self.env["res.users"].sudo().browse(sorted(ids))

    def _to_level(self, company, users) -> dict:
        """User id -> follow-up id -> what the kernel asks of it, and its day as stored."""
        mine = SQL("AND user_id IN %s", tuple(users.ids) or (0,)) if users else SQL()
        found = self.env.execute_query(
            SQL(
                """
                SELECT f.user_id, f.id, f.due_date, COALESCE(f.value, 0), f.planned_date,
                       f.planned_by_hand
                  FROM customer_followup f
                 WHERE f.company_id = %s AND f.done_at IS NULL AND f.user_id IS NOT NULL %s
                """,
                company.id,
                mine,
            )
        )
        items = defaultdict(dict)
        for user_id, key, due, value, planned, by_hand in found:
            day = to_days(planned)
            item = levelling.Item(key, to_days(due), value, day if by_hand else NO_DATE)
            items[user_id][key] = item, day
        return items

    @api.model
    def _free_places(self, company, users, today) -> dict:
        """User -> places on each day, less what was done today."""
        places = self.env["customer.followup.capacity"]._places(company, users, today)
        done = self._done_on(company, users, today)
        for user in users:
            places[user][0] = max(places[user][0] - done.get(user, 0), 0)
        return places

    @api.model
    def _done_on(self, company, users, day) -> dict:
        """User -> how many of the person's follow-ups were done on a day."""
        start, end = (company._customer_day_start(day + timedelta(days=n)) for n in (0, 1))
        return dict(
            self.sudo()._read_group(
                Domain("company_id", "=", company.id)
                & Domain("done_by_id", "in", users.ids)
                & Domain("done_at", ">=", start)
                & Domain("done_at", "<", end)
                & Domain("cancel_code", "=", False),
                ["done_by_id"],
                ["__count"],
            )
        )

    def _write_plan(self, plan: list[tuple]) -> None:
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_followup f SET planned_date = v.day, write_date = %s
                  FROM (VALUES %s) AS v(id, day)
                 WHERE f.id = v.id AND f.done_at IS NULL
                """,
                fields.Datetime.now(),
                SQL(", ").join(SQL("(%s, %s::date)", key, from_days(day)) for key, day in plan),
            )
        )
        self.invalidate_model(["planned_date"])
