"""Does this customer say it twice? Said beside the ticket, decided by a person."""

import re
from datetime import timedelta
from difflib import SequenceMatcher

from odoo import api, fields, models

#: Subjects at least this alike are the same subject.
ALIKE = 0.75
_PREFIX = re.compile(r"^\s*((re|fwd?|aw|wg|antw|回复|答复|转发)\s*[:：]\s*)+", re.IGNORECASE)


def same_subject(one: str, other: str) -> bool:
    """Whether two subjects say the same, but for what mail programs put ahead and small changes."""
    words = [" ".join(_PREFIX.sub("", text or "").casefold().split()) for text in (one, other)]
    return bool(all(words)) and SequenceMatcher(None, *words).ratio() >= ALIKE


class CustomerTicketTeam(models.Model):
    _inherit = "customer.ticket.team"

    duplicate_days = fields.Integer(
        "Look For Duplicates",
        default=14,
        help="Days back. A new ticket shows the open ones of the same customer about the same "
        "product, category or subject. 0: none.",
    )


class CustomerTicket(models.Model):
    _inherit = "customer.ticket"

    duplicate_ids = fields.Many2many(
        "customer.ticket", string="Maybe the Same", compute="_compute_duplicate_ids"
    )

    @api.depends("partner_id", "product_id", "category_id", "name", "closed_at", "team_id")
    def _compute_duplicate_ids(self):
        """Open tickets of its customer from the days before it; one query for all."""
        looking = self.filtered(lambda t: t.partner_id and not t.closed_at and not t.merged_into_id)
        self.duplicate_ids = False
        if not looking:
            return
        by_customer = self.search_fetch(
            [
                ("partner_id", "in", looking.partner_id.ids),
                ("company_id", "in", looking.company_id.ids),
                ("closed_at", "=", False),
            ],
            ["partner_id", "company_id", "product_id", "category_id", "name", "opened_at"],
            order="opened_at desc, id desc",
        ).grouped(lambda ticket: (ticket.partner_id, ticket.company_id))
        for ticket in looking:
            others = by_customer.get((ticket.partner_id._origin, ticket.company_id), self.browse())
            ticket.duplicate_ids = others.filtered(
                lambda other, ticket=ticket: ticket._maybe_same(other)
            )

    def _maybe_same(self, other) -> bool:
        days = self.team_id.duplicate_days if self.team_id else 14
        opened = self.opened_at or fields.Datetime.now()
        if (
            other == self._origin
            or not days
            or abs(opened - other.opened_at) > timedelta(days=days)
        ):
            return False
        return bool(
            (self.product_id and self.product_id == other.product_id)
            or (self.category_id and self.category_id == other.category_id)
            or same_subject(self.name, other.name)
        )

    def action_open_duplicates(self):
        self.check_access("read")
        return self.duplicate_ids._get_records_action(name=self.env._("Maybe the Same"), context={})

    def action_merge(self):
        """Open the dialog for these tickets and what may be the same."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Tickets"),
            "res_model": "customer.ticket.merge",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": (self | self.duplicate_ids).ids if len(self) == 1 else self.ids,
            },
        }
