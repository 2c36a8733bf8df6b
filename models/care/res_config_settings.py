from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_care_email_week = fields.Integer(
        related="company_id.customer_care_email_week", readonly=False
    )
    customer_care_email_month = fields.Integer(
        related="company_id.customer_care_email_month", readonly=False
    )
    customer_care_sms_week = fields.Integer(
        related="company_id.customer_care_sms_week", readonly=False
    )
    customer_care_sms_month = fields.Integer(
        related="company_id.customer_care_sms_month", readonly=False
    )
    customer_care_quiet_from = fields.Float(
        related="company_id.customer_care_quiet_from", readonly=False
    )
    customer_care_quiet_to = fields.Float(
        related="company_id.customer_care_quiet_to", readonly=False
    )
    customer_care_overdue_days = fields.Integer(
        related="company_id.customer_care_overdue_days", readonly=False
    )
