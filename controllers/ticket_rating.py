"""The page on which a customer rates how a ticket was solved, by Odoo's own links."""

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request
from odoo.tools import consteq
from odoo.tools.misc import get_lang

from odoo.addons.rating.controllers.main import Rating


class TicketRating(Rating):
    @http.route()
    def action_open_rating(self, token, rate, **kwargs):
        rating, ticket = self._ticket_rating(token)
        if not ticket:
            return super().action_open_rating(token, rate, **kwargs)
        if rate not in ticket._rating_words():
            raise NotFound
        return self._refused(ticket, rating.partner_id) or self._page(
            "customer_success.ticket_rating_page", ticket, rating, token=token, rate=rate
        )

    @http.route()
    def action_submit_rating(self, token, rate=0, **kwargs):
        rating, ticket = self._ticket_rating(token)
        if not ticket:
            return super().action_submit_rating(token, rate=rate, **kwargs)
        refused = self._refused(ticket, rating.partner_id)
        if refused:
            return refused
        if request.httprequest.method == "POST":
            self._apply(ticket, rating, rate, kwargs.get("feedback"))
        return self._page("customer_success.ticket_rating_thanks", ticket, rating)

    @http.route(
        "/my/ticket/<int:ticket_id>/rate",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def rate_ticket(self, ticket_id, rate=0, feedback=None, access_token=None, **kwargs):
        """From the customer's own page of the ticket, asked or not; logged in, or by a mail's link."""
        ticket = request.env["customer.ticket"].sudo().browse(ticket_id).exists()
        if not ticket:
            raise NotFound
        if request.env.user._is_public() and not self._opens(ticket, access_token):
            raise NotFound
        refused = self._refused(ticket, ticket.partner_id)
        if refused:
            return refused
        if not ticket.solved_at:
            raise NotFound
        rating = ticket._rating_of_solution()
        if not rating:
            user = request.env.user
            partner = ticket._rating_get_partner() if user._is_public() else user.partner_id
            ticket._rating_get_access_token(partner)
            rating = ticket._rating_of_solution()
        self._apply(ticket, rating, rate, feedback)
        token = f"&access_token={access_token}" if access_token else ""
        return request.redirect(f"/my/tickets/{ticket.id}?message=rated{token}")

    # ---- who, what, in which words -------------------------------------------------------------

    def _ticket_rating(self, token):
        rating, record = self._get_rating_and_record(token)
        return rating, record if record._name == "customer.ticket" else None

    def _opens(self, ticket, access_token):
        return bool(
            access_token and ticket.access_token and consteq(access_token, ticket.access_token)
        )

    def _refused(self, ticket, partner):
        """Whoever is logged in and is not of the customer's firm: above all, we ourselves."""
        user = request.env.user
        if user._is_public():
            return None
        firm = partner.commercial_partner_id
        if not user._is_internal() and user.partner_id.commercial_partner_id == firm:
            return None
        response = request.render(
            "customer_success.ticket_rating_refused",
            {"ticket": ticket, "colleague": user._is_internal()},
        )
        response.status_code = 403
        return response

    def _apply(self, ticket, rating, rate, feedback):
        try:
            rate = int(rate)
        except ValueError:
            rate = 0
        if rate not in ticket._rating_words():
            raise NotFound
        ticket.rating_apply(rate, rating=rating, feedback=(feedback or "").strip() or None)

    def _page(self, template, ticket, rating, **values):
        lang = rating.partner_id.lang or get_lang(request.env).code
        return (
            request.env["ir.ui.view"]
            .with_context(lang=lang)
            ._render_template(
                template,
                {
                    "ticket": ticket.with_context(lang=lang),
                    "rating": rating,
                    "res_company": ticket.company_id,
                    "rate_words": ticket.with_context(lang=lang)._rating_words(),
                    **values,
                },
            )
        )
