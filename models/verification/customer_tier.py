from odoo import fields, models


class CustomerTier(models.Model):
    _inherit = "customer.tier"

    data_verify_days = fields.Integer(
        "Verify Data Every (Days)",
        default=365,
        help="How long what we know of a customer of this tier is trusted after somebody asked. "
        "0: it never falls due.",
    )

    _data_verify_days_not_negative = models.Constraint(
        "CHECK (data_verify_days >= 0)",
        "Data cannot be verified every so many negative days. Use 0 for never.",
    )
