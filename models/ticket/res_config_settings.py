from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_file_count = fields.Integer(related="company_id.customer_file_count", readonly=False)
    customer_file_size = fields.Integer(related="company_id.customer_file_size", readonly=False)
    customer_file_kinds = fields.Char(related="company_id.customer_file_kinds", readonly=False)
    customer_opinions_per_hour = fields.Integer(
        related="company_id.customer_opinions_per_hour", readonly=False
    )
    customer_opinions_per_day = fields.Integer(
        related="company_id.customer_opinions_per_day", readonly=False
    )
