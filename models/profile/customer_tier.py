from odoo import fields, models


class CustomerTier(models.Model):
    """A value tier as data: what a company calls it, its place in the order, its colour.

    Which score earns it is the value policy's business.
    """

    _name = "customer.tier"
    _description = "Value Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="A short name for imports and formulas: key, high, …")
    sequence = fields.Integer(default=10, help="The most valuable tier comes first.")
    color = fields.Integer()
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="What customers of this tier get: cadence, service, benefits."
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "Another tier already has this code.")
