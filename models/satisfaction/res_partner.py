from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_no_rating = fields.Boolean(
        "Do Not Ask for Ratings",
        groups="customer_success.group_customer_own",
        help="The customer asked not to be asked how a ticket was solved. On a company it holds for "
        "all its contacts. Rating by itself stays possible.",
    )

    def _wants_no_rating(self):
        """Those of these contacts who, or whose firm, asked not to be asked."""
        return self.sudo().filtered(
            lambda partner: (
                partner.customer_no_rating or partner.commercial_partner_id.customer_no_rating
            )
        )

    def _are_colleagues(self):
        """Those of these contacts who are of our own house: a user of ours, or one of our companies."""
        partners = self.sudo()
        houses = self.env["res.company"].sudo().search([("partner_id", "!=", False)]).partner_id
        return partners.filtered(
            lambda partner: not partner.partner_share or partner.commercial_partner_id in houses
        )
