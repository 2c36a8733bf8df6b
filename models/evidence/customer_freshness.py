"""How fresh a customer's figures are: when somebody last looked, and what has changed since."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..common.customer_run import FIGURE_KINDS


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    looked_at = fields.Datetime(
        "Looked At Last",
        compute="_compute_freshness",
        help="When these figures were last compared with the documents, whether they differed or not.",
    )
    is_waiting = fields.Boolean(compute="_compute_freshness")

    @api.depends("as_of")
    def _compute_freshness(self):
        """When somebody last looked, and whether documents have changed since."""
        waiting = set(
            self.env.execute_query(
                SQL(
                    "SELECT company_ref, partner_ref FROM customer_mark WHERE partner_ref = ANY(%s)",
                    self.partner_id.ids,
                )
            )
        )
        ended = dict(
            self.env["customer.run"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("state", "=", "done"),
                    ("kind", "in", FIGURE_KINDS),
                ],
                ["company_id"],
                ["ended:max"],
            )
        )
        for profile in self:
            profile.is_waiting = (profile.company_id.id, profile.partner_id.id) in waiting
            profile.looked_at = max(
                filter(None, (ended.get(profile.company_id), profile.write_date)), default=False
            )
