import logging

from odoo import api, models

from ...tools.automatic_mail import is_automatic

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """What a program sent opens no ticket, moves none and is answered by none.

        Odoo recognises bounces and senders that write too often; an out-of-office note in answer to
        our confirmation is neither.
        """
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        if any(route[0] == "customer.ticket" for route in routes) and is_automatic(message.items()):
            _logger.info(
                "Ignored mail from %s to %s with Message-Id %s: a program sent it",
                message_dict.get("email_from"),
                message_dict.get("to"),
                message_dict.get("message_id"),
            )
            routes = [route for route in routes if route[0] != "customer.ticket"]
        return routes
