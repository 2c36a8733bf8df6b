from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("released", "Not contacted for long"),
    ("returned", "Given back"),
    ("claimed", "Claimed"),
    ("assigned", "Assigned"),
]


class CustomerPoolMove(models.Model):
    """Append-only log: who looked after a customer until when, who does now, and why it changed."""

    _name = "customer.pool.move"
    _description = "Change of Account Manager"
    _log_access = False
    _order = "at desc, id desc"
    _rec_name = "profile_id"

    profile_id = fields.Many2one(
        "customer.profile", "Customer", required=True, readonly=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(related="profile_id.partner_id", string="Contact")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(KINDS, "What", required=True, readonly=True)
    at = fields.Datetime("When", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True, help="On the company's calendar.")
    from_user_id = fields.Many2one("res.users", "From", readonly=True, ondelete="restrict")
    to_user_id = fields.Many2one("res.users", "To", readonly=True, ondelete="restrict")
    by_user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="restrict")
    last_contact_at = fields.Datetime(
        "Last Contact Then", readonly=True, help="Empty: none was known."
    )

    _claims_idx = models.Index("(company_id, to_user_id, day) WHERE kind = 'claimed'")
    _company_idx = models.Index("(company_id, at DESC, id DESC)")

    @api.model
    def _log(self, profiles, kind: str, before: dict, user, by) -> None:
        """One entry for each customer.

        :param before: customer -> who looked after it
        :param user: who does now; empty: nobody
        """
        last = dict(
            self.env["customer.contact.fact"]
            .sudo()
            ._read_group([("profile_id", "in", profiles.ids)], ["profile_id"], ["last_at:max"])
        )
        self.sudo().create(
            [
                {
                    "profile_id": profile.id,
                    "company_id": profile.company_id.id,
                    "kind": kind,
                    "at": fields.Datetime.now(),
                    "day": profile.company_id._customer_today(),
                    "from_user_id": before[profile].id,
                    "to_user_id": user.id,
                    "by_user_id": by.id,
                    "last_contact_at": last.get(profile),
                }
                for profile in profiles
            ]
        )

    def write(self, vals):
        if vals:
            raise UserError(self.env._("The log of account managers is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("The log of account managers is never deleted."))
