from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.consent.choices import CHANNELS


class CarePreferences(CustomerPortal):
    """What we may write about, chosen by whom it concerns. Looking at it changes nothing."""

    # ---- by a link, without a login ------------------------------------------------------------

    @route(
        "/care/preferences/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def care_preferences(self, token, **post):
        partner, company, __ = self._opened_by(token)
        return self._preferences(partner, company, post, {"no_breadcrumbs": True})

    @route(
        "/care/unsubscribe/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        csrf=False,
        save_session=False,
        methods=["GET", "POST"],
    )
    def care_unsubscribe(self, token, **post):
        """RFC 8058: the unsubscribe button of a mail program refuses one purpose, and nothing else.

        Whoever follows the link instead comes to the page: programs that follow every link of a
        message must not unsubscribe anybody.
        """
        partner, company, purpose = self._opened_by(token)
        if not purpose:
            raise NotFound
        if request.httprequest.method == "POST" and post.get("List-Unsubscribe") == "One-Click":
            request.env["customer.consent"].sudo()._say(
                company, partner, {(purpose, "email"): False}, "one_click"
            )
            return request.make_response("", [("Content-Type", "text/plain")])
        return request.redirect(f"/care/preferences/{partner._care_token(company)}")

    def _opened_by(self, token):
        found = request.env["res.partner"]._from_care_token(token)
        if not found:
            raise NotFound
        return found

    # ---- as a portal user ----------------------------------------------------------------------

    @route(
        "/my/preferences",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def my_preferences(self, **post):
        values = {**self._prepare_portal_layout_values(), "page_name": "care_preferences"}
        return self._preferences(
            request.env.user.partner_id.sudo(), request.env.company.sudo(), post, values
        )

    # ---- both ----------------------------------------------------------------------------------

    def _preferences(self, partner, company, post, values):
        if partner.lang and not request.env.user.has_group("base.group_user"):
            request.update_context(lang=partner.lang)
        Consent = request.env["customer.consent"].sudo()
        channels = self._channels(partner)
        shown = {
            (purpose, channel): allowed
            for (purpose, channel), allowed in Consent._allowed(company, partner).items()
            if channel in channels
        }
        saved = request.httprequest.method == "POST"
        if saved:
            shown = {
                (purpose, channel): f"{purpose.code}:{channel}" in post
                for purpose, channel in shown
            }
            Consent._say(company, partner, shown, "page")
        labels = dict(Consent._fields["channel"]._description_selection(request.env))
        response = request.render(
            "customer_success.care_preferences",
            {
                **values,
                "partner": partner,
                "company": company,
                "channels": [(code, labels[code]) for code, __ in CHANNELS if code in channels],
                "purposes": list(dict.fromkeys(purpose for purpose, __ in shown)),
                "allowed": {(purpose.id, channel): on for (purpose, channel), on in shown.items()},
                "saved": saved,
            },
        )
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def _channels(self, partner) -> set[str]:
        """By which we could write to this contact at all."""
        found = {"email"} if partner.email else set()
        if partner.phone:
            found |= {"sms", "phone"}
        if partner.street or partner.commercial_partner_id.street:
            found.add("post")
        return found or {"email"}
