from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_winback_limit = fields.Monetary(
        related="company_id.customer_winback_limit", readonly=False, currency_field="currency_id"
    )
    customer_pool_on = fields.Boolean(related="company_id.customer_pool_on", readonly=False)
    customer_pool_warn_days = fields.Integer(
        related="company_id.customer_pool_warn_days", readonly=False
    )
    customer_pool_protect_days = fields.Integer(
        related="company_id.customer_pool_protect_days", readonly=False
    )
    customer_pool_max_held = fields.Integer(
        related="company_id.customer_pool_max_held", readonly=False
    )
    customer_pool_max_claims = fields.Integer(
        related="company_id.customer_pool_max_claims", readonly=False
    )
