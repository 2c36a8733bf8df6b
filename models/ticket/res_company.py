from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list

from ...tools.customer_files import PROGRAMS, kinds

#: The address of a company's first team, where nobody else has it.
ALIAS = "complaints"


class ResCompany(models.Model):
    _inherit = "res.company"

    customer_file_count = fields.Integer(
        "Files", default=5, help="So many files a customer may send at once. 0: none."
    )
    customer_file_size = fields.Integer(
        "Megabytes a File", default=10, help="A larger file is refused, and says so."
    )
    customer_file_kinds = fields.Char(
        "Kinds of Files",
        default="jpg jpeg png gif webp heic pdf doc docx xls xlsx odt ods txt csv mp4 mov",
        help="The endings of names of files that customers may send. What is inside must fit the "
        "ending. Programs are refused in any case.",
    )
    customer_opinions_per_hour = fields.Integer(
        "An Hour From One Address",
        default=5,
        help="So many messages to opinion boxes are taken from one network address in an hour.",
    )
    customer_opinions_per_day = fields.Integer(
        "A Day in One Box",
        default=200,
        help="So many messages are taken into one opinion box within 24 hours, whoever sends them.",
    )

    @api.constrains(
        "customer_file_count", "customer_file_size", "customer_opinions_per_hour",
        "customer_opinions_per_day",
    )  # fmt: skip
    def _check_customer_limits(self):
        for company in self:
            if company.customer_file_count < 0 or not 1 <= company.customer_file_size <= 100:
                raise ValidationError(
                    self.env._("A file may have 1 to 100 megabytes, and their number is 0 or more.")
                )
            if company.customer_opinions_per_hour < 1 or company.customer_opinions_per_day < 1:
                raise ValidationError(
                    self.env._(
                        "An opinion box takes at least 1 message. To take none, switch it off at its "
                        "team."
                    )
                )

    @api.constrains("customer_file_kinds")
    def _check_customer_file_kinds(self):
        for company in self:
            programs = PROGRAMS.intersection(kinds(company.customer_file_kinds))
            if programs:
                raise ValidationError(
                    self.env._(
                        "%(kinds)s: files that a computer runs are not taken from customers. Remove "
                        "them from the list.",
                        kinds=format_list(self.env, sorted(programs)),
                    )
                )

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
