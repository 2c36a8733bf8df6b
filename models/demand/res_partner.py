from odoo import api, fields, models

from ..profile.res_partner import GROUPS, SHOWN

# Joined as the others are, so that contacts can be sorted and grouped by it.
SHOWN["demand_focus_id"] = "demand_focus_id"


class ResPartner(models.Model):
    _inherit = "res.partner"

    demand_focus_id = fields.Many2one(
        "customer.demand.focus",
        compute="_compute_demand_focus_id",
        search="_search_demand_focus_id",
        groups=GROUPS,
    )

    @api.depends("customer_profile_id.demand_focus_id")
    @api.depends_context("company", "uid")
    def _compute_demand_focus_id(self):
        for partner in self:
            partner.demand_focus_id = partner.customer_profile_id.demand_focus_id

    def _search_demand_focus_id(self, operator, value):
        return self._search_on_profile("demand_focus_id", operator, value)
