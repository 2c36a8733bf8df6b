from odoo import models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Odoo deletes what would be double: two messages on one occasion are told apart first."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_care_message m
                   SET occasion_key = m.occasion_key || '/' || m.id
                 WHERE m.partner_id IN %(gone)s
                   AND EXISTS (SELECT 1 FROM customer_care_message same
                                WHERE same.program_id = m.program_id
                                  AND same.occasion_key = m.occasion_key
                                  AND (same.partner_id = %(kept)s
                                       OR same.partner_id IN %(gone)s AND same.id < m.id))
                """,
                gone=tuple(src_partners.ids) or (0,),
                kept=dst_partner.id,
            )
        )
        self.env["customer.care.message"].invalidate_model(flush=False)
        return super()._update_foreign_keys(src_partners, dst_partner)
