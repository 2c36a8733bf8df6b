from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerConsentPurpose(models.Model):
    """What we may write about. What somebody allowed or refused, is allowed or refused for a purpose."""

    _name = "customer.consent.purpose"
    _description = "Purpose Of Messages"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="A short name for imports: greetings, offers, …")
    description = fields.Char(
        translate=True, help="Shown to customers on the preference page, in their language."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    default = fields.Selection(
        [("allowed", "Allowed unless refused"), ("refused", "Only if allowed")],
        "If Nobody Said",
        default="refused",
        required=True,
        help="Whether we may write to those who neither allowed nor refused it. Ask your lawyer: "
        "for advertising many countries want it to be allowed first.",
    )
    never_held_out = fields.Boolean(
        help="Programs of this purpose write to everybody: nobody is held out to measure the effect."
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "Another purpose already has this code.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.env["customer.consent"].sudo().search_count([("purpose_id", "in", self.ids)]):
            raise UserError(
                self.env._(
                    "Contacts allowed or refused messages of this purpose, and that is kept. "
                    "Archive it instead."
                )
            )
