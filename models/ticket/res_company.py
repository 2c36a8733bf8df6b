from odoo import models

#: The address of a company's first team, where nobody else has it.
ALIAS = "complaints"


class ResCompany(models.Model):
    _inherit = "res.company"

    def _customer_set_up(self) -> None:
        """Give each company a team as well, so that a ticket has somewhere to go."""
        Team = self.env["customer.ticket.team"].sudo().with_context(active_test=False)
        Alias = self.env["mail.alias"].sudo()
        for company in self:
            if not Team.search_count([("company_id", "=", company.id)], limit=1):
                free = not Alias.search_count([("alias_name", "=", ALIAS)], limit=1)
                Team.create(
                    {
                        "name": self.env._("Customer Service"),
                        "company_id": company.id,
                        "alias_name": ALIAS if free else False,
                    }
                )
        return super()._customer_set_up()
