import base64
import binascii
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import hash_sign, hmac, verify_hash_signed

from ..profile.res_partner import GROUPS
from .choices import CHANNELS

_SCOPE = "customer_success.preferences"
#: How long a link in a message opens the preferences. The law has it work for a month at least.
VALID = timedelta(days=730)


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_consent_ids = fields.One2many(
        "customer.consent", "partner_id", "Consent History", groups=GROUPS, readonly=True
    )
    customer_consent_summary = fields.Html(
        "What We May Write About",
        compute="_compute_customer_consent_summary",
        sanitize=False,
        groups=GROUPS,
    )

    @api.depends("customer_consent_ids")
    @api.depends_context("company", "lang")
    def _compute_customer_consent_summary(self):
        """A small table, purposes by channels, of what holds in the active company."""
        Consent = self.env["customer.consent"]
        channels = Consent._fields["channel"]._description_selection(self.env)
        head = Markup("").join(
            Markup("<th class='text-center'>%s</th>") % name for __, name in channels
        )
        texts = {
            (True, True): ("fa-check text-success", self.env._("Allowed")),
            (True, False): ("fa-check text-muted", self.env._("Allowed unless refused")),
            (False, True): ("fa-ban text-danger", self.env._("Refused")),
            (False, False): ("fa-minus text-muted", self.env._("Not asked yet")),
        }
        states = Consent._states(self.env.company, self._origin)
        purposes = self.env["customer.consent.purpose"].search([("active", "=", True)])
        for partner in self:
            rows = Markup("")
            allowed = Consent._allowed(self.env.company, partner._origin, states)
            for purpose in purposes:
                cells = Markup("")
                for channel, __ in CHANNELS:
                    said = (partner._origin.id, purpose.id, channel) in states
                    icon, text = texts[allowed[purpose, channel], said]
                    cells += Markup(
                        "<td class='text-center'><i class='fa %s' role='img' title='%s'"
                        " aria-label='%s'></i></td>"
                    ) % (icon, text, text)
                rows += Markup("<tr><td>%s</td>%s</tr>") % (purpose.name, cells)
            partner.customer_consent_summary = Markup(
                "<table class='table table-sm mb-0'><thead><tr><th></th>%s</tr></thead>"
                "<tbody>%s</tbody></table>"
            ) % (head, rows)

    # ---- links that need no login --------------------------------------------------------------

    def _care_token(self, company, purpose=None) -> str:
        """A token that opens the preferences of this contact at its present address, and no other's.

        :param purpose: for the unsubscribe button of mail programs: the only one it can refuse
        """
        self.ensure_one()
        values = [self.id, company.id, self._care_address(), purpose.id if purpose else 0]
        return hash_sign(self.env(su=True), _SCOPE, values, expiration=VALID)

    def _care_address(self) -> str:
        """The present address as it stands in a link: recognisable, not readable."""
        return hmac(self.env(su=True), _SCOPE, self.email_normalized or "")[:16]

    @api.model
    def _from_care_token(self, token: str):
        """``(contact, company, purpose)`` as the system, or None for a token that is not good (any more).

        Exactly what was signed: no other spelling of the same bytes, no contact that is gone or whose
        address is another one now.
        """
        try:
            canonical = base64.urlsafe_b64encode(base64.urlsafe_b64decode(token.encode() + b"==="))
            if canonical.rstrip(b"=").decode() != token.rstrip("="):
                return None
            values = verify_hash_signed(self.env(su=True), _SCOPE, token)
        except (ValueError, binascii.Error):
            return None
        if not values:
            return None
        partner_id, company_id, address, purpose_id = values
        partner = self.sudo().browse(partner_id).exists()
        company = self.env["res.company"].sudo().browse(company_id).exists()
        purpose = self.env["customer.consent.purpose"].sudo().browse(purpose_id).exists()
        if not partner or not company or partner._care_address() != address:
            return None
        if purpose_id and not purpose:
            return None
        return partner, company, purpose

    def _care_urls(self, company, purpose) -> tuple[str, str]:
        """Where this contact chooses what it wants, and where its mail program unsubscribes it."""
        base = company.get_base_url().rstrip("/")
        return (
            f"{base}/care/preferences/{self._care_token(company)}",
            f"{base}/care/unsubscribe/{self._care_token(company, purpose)}",
        )

    def action_change_consent(self):
        """Write down what the contact told one of us."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_success.customer_consent_action_new"
            ),
            "context": {"default_partner_id": self.id, "form_view_initial_mode": "edit"},
        }
