from odoo import api, fields, models

from ..profile.res_partner import GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_segment_ids = fields.Many2many(
        "customer.segment",
        string="Customer Segments",
        compute="_compute_customer_segment_ids",
        search="_search_customer_segment_ids",
        groups=GROUPS,
        help="The segments of its firm in the active company, among the customers you may see. "
        "Use it in any filter on contacts, such as the recipients of a mailing.",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_customer_segment_ids(self):
        Segment = self.env["customer.segment"]
        profiles = self.env["customer.profile"].search(
            [("partner_id", "in", self.commercial_partner_id.ids)], order="id"
        )
        own_company = {segment.id: segment.company_id for segment in Segment.search([])}
        found = Segment._segments_of(profiles)
        by_partner = profiles.grouped("partner_id")
        for partner in self:
            partner.customer_segment_ids = [
                segment_id
                for profile in by_partner.get(partner.commercial_partner_id, ())
                for segment_id in found[profile.id]
                if profile.company_id == (own_company[segment_id] or self.env.company)
            ]

    def _search_customer_segment_ids(self, operator, value):
        return self.env["customer.segment"]._search_members(
            operator, value, lambda segment: segment._partners()
        )
