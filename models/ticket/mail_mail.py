"""Mails to customers that a mail server did not take: tried again, to those who have not got them."""

from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.mail import email_normalize, email_split

from ...tools.mail_failures import WAITS, is_for_good

#: Failures that time may mend; a wrong address is none of them.
_MENDABLE = (False, "unknown", "mail_smtp")
#: Mails put back into the queue in one round.
BATCH = 500


class MailMail(models.Model):
    _inherit = "mail.mail"

    customer_tries = fields.Integer(
        "Tried Again", readonly=True, copy=False, help="How often a mail about a ticket was."
    )

    _ticket_failed_idx = models.Index("(customer_tries, write_date) WHERE state = 'exception'")

    @api.model
    def _ticket_retry_domain(self, now: datetime) -> Domain:
        """Mails about tickets that failed and whose wait is over."""
        ripe = Domain.OR(
            Domain("customer_tries", "=", tries) & Domain("write_date", "<=", now - wait)
            for tries, wait in enumerate(WAITS)
        )
        return (
            Domain("state", "=", "exception")
            & Domain("model", "=", "customer.ticket")
            & Domain("failure_type", "in", _MENDABLE)
            & ripe
        )

    @api.model
    def _cron_retry_ticket_mail(self):
        """Put failed mails back into Odoo's own queue, each after its wait.

        Odoo leaves a mail that failed for ever. A mail keeps its Message-ID: should a server have taken
        it without saying so, the recipient's programs know it for the same.
        """
        domain = self._ticket_retry_domain(fields.Datetime.now())
        failed = self.search(domain, limit=BATCH, order="id")
        for mail in failed.try_lock_for_update().filtered_domain(domain):
            if is_for_good(mail.failure_reason):
                mail.customer_tries = len(WAITS)
                continue
            mail._leave_out_who_has_it()
            mail.write({"state": "outgoing", "customer_tries": mail.customer_tries + 1})
        if failed:
            self.env["customer.ticket"]._send_queue_soon()

    def _leave_out_who_has_it(self):
        """One mail goes to several, one after the other: some may have got it before it failed."""
        reached = (
            self.env["mail.notification"]
            .sudo()
            .search([("mail_mail_id", "=", self.id), ("notification_status", "=", "sent")])
        )
        addresses = {email_normalize(address) for address in reached.mapped("mail_email_address")}
        self.recipient_ids -= reached.res_partner_id
        if self.email_to:
            self.email_to = ",".join(
                address
                for address in email_split(self.email_to)
                if email_normalize(address) not in addresses
            )
