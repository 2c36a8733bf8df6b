"""Files of tickets: which of them customers may open, and which they may leave there."""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.customer_files import HEAD
from .customer_ticket_files import CustomerFile

_TICKET = "customer.ticket"


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _as_customer_files(self):
        return [
            CustomerFile(attachment.name, (attachment.raw or b"")[:HEAD], attachment.file_size or 0)
            for attachment in self
        ]

    def _post_add_create(self, **kwargs):
        """An upload of a customer straight to a ticket."""
        if self.env.user.share:
            for attachment in self.sudo().filtered(lambda file: file.res_model == _TICKET):
                ticket = self.env[_TICKET].sudo().browse(attachment.res_id)
                reasons = ticket._why_not_all(attachment._as_customer_files(), ticket.company_id)
                if reasons:
                    raise UserError("\n".join(reasons))
        return super()._post_add_create(**kwargs)

    def _check_access(self, operation):
        """Customers open what they were sent, not what colleagues attached to a note among them."""
        result = super()._check_access(operation)
        if self.env.su or not self.env.user.share or operation != "read" or not any(self._ids):
            return result
        forbidden, error = result or (self.browse(), None)
        hidden = (self - forbidden)._hidden_from_customers()
        if not hidden:
            return result
        return forbidden | hidden, error or (lambda: hidden._make_hidden_error())

    def _hidden_from_customers(self):
        """Those that lie at a ticket without having been told to the customer."""
        files = self.sudo().filtered(
            lambda file: file.res_model == _TICKET and file.res_id and not file.public
        )
        if not files:
            return self.browse()
        Message = self.env["mail.message"].sudo()
        said = self.env[_TICKET].sudo().search([("said_attachment_ids", "in", files.ids)])
        told = Message.search(
            Domain("model", "=", _TICKET)
            & Domain("attachment_ids", "in", files.ids)
            & Message._get_search_domain_share()
        )
        return self.browse((files - said.said_attachment_ids - told.attachment_ids).ids)

    def _make_hidden_error(self):
        return self.env["ir.rule"]._make_access_error("read", self)
