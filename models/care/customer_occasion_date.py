import logging
from datetime import date

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

#: Years beside this one whose days are looked up: a greeting may be written weeks ahead.
_YEARS_AHEAD = 2


class CustomerOccasionDate(models.Model):
    """The day of a holiday in one year. Corrected by a person, the calendar changes it no more."""

    _name = "customer.occasion.date"
    _description = "Day Of An Occasion"
    _order = "day"

    occasion_id = fields.Many2one(
        "customer.occasion", required=True, ondelete="cascade", index=True
    )
    day = fields.Date(required=True)
    year = fields.Integer(compute="_compute_year", store=True)
    by_hand = fields.Boolean("Entered By Hand", default=True, readonly=True)

    _year_uniq = models.Constraint(
        "UNIQUE(occasion_id, year)", "A holiday has one day a year: change the one that is there."
    )

    @api.depends("day")
    def _compute_year(self):
        for each in self:
            each.year = each.day and each.day.year

    def write(self, vals):
        if "day" in vals and "by_hand" not in vals:
            vals = vals | {"by_hand": True}
        return super().write(vals)

    @api.model
    def _cron_fill(self):
        """Once a month: the years that came into sight since."""
        self._fill(self.env["customer.occasion"].search([("kind", "=", "holiday")]))

    @api.model
    def _fill(self, occasions):
        """Store the days that the calendars of countries have; a day entered by hand stays."""
        occasions = occasions.filtered(
            lambda each: each.kind == "holiday" and each.country_id and each.holiday_name
        )
        this_year = fields.Date.context_today(self).year
        years = range(this_year, this_year + _YEARS_AHEAD + 1)
        for occasion in occasions:
            found = _looked_up(occasion.country_id.code, occasion.holiday_name, years)
            known = {each.year: each for each in occasion.date_ids}
            for year, day in found.items():
                if year not in known:
                    self.create({"occasion_id": occasion.id, "day": day, "by_hand": False})
                elif known[year].day != day and not known[year].by_hand:
                    known[year].write({"day": day, "by_hand": False})


def _looked_up(country: str, name: str, years) -> dict[int, date]:
    """The first day of a holiday by year; empty where no calendar knows it."""
    try:
        import holidays
    except ImportError:  # an installation that lost it keeps the days it has
        _logger.info("The Python package “holidays” is not installed: no holidays looked up")
        return {}
    try:
        calendar = holidays.country_holidays(country, years=list(years), language="en_US")
    except (NotImplementedError, KeyError):
        return {}
    found: dict[int, date] = {}
    for day in sorted(calendar.get_named(name, lookup="icontains")):
        found.setdefault(day.year, day)
    return found
