"""Asking for a rating: some time after the solution, once, and not everybody."""

from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.mail import email_normalize

#: Tickets looked at in one round of the scheduled action.
BATCH = 100
#: A solution older than this is not asked about any more: whoever switches ratings on does not write
#: to the customers of last year.
ASK_WITHIN = timedelta(days=14)


class CustomerTicket(models.Model):
    _inherit = "customer.ticket"

    rating_settled = fields.Boolean(
        readonly=True, copy=False, help="Of this solution it was decided whether to ask."
    )

    _rating_due_idx = models.Index(
        "(solved_at) WHERE solved_at IS NOT NULL AND rating_settled IS NOT TRUE"
    )

    def _forgotten_by_reopening(self) -> dict:
        return super()._forgotten_by_reopening() | {"rating_settled": False}

    @api.model
    def _rating_due_domain(self, now: datetime) -> Domain:
        """Solutions about which the customer is to be asked now. Who praised us is not asked."""
        asking = (
            self.env["customer.ticket.team"].sudo().search([("rating_template_id", "!=", False)])
        )
        due = Domain.FALSE
        for days, teams in asking.grouped("rating_after_days").items():
            ripe = now - timedelta(days=days)
            due |= (
                Domain("team_id", "in", teams.ids)
                & Domain("solved_at", "<=", ripe)
                & Domain("solved_at", ">", ripe - ASK_WITHIN)
            )
        return due & Domain("rating_settled", "=", False) & Domain("kind", "!=", "praise")

    @api.model
    def _cron_ask_for_ratings(self):
        """Ask each customer once for each solution."""
        now = fields.Datetime.now()
        commit = self.env["ir.cron"]._commit_progress
        domain = self._rating_due_domain(now)
        commit(remaining=self.search_count(domain))
        found = self.search(domain, limit=BATCH, order="solved_at, id")
        verdicts = found._rating_verdicts()
        for ticket in found._one_at_a_time(domain, commit):
            ticket._settle_rating(verdicts[ticket], now)
        if found:
            self._send_queue_soon()

    def _rating_verdicts(self) -> dict:
        """Whether to ask about each ticket, or why not: the ``verdict`` of its request."""
        contacts = {ticket: ticket._rating_get_partner() for ticket in self}
        everybody = self.env["res.partner"].union(*contacts.values())
        colleagues, declined = everybody._are_colleagues(), everybody._wants_no_rating()
        blacklisted = set(
            self.env["mail.blacklist"]
            .sudo()
            .search([("email", "in", [email_normalize(p.email) for p in everybody if p.email])])
            .mapped("email")
        )

        def verdict(contact):
            if not contact:
                return "unknown"
            if contact in colleagues:
                return "colleague"
            if contact in declined:
                return "declined"
            if not email_normalize(contact.email):
                return "no_address"
            return "blacklisted" if email_normalize(contact.email) in blacklisted else "asked"

        return {ticket: verdict(contact) for ticket, contact in contacts.items()}

    def _settle_rating(self, verdict: str, now: datetime):
        """Ask, or not, and write down which: in one transaction, so never twice."""
        self.ensure_one()
        self.env["customer.rating.request"].sudo().create(
            {
                "ticket_id": self.id,
                "attempt": self.reopened_count,
                "at": now,
                "verdict": verdict,
                "partner_id": self._rating_get_partner().id,
            }
        )
        self.sudo().rating_settled = True
        if verdict == "asked":
            self._send_rating_request()

    def _send_rating_request(self):
        """To the contact alone. The links are in the mail; in the ticket we could follow them."""
        ticket = self.sudo()
        template = ticket.team_id.rating_template_id
        ticket.message_post(
            subject=template._render_field("subject", ticket.ids, compute_lang=True)[ticket.id],
            body=template._render_field("body_html", ticket.ids, compute_lang=True)[ticket.id],
            author_id=ticket._voice().id,
            partner_ids=ticket._rating_get_partner().ids,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_note",
            email_layout_xmlid="customer_success.mail_layout_ticket_rating",
            email_add_signature=False,
        )
