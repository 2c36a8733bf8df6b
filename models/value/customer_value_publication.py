from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerValuePublication(models.Model):
    """The log of which policy a company was judged by, from which day on, who said so and why.

    Written once for each publication, going back to an earlier version included; never changed.
    """

    _name = "customer.value.publication"
    _description = "Publication Of A Value Policy"
    _order = "effective_date desc, id desc"
    _rec_name = "policy_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    policy_id = fields.Many2one(
        "customer.value.policy", required=True, readonly=True, ondelete="cascade", index=True
    )
    replaced_id = fields.Many2one(
        "customer.value.policy", "Instead Of", readonly=True, ondelete="set null"
    )
    effective_date = fields.Date(
        "Judges From", required=True, readonly=True, help="The first day that it decides."
    )
    at = fields.Datetime("Published On", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "By", readonly=True, ondelete="set null", default=lambda self: self.env.uid
    )
    reason = fields.Char(readonly=True)

    _company_effective_idx = models.Index("(company_id, effective_date DESC, id DESC)")

    @api.model
    def _policy_on(self, company, day: date):
        """The policy that judged ``company`` on a day; empty before the first was published."""
        return self.search(
            [("company_id", "=", company.id), ("effective_date", "<=", day)], limit=1
        ).policy_id

    def write(self, vals):
        if vals:
            raise UserError(self.env._("The log of publications is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("The log of publications is never deleted."))
