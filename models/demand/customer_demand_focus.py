from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.demand_focus import SPEAKS_FOR

#: The foci that what a customer does can speak for.
INFERRED = set(SPEAKS_FOR.values())
#: Where foci are named without a foreign key: model -> its fields.
USED_IN = {
    "customer.profile": ("demand_focus_id",),
    "customer.demand": ("computed_focus_id", "rival_focus_id", "manual_focus_id"),
    "customer.transition": ("from_focus_id", "to_focus_id"),
}


class CustomerDemandFocus(models.Model):
    """What a customer buys on (quality, price, service …), and what to do for customers who do.

    Those that come with the addon are inferred from what customers do. One that an administrator
    adds is inferred from what customers say, as soon as a ticket category is about it, and can be
    set by hand.
    """

    _name = "customer.demand.focus"
    _description = "Demand Focus"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="A short name for imports and formulas: quality, price, …"
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    measures = fields.Text(
        translate=True,
        help="What to do for customers who buy on this. Shown on their pages to whoever serves them.",
    )
    is_inferred = fields.Boolean(
        "Seen In Purchases",
        compute="_compute_is_inferred",
        help="Whether purchases and orders can speak for it, not only what customers say.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "Another demand focus already has this code.")

    @api.depends("code")
    def _compute_is_inferred(self):
        for focus in self:
            focus.is_inferred = focus.code in INFERRED

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Customers and the log name foci without a foreign key: keep what they name."""
        for model, names in USED_IN.items():
            used = Domain.OR(Domain(name, "in", self.ids) for name in names)
            records = self.env[model].sudo().with_context(active_test=False)
            if records.search_count(used, limit=1):
                raise UserError(
                    self.env._(
                        "Customers have or had one of these demand foci, and their history names "
                        "it. Archive it instead."
                    )
                )
