"""Working hours and holidays move due times: the open tickets concerned are computed anew."""

from odoo import api, models


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {
            "tz",
            "attendance_ids",
            "flexible_hours",
            "hours_per_day",
            "two_weeks_calendar",
        }:
            self._refresh_ticket_clocks()
        return result

    def _refresh_ticket_clocks(self, companies=None):
        """Open tickets of teams that work by one of these calendars, or in one of these companies."""
        teams = self.env["customer.ticket.team"].sudo().search([("active", "=", True)])
        self.env["customer.ticket"]._refresh_clocks_of(
            teams.filtered(
                lambda team: (
                    team._calendar() in self or (companies and team.company_id in companies)
                )
            )
        )


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        attendances = super().create(vals_list)
        attendances.calendar_id._refresh_ticket_clocks()
        return attendances

    def write(self, vals):
        result = super().write(vals)
        self.calendar_id._refresh_ticket_clocks()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars._refresh_ticket_clocks()
        return result


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    def _refresh_ticket_clocks(self):
        """Public holidays only: a colleague's leave moves no clock."""
        public = self.filtered(lambda leave: not leave.resource_id)
        if public:
            everywhere = public.filtered(lambda leave: not leave.calendar_id)
            companies = everywhere.company_id
            if any(not leave.company_id for leave in everywhere):
                companies = self.env["res.company"].sudo().search([("active", "=", True)])
            public.calendar_id._refresh_ticket_clocks(companies)

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._refresh_ticket_clocks()
        return leaves

    def write(self, vals):
        before = self.calendar_id
        result = super().write(vals)
        self._refresh_ticket_clocks()
        before._refresh_ticket_clocks()
        return result

    def unlink(self):
        public = self.filtered(lambda leave: not leave.resource_id)
        calendars = public.calendar_id
        companies = public.filtered(lambda leave: not leave.calendar_id).company_id
        result = super().unlink()
        calendars._refresh_ticket_clocks(companies)
        return result
