from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Tickets follow their contact: two persons of different firms became one, of one firm.

        Odoo moves every link to the partner that stays, but knows nothing of the customer of a ticket
        being the firm of its contact. Where that was not so before (the contact has moved on since),
        it is left as it was.
        """
        tickets = (
            self.env["customer.ticket"]
            .sudo()
            .with_context(active_test=False)
            .search(["|", ("contact_id", "in", partner_ids), ("partner_id", "in", partner_ids)])
            .filtered(lambda ticket: ticket.partner_id == ticket._firm())
        )
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        tickets.invalidate_recordset(["partner_id", "contact_id"])
        for ticket in tickets:
            firm = ticket._firm()
            if ticket.partner_id != firm:
                ticket.write({"partner_id": firm.id, "contact_id": ticket.contact_id.id})
        return result


class CustomerTicket(models.Model):
    _inherit = "customer.ticket"

    def _firm(self):
        return (self.contact_id or self.partner_id).commercial_partner_id
