from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .choices import KINDS


class CustomerOccasion(models.Model):
    """When there is a reason to write: a holiday, a birthday, something that happened.

    The days of holidays are stored year by year (``customer.occasion.date``): taken from a calendar,
    corrected by people.
    """

    _name = "customer.occasion"
    _description = "Occasion"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default="holiday")

    # Holiday
    country_id = fields.Many2one(
        "res.country", help="In whose calendar the holiday is looked up.", ondelete="restrict"
    )
    holiday_name = fields.Char(
        "Name In The Calendar",
        help="In English, or a part of it, for example “Spring Festival”. Of a holiday of several "
        "days the first counts.",
    )
    everywhere = fields.Boolean(
        help="For customers of all countries. Otherwise only for those in this country; a customer "
        "without a country is taken to be in the company's."
    )
    date_ids = fields.One2many("customer.occasion.date", "occasion_id", "Days")
    next_date = fields.Date("Next", compute="_compute_next_date")
    lacks_dates = fields.Boolean(compute="_compute_next_date")

    # Every so many weeks
    weeks = fields.Integer(
        "Every", default=4, help="Weeks, counted from the day a program started."
    )

    # Transition
    tier_ids = fields.Many2many("customer.tier", string="Entering Tiers")
    stage_ids = fields.Many2many("customer.lifecycle.stage", string="Entering Stages")

    _weeks_positive = models.Constraint(
        "CHECK (weeks > 0)", "At least one week lies between two messages."
    )

    @api.constrains("kind", "country_id", "holiday_name", "tier_ids", "stage_ids")
    def _check_complete(self):
        for occasion in self:
            if occasion.kind == "transition" and not (occasion.tier_ids or occasion.stage_ids):
                raise ValidationError(
                    self.env._(
                        "%s: choose the tiers or stages that a customer enters.", occasion.name
                    )
                )
            if occasion.kind == "holiday" and occasion.holiday_name and not occasion.country_id:
                raise ValidationError(
                    self.env._(
                        "%s: choose the country in whose calendar the holiday is, or leave its name "
                        "there empty and enter the days by hand.",
                        occasion.name,
                    )
                )

    @api.depends("date_ids.day", "kind")
    def _compute_next_date(self):
        today = self.env.company._customer_today()
        for occasion in self:
            days = [day for day in occasion.date_ids.mapped("day") if day and day >= today]
            occasion.next_date = min(days, default=False)
            occasion.lacks_dates = occasion.kind == "holiday" and not days

    @api.model_create_multi
    def create(self, vals_list):
        occasions = super().create(vals_list)
        occasions._fill_dates()
        return occasions

    def write(self, vals):
        result = super().write(vals)
        if {"kind", "country_id", "holiday_name"} & vals.keys():
            self._fill_dates()
        return result

    def action_fill_dates(self):
        """Look the days up again; what people entered stays."""
        self.check_access("write")
        self._fill_dates()

    def _fill_dates(self):
        self.env["customer.occasion.date"].sudo()._fill(self)
