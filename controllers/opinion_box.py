"""The opinion box: a public page on which anybody says something, with or without a name."""

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.ticket.choices import KINDS
from ..models.ticket.customer_ticket_intake import LONGEST
from .ticket_portal import many_lines, title_of

TOO_MANY = 429
#: What Odoo's captcha, where one is set up, knows this form by.
CAPTCHA = "opinion_box"


class OpinionBox(http.Controller):
    def _form_values(self, team, post):
        kind = post.get("kind")
        Intake = request.env["customer.ticket.intake"]
        stamp = post.get("stamp")
        age = Intake._stamp_age(team, stamp)
        if age is None or age > LONGEST:
            stamp = Intake._stamp(team)
        return {
            "team": team,
            "company": team.company_id,
            "kinds": request.env["customer.ticket"]
            ._fields["kind"]
            ._description_selection(request.env),
            "kind": kind if kind in dict(KINDS) else "complaint",
            "words": many_lines(post.get("words")),
            "email": (post.get("email") or "")[:254],
            "stamp": stamp,
            "captcha": CAPTCHA,
            "errors": [],
        }

    def _show(self, values, errors=(), **response):
        values["errors"] = list(errors)
        return request.render("customer_success.opinion_box", values, **response)

    @http.route(
        "/opinions/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def opinion_box(self, token, **kw):
        team = request.env["customer.ticket.team"]._opinion_box(token)
        if not team:
            raise request.not_found()
        return self._show(self._form_values(team, {}))

    def _mistakes(self, team, values, post):
        """What the sender is asked to mend; who is known to us is nowhere told."""
        Intake = request.env["customer.ticket.intake"]
        errors = []
        if not values["words"]:
            errors.append(request.env._("Please write what you want to tell us."))
        if values["email"].strip() and not Intake._plain_address(values["email"]):
            errors.append(
                request.env._("The e-mail address is not complete. Correct it, or leave it empty.")
            )
        if not Intake._looks_human(team, post.get("stamp"), post.get("homepage")):
            errors.append(
                request.env._("Please read it once more, wait a moment and send it again.")
            )
        try:
            request.env["ir.http"]._verify_request_recaptcha_token(CAPTCHA)
        except UserError as error:
            errors.append(str(error))
        return errors

    @http.route(
        "/opinions/<string:token>/send",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def send_opinion(self, token, **post):
        team = request.env["customer.ticket.team"]._opinion_box(token)
        if not team:
            raise request.not_found()
        values = self._form_values(team, post)
        errors = self._mistakes(team, values, post)
        if errors:
            return self._show(values, errors)
        Intake = request.env["customer.ticket.intake"]
        limit = Intake._admit(team, request.httprequest.remote_addr or "")
        if limit:
            values["limit"] = limit
            return self._show(values, status=TOO_MANY)
        ticket = request.env["customer.ticket"]._open_by_customer(
            {
                "name": title_of(values["words"]),
                "kind": values["kind"],
                "channel": "opinion_box",
                "team_id": team.id,
                "email_from": Intake._plain_address(values["email"]),
            },
            values["words"],
        )
        request.session["opinion_ticket_id"] = ticket.id
        return request.redirect(f"/opinions/{token}/thanks")

    @http.route(
        "/opinions/<string:token>/thanks",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def opinion_thanks(self, token, **kw):
        """The number of what this visitor sent just now, and a link to come back by."""
        team = request.env["customer.ticket.team"]._opinion_box(token)
        ticket = (
            request.env["customer.ticket"]
            .sudo()
            .browse(request.session.get("opinion_ticket_id") or [])
            .exists()
        )
        if not team or ticket.team_id != team:
            return request.redirect(f"/opinions/{token}")
        return request.render(
            "customer_success.opinion_thanks",
            {
                "team": team,
                "company": team.company_id,
                "ticket": ticket,
                "link": ticket.get_base_url() + ticket.get_portal_url(),
            },
        )
