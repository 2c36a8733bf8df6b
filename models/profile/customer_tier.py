from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerTier(models.Model):
    """A value tier as data: what a company calls it, its place in the order, its colour.

    Which score earns it is the value policy's business.
    """

    _name = "customer.tier"
    _description = "Value Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="A short name for imports and formulas: key, high, …")
    sequence = fields.Integer(default=10, help="The most valuable tier comes first.")
    color = fields.Integer()
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="What customers of this tier get: cadence, service, benefits."
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "Another tier already has this code.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Customers and the log refer to tiers without a foreign key: keep what they refer to."""
        for model, names in (
            ("customer.profile", ("value_tier_id", "computed_tier_id", "manual_tier_id")),
            ("customer.transition", ("from_tier_id", "to_tier_id")),
            ("customer.profile.month", ("value_tier_id",)),
        ):
            used = Domain.OR(Domain(name, "in", self.ids) for name in names)
            records = self.env[model].sudo().with_context(active_test=False)
            if records.search_count(used, limit=1):
                raise UserError(
                    self.env._(
                        "Customers have or had one of these tiers, and their history names it. "
                        "Archive it instead."
                    )
                )
