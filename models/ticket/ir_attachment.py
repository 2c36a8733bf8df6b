from odoo import models
from odoo.exceptions import UserError

from ...tools.customer_files import HEAD
from .customer_ticket_files import CustomerFile


class IrAttachment(models.Model):
    """Customers open files by the key that comes with each, never by number: Odoo sees to that. What
    they upload straight to a ticket passes the gate that all their files pass.
    """

    _inherit = "ir.attachment"

    def _as_customer_files(self):
        return [
            CustomerFile(attachment.name, (attachment.raw or b"")[:HEAD], attachment.file_size or 0)
            for attachment in self
        ]

    def _post_add_create(self, **kwargs):
        Ticket = self.env["customer.ticket"].sudo()
        if self.env.user.share:
            for attachment in self.sudo().filtered(lambda file: file.res_model == Ticket._name):
                ticket = Ticket.browse(attachment.res_id)
                reasons = ticket._why_not_all(attachment._as_customer_files(), ticket.company_id)
                if reasons:
                    raise UserError("\n".join(reasons))
        return super()._post_add_create(**kwargs)
