"""Mail in and out: a ticket opened by mail, the customer told at each step, and who said what."""

from odoo import api, fields, models
from odoo.tools import is_html_empty
from odoo.tools.mail import email_normalize, html_sanitize

#: Messages that somebody wrote, as opposed to what the system says by itself.
_SPOKEN = ("comment", "email", "email_outgoing")
#: In the context of a ticket that a mail opens, until that mail is in it.
TOLD_LATER = "customer_ticket_told_later"


class CustomerTicket(models.Model):
    _inherit = "customer.ticket"

    _primary_email = "email_from"
    _mail_post_access = "read"
    _mail_thread_customer = True

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["contact_id", "partner_id"]

    def _mail_get_partners(self, introspect_fields=False):
        """One person speaks for the customer: the contact, else the firm; never both at once."""
        Partner = self.env["res.partner"]
        return {
            ticket.id: Partner.browse((ticket.contact_id or ticket.partner_id).ids)
            for ticket in self.sudo()
        }

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Answers come back to the team's address."""
        replies = self.sudo().team_id._notify_get_reply_to(default=default, author_id=author_id)
        return {ticket.id: replies.get(ticket.team_id.id, default) for ticket in self}

    # ---- in ------------------------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to a team's address opens a ticket, whoever wrote it.

        A colleague's mail was forwarded for somebody: it is no customer's, until somebody says whose.
        """
        author = self.env["res.partner"].browse(msg_dict.get("author_id") or [])
        if author and not author.partner_share:
            author = author.browse()
        values = {
            "name": msg_dict.get("subject") or self.env._("(no subject)"),
            "channel": "email",
            "said": html_sanitize(msg_dict.get("body") or ""),
            "user_id": False,
            **({"contact_id": author.id} if author else {}),
            **(custom_values or {}),
        }
        # its confirmation waits until the mail is in the ticket, so that it is an answer to it
        later = self.with_context(**{TOLD_LATER: True})
        return super(CustomerTicket, later).message_new(msg_dict, values)

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if self and message.model == self._name:
            self._hear(message, recipients)
            if self.env.context.get(TOLD_LATER):
                self.with_context(**{TOLD_LATER: False})._tell()
        return recipients

    def _hear(self, message, recipients):
        """Tell the clocks who said what to whom.

        Only what a person wrote counts, and of what we wrote only what went to somebody outside: an
        automatic confirmation is no answer, nor is a note among colleagues.
        """
        if (
            message.message_type not in _SPOKEN
            or message.is_internal
            or message.subtype_id.internal
        ):
            return
        now, author = fields.Datetime.now(), message.author_id
        if not author or author.partner_share:
            self._customer_wrote(now)
        elif any(recipient["share"] for recipient in recipients) or message.outgoing_email_to:
            self._answered(now)

    # ---- out -----------------------------------------------------------------------------------

    def _address(self):
        """The contact to write to, or the bare address of a sender whom nobody knows.

        An address typed into an opinion box may be anybody's: nothing is sent there by itself before
        one of us took the ticket up, else the box would write to whomever a joker names.
        """
        ticket = self.sudo()
        for partner in (ticket.contact_id, ticket.partner_id):
            if partner.email:
                return partner, False
        if ticket.channel == "opinion_box" and ticket.stage_id == ticket.stage_id._first():
            return ticket.contact_id.browse(), False
        return ticket.contact_id.browse(), email_normalize(ticket.email_from or "") or False

    def _voice(self):
        """Who writes to the customer: whoever acts, else the owner; never a robot's name."""
        user = self.env.user
        if user._is_internal() and not user._is_superuser():
            return user.partner_id
        ticket = self.sudo()
        return ticket.user_id.partner_id or ticket.company_id.partner_id

    def _customer_lang(self) -> str:
        ticket = self.sudo()
        return ticket.contact_id.lang or ticket.partner_id.lang or self.env.lang or "en_US"

    def _tell(self):
        """Write to the customer what the ticket's stage says, in the customer's language.

        Telling how it was solved counts as telling; a confirmation counts as no answer of ours.
        """
        if self.env.context.get(TOLD_LATER):
            return
        for ticket in self:
            template = ticket.sudo().stage_id.template_id
            partner, address = ticket._address()
            if not template or not (partner or address):
                continue
            ids = ticket.ids
            render = template._render_field
            ticket.sudo().message_post(
                subject=render("subject", ids, compute_lang=True)[ticket.id],
                body=render("body_html", ids, compute_lang=True)[ticket.id],
                author_id=ticket._voice().id,
                partner_ids=partner.ids,
                outgoing_email_to=address,
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment",
                email_layout_xmlid="mail.mail_notification_light",
                email_add_signature=False,
            )
            if ticket.stage_id.clock == "stop":
                ticket.sudo().told_at = fields.Datetime.now()

    @api.model
    def _has_words(self, html) -> bool:
        """For templates: whether there is anything to quote."""
        return not is_html_empty(html)
