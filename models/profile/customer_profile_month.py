from odoo import fields, models


class CustomerProfileMonth(models.Model):
    """How many customers were in which tier and stage at the end of a month, as known then."""

    _name = "customer.profile.month"
    _description = "Customers At The End Of A Month"
    _log_access = False
    _order = "month desc, id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    month = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True, index=True)
    value_tier_id = fields.Many2one("customer.tier", readonly=True, index=True)
    lifecycle_stage_id = fields.Many2one("customer.lifecycle.stage", readonly=True, index=True)
    customers = fields.Integer(readonly=True)
    buyers = fields.Integer(readonly=True)
    revenue = fields.Float(readonly=True)
