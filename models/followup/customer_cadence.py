from math import inf

from odoo import api, fields, models

from ...tools.cadence import ANY, Rule


class CustomerCadence(models.Model):
    """How often to be in touch with which customers: the first rule that fits a customer counts.

    A company with rules of its own reads them together with the shared ones, in their order.
    """

    _name = "customer.cadence"
    _description = "Contact Cadence"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first rule that fits a customer counts.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", index="btree_not_null", help="Empty: for every company."
    )
    tier_id = fields.Many2one(
        "customer.tier", "Value Tier", ondelete="cascade", help="Empty: whatever the tier."
    )
    stage_id = fields.Many2one(
        "customer.lifecycle.stage",
        "Lifecycle Stage",
        ondelete="cascade",
        help="Empty: whatever the stage.",
    )
    bought = fields.Selection(
        [("yes", "Has bought"), ("no", "Has not bought yet")],
        "Purchases",
        required=True,
        default="yes",
    )
    buys_every = fields.Float(
        "Buys At Least Every (Days)",
        digits=(8, 2),
        help="Fits customers whose usual interval between purchases is no longer. 0: any.",
    )
    days = fields.Integer(
        "Contact Every (Days)",
        required=True,
        help="A follow-up is made when nobody was in touch for so long.",
    )

    _days_positive = models.Constraint(
        "CHECK (days >= 1)", "Contact at least a day apart: give 1 day or more."
    )
    _buys_every_positive = models.Constraint(
        "CHECK (buys_every >= 0)", "An interval between purchases cannot be negative."
    )

    @api.model
    def _of(self, company):
        """The rules of a company, in the order in which they are tried."""
        return self.sudo().search([("company_id", "in", (company.id, False))])

    def _kernel(self) -> list[Rule]:
        return [
            Rule(
                rule.days,
                None if rule.bought == "no" else rule.buys_every or inf,
                rule.tier_id.id or ANY,
                rule.stage_id.id or ANY,
            )
            for rule in self
        ]
