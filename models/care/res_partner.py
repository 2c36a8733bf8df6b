from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_birthday = fields.Date(
        "Birthday",
        index="btree_not_null",
        help="Only day and month are used: where the year is not known, choose any. A birthday on 29 "
        "February is kept on the 28th in other years.",
    )
