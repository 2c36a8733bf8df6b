from odoo import api, fields, models


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    segment_ids = fields.Many2many(
        "customer.segment",
        string="Segments",
        compute="_compute_segment_ids",
        search="_search_segment_ids",
        help="The segments whose conditions this customer meets now.",
    )

    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_segment_ids(self):
        found = self.env["customer.segment"]._segments_of(self)
        for profile in self:
            profile.segment_ids = found.get(profile._origin.id)

    def _search_segment_ids(self, operator, value):
        return self.env["customer.segment"]._search_members(
            operator, value, lambda segment: segment._members()
        )
