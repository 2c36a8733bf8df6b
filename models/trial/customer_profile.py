from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    trial_cell_id = fields.Many2one(
        "customer.value.trial.cell",
        "Cell Of A Dry-Run",
        store=False,
        search="_search_trial_cell_id",
        groups="customer_success.group_customer_all",
        exportable=False,
        help="Only to search by: the customers whom a dry-run counted in a cell.",
    )

    def _search_trial_cell_id(self, operator, value):
        """Customers of these cells; rules apply to them, and to the cells, as anywhere."""
        if operator != "in":
            return NotImplemented
        wanted = [cell_id for cell_id in value if isinstance(cell_id, int) and cell_id]
        cells = self.env["customer.value.trial.cell"].search([("id", "in", wanted)])
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT unnest(profile_ids) FROM customer_value_trial_cell WHERE id = ANY(%s))",
                SQL.identifier(alias, "id"),
                cells.ids,
            )
        )
