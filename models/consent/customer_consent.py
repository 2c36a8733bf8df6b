from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, email_normalize

from .choices import CHANNELS, SOURCES, STATES

_EVERYBODY = SQL("TRUE")


class CustomerConsent(models.Model):
    """What a contact allowed or refused, when, how and by whom. Written once and never changed.

    What holds now is the last row for a company, contact, purpose and channel
    (:meth:`_current`); without one, the purpose's default holds. A refusal goes with the address as
    well: another contact with the same address is not written to either (``models/care``).
    """

    _name = "customer.consent"
    _description = "Consent"
    _order = "at desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    # Kept without the contact where that is deleted: a refused address stays refused
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="set null", index=True)
    purpose_id = fields.Many2one(
        "customer.consent.purpose", required=True, ondelete="restrict", index=True
    )
    channel = fields.Selection(CHANNELS, required=True, default="email")
    state = fields.Selection(STATES, required=True)
    at = fields.Datetime("When", required=True, readonly=True, default=fields.Datetime.now)
    source = fields.Selection(
        SOURCES, "Heard Through", required=True, default="person", readonly=True
    )
    how = fields.Char("Told How", help="In the words of whoever wrote it down.")
    user_id = fields.Many2one(
        "res.users", "Written Down By", readonly=True, ondelete="set null", index="btree_not_null"
    )
    email = fields.Char(readonly=True, index="btree_not_null", help="The address at that time.")

    _current_idx = models.Index("(partner_id, company_id, purpose_id, channel, at DESC, id DESC)")

    @api.depends("purpose_id", "channel", "state")
    def _compute_display_name(self):
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("channel", "state")
        }
        for consent in self:
            consent.display_name = (
                f"{consent.purpose_id.name}, {labels['channel'].get(consent.channel)}: "
                f"{labels['state'].get(consent.state)}"
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Who writes one down says how it was told; nobody writes it down in a customer's name."""
        if not self.env.su:
            imported = self.env.context.get("import_file")
            for vals in vals_list:
                vals["source"] = "import" if imported else "person"
                vals["user_id"] = self.env.uid
                if not imported:
                    vals.pop("at", None)
                if not (vals.get("how") or "").strip():
                    raise ValidationError(
                        self.env._(
                            "Say how the contact told you, for example “on the phone”: a consent "
                            "that nobody can explain later is none."
                        )
                    )
        emails = {
            partner.id: partner.sudo().email_normalized
            for partner in self.env["res.partner"].browse(
                vals["partner_id"] for vals in vals_list if vals.get("partner_id")
            )
        }
        for vals in vals_list:
            given = email_normalize(vals.get("email") or "")
            vals["email"] = given or emails.get(vals.get("partner_id"))
            if not vals.get("partner_id") and not vals["email"]:
                raise ValidationError(self.env._("Whose consent is it? Choose a contact."))
        return super().create(vals_list)

    def write(self, vals):
        if vals:
            raise UserError(
                self.env._(
                    "What somebody allowed or refused is never changed. Write down the new state."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_erasure(self):
        """Only where a person's data is erased on request (Privacy Lookup, which acts as the system)."""
        if not self.env.su:
            raise UserError(
                self.env._(
                    "What somebody allowed or refused is not deleted. Where a person asks to be "
                    "forgotten, use Privacy Lookup in the settings."
                )
            )

    # ---- what holds now ------------------------------------------------------------------------

    @api.model
    def _current(self, company, restrict=_EVERYBODY) -> SQL:
        """Select ``partner_id, purpose_id, channel, state, email`` of what was said last.

        :param restrict: a condition on ``consent``
        """
        return SQL(
            """
            SELECT DISTINCT ON (partner_id, purpose_id, channel)
                   partner_id, purpose_id, channel, state, email
              FROM customer_consent consent
             WHERE company_id = %(company)s AND partner_id IS NOT NULL AND (%(restrict)s)
             ORDER BY partner_id, purpose_id, channel, at DESC, id DESC
            """,
            company=company.id,
            restrict=restrict,
        )

    @api.model
    def _states(self, company, partners) -> dict:
        """What these contacts said last: ``(partner_id, purpose_id, channel) -> state``."""
        self.flush_model()
        rows = self.env.execute_query(
            self._current(company, SQL("partner_id = ANY(%s)", list(partners.ids)))
        )
        return {(partner, purpose, channel): state for partner, purpose, channel, state, __ in rows}

    @api.model
    def _allowed(self, company, partner, states=None) -> dict:
        """Whether we may write to one contact: ``(purpose, channel) -> bool`` of all purposes.

        :param states: what :meth:`_states` said, where it was asked for several contacts
        """
        states = self._states(company, partner) if states is None else states
        return {
            (purpose, channel): states.get(
                (partner.id, purpose.id, channel),
                "given" if purpose.default == "allowed" else "refused",
            )
            == "given"
            for purpose in self.env["customer.consent.purpose"].search([("active", "=", True)])
            for channel, __ in CHANNELS
        }

    # ---- what is said --------------------------------------------------------------------------

    @api.model
    def _say(self, company, partner, wanted: dict, source: str):
        """Write down what a contact itself wants; what holds already is not written again.

        :param wanted: ``(purpose, channel) -> bool``
        """
        allowed = self._allowed(company, partner)
        return self.create(
            [
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "purpose_id": purpose.id,
                    "channel": channel,
                    "state": "given" if want else "refused",
                    "source": source,
                    "user_id": False if self.env.user._is_public() else self.env.uid,
                }
                for (purpose, channel), want in wanted.items()
                if allowed.get((purpose, channel)) != want
            ]
        )
