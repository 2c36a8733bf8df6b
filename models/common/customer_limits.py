from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...tools.errors import PolicyError
from .policy_messages import policy_messages


class CustomerLimits(models.AbstractModel):
    """The limits of a rule, as numbers that an administrator edits: one record per company.

    Whoever inherits this names the kernel's class of limits and its fields, each of which is a field
    here, and declares one record per company unique.
    """

    _name = "customer.limits"
    _inherit = ["mail.thread"]
    _description = "Limits of a Rule"
    _rec_name = "company_id"

    _limits_class = None
    _limit_fields = ()

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)

    @api.model
    def _for_company(self, company):
        """The company's limits; the defaults, not stored, when it has none yet: reading makes none."""
        return self.search([("company_id", "=", company.id)]) or self.new(
            {"company_id": company.id}
        )

    @api.model
    def _ensure(self, company):
        """The company's limits, made with the defaults when it has none yet."""
        return self.search([("company_id", "=", company.id)]) or self.create(
            {"company_id": company.id}
        )

    @api.model
    def action_open_own(self):
        """The limits of the active company: there is one record, so no list comes first."""
        if not self.env.user.has_group("customer_success.group_customer_admin"):
            raise AccessError(self.env._("Only administrators of Customer Success change limits."))
        return (
            self.sudo()
            ._ensure(self.env.company)
            ._get_records_action(
                name=self.env["ir.model"]._get(self._name).name, context={"create": False}
            )
        )

    def _kernel(self):
        """These limits as the kernel takes them."""
        self.ensure_one()
        return self._limits_class(**{name: self[name] for name in self._limit_fields})

    def _limit_labels(self) -> dict[str, str]:
        """How messages call the limits."""
        return {
            name: self._fields[name]._description_string(self.env) for name in self._limit_fields
        }

    @api.constrains(lambda self: self._limit_fields)
    def _check_limits(self):
        for limits in self:
            try:
                limits._kernel().validate()
            except PolicyError as error:
                raise ValidationError(
                    "\n".join(policy_messages(self.env, error, limits._limit_labels()))
                ) from error
