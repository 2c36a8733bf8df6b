from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerProfile(models.Model):
    """Customers of one cell of a migration, found without a list of ids crossing to the browser."""

    _inherit = "customer.profile"

    history_cell = fields.Char(
        store=False,
        search="_search_history_cell",
        help="known/DAY/DAY/TIER/TIER by the log, now/REPLAY/TIER/TIER by the documents as they are, "
        "differs/REPLAY where the two disagree. Tier 0 is none.",
    )

    def _search_history_cell(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._history_cell_domain(cell) for cell in value if cell)

    def _history_cell_domain(self, cell: str) -> Domain:
        kind, *words = cell.split("/")
        try:
            if kind == "known":
                days = [fields.Date.to_date(day) for day in words[:2]]
                rows = self.env["customer.migration"]._known_pairs(self.env.companies, *days)
                tiers = [int(tier) for tier in words[2:]]
            else:
                replay = self.env["customer.replay"].browse(int(words[0])).exists()
                replay.check_access("read")
                rows = replay._pairs(differing=kind == "differs")
                tiers = [int(tier) for tier in words[1:]]
            before, after = tiers or (None, None)
        except ValueError as error:
            raise UserError(self.env._("There is no such cell: %s", cell)) from error
        ids = SQL(
            "SELECT profile_id FROM (%s) pair WHERE %s",
            rows,
            SQL("TRUE")
            if before is None
            else SQL("from_tier_id = %s AND to_tier_id = %s", before, after),
        )
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s IN (%s)", SQL.identifier(alias, "id"), ids)
        )
