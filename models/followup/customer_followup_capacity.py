"""How much a person can do on which day: places for each weekday, where the person works."""

from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

DEFAULT = 20
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Days that are planned ahead.
HORIZON = 120


class CustomerFollowupCapacity(models.Model):
    """Follow-ups that one person can do on a working day, for a company or one of its people.

    The days themselves are those of the person's working hours, without absences and holidays.
    """

    _name = "customer.followup.capacity"
    _description = "Follow-up Capacity"
    _order = "company_id, user_id"
    _rec_name = "user_id"

    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        "Who",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: everybody of the company without a line of their own.",
    )
    monday = fields.Integer(default=DEFAULT, required=True)
    tuesday = fields.Integer(default=DEFAULT, required=True)
    wednesday = fields.Integer(default=DEFAULT, required=True)
    thursday = fields.Integer(default=DEFAULT, required=True)
    friday = fields.Integer(default=DEFAULT, required=True)
    saturday = fields.Integer(default=DEFAULT, required=True)
    sunday = fields.Integer(default=DEFAULT, required=True)

    _user_uniq = models.UniqueIndex(
        "(company_id, COALESCE(user_id, 0))", "There is a line for this person already: change it."
    )
    _positive = models.Constraint(
        "CHECK (LEAST(monday, tuesday, wednesday, thursday, friday, saturday, sunday) >= 0)",
        "Nobody does less than nothing: give 0 or more follow-ups a day.",
    )

    @api.depends("user_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.user_id.display_name or self.env._("Everybody else")

    @api.model
    def _places(self, company, users, today, days=HORIZON) -> dict:
        """User -> places today, tomorrow and so on, before anything is planned on them."""
        lines = self.sudo().search([("company_id", "=", company.id)])
        by_user = {line.user_id: line for line in lines}
        default = by_user.get(self.env["res.users"])
        places = {}
        for user, shares in self._working_shares(company, users, today, days).items():
            line = by_user.get(user, default)
            a_week = [line[name] if line else DEFAULT for name in WEEKDAYS]
            places[user] = [
                int(a_week[(today.weekday() + offset) % 7] * share)
                for offset, share in enumerate(shares)
            ]
        return places

    @api.model
    def _working_shares(self, company, users, today, days) -> dict:
        """User -> what part of each day the person works: 1 as usual, 0 on a day off or away."""
        users = users.sudo()
        resources = {
            user: user.resource_ids.filtered(
                lambda r: r.company_id in (company, r.company_id.browse())
            )[:1]
            for user in users
        }
        by_calendar = {}
        for user, resource in resources.items():
            calendar = resource.calendar_id or company.sudo().resource_calendar_id
            by_calendar.setdefault(calendar, []).append(user)
        shares = {}
        for calendar, members in by_calendar.items():
            if not calendar:
                shares.update(dict.fromkeys(members, [1.0] * days))
                continue
            of_calendar = (
                self.env["resource.resource"].sudo().union(*(resources[u] for u in members))
            )
            zone = pytz.timezone(calendar.tz or company._customer_timezone())
            start = zone.localize(datetime.combine(today, time.min))
            end = zone.localize(datetime.combine(today + timedelta(days=days), time.min))
            usual, real = (
                calendar._work_intervals_batch(
                    start, end, resources=of_calendar, tz=zone, compute_leaves=leaves
                )
                for leaves in (False, True)
            )
            for user in members:
                key = resources[user].id
                shares[user] = _shares(usual[key], real[key], today, days)
        return shares


def _shares(usual, real, today, days) -> list[float]:
    """Hours really worked against those usually worked, for each day."""
    hours = [[0.0] * days, [0.0] * days]
    for total, intervals in zip(hours, (usual, real), strict=True):
        for start, stop, __ in intervals:
            offset = (start.date() - today).days
            if 0 <= offset < days:
                total[offset] += (stop - start).total_seconds()
    return [min(worked / full, 1.0) if full else 0.0 for full, worked in zip(*hours, strict=True)]
