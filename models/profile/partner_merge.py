from odoo import models

#: Fields of a choice made by hand; they move together.
MANUAL_FIELDS = {
    "manual_tier_id": ("manual_tier_reason", "manual_tier_user_id", "manual_tier_until"),
    "manual_stage_id": ("manual_stage_reason", "manual_stage_user_id", "manual_stage_until"),
}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Fold the profiles together first: there is one per company and customer."""
        self._fold_customer_profiles(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _fold_customer_profiles(self, src_partners, dst_partner):
        """Per company keep one profile, with the histories of all and the choices by hand.

        The choice of the kept customer stands; otherwise the newest of the others does.

        The figures follow from the documents, which the merge moves to ``dst_partner``: a mark has
        them computed anew.
        """
        Profile = self.env["customer.profile"].sudo().with_context(active_test=False)
        profiles = Profile.search([("partner_id", "in", (src_partners | dst_partner).ids)])
        for company, found in profiles.grouped("company_id").items():
            own = found.filtered(lambda p: p.partner_id == dst_partner)
            kept = own or found[:1]
            folded = found - kept
            for field, others in MANUAL_FIELDS.items():
                since = field.removeprefix("manual_").replace("_id", "_since")
                chosen = found.filtered(field).sorted(since, reverse=True)
                source = (chosen & own or chosen)[:1]
                if source:
                    kept.write({name: source[name] for name in (field, *others)})
            folded._hand_over_to(kept)
            self.env["customer.mark"]._add([(company.id, dst_partner.id)])
