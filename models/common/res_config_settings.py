from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_fact_source = fields.Selection(
        related="company_id.customer_fact_source", readonly=False
    )
