import ast

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import mute_logger


class CustomerDataCheck(models.Model):
    """Something that a customer's record should hold: which contacts lack it, as a domain."""

    _name = "customer.data.check"
    _description = "Check Of Customer Data"
    _order = "sequence, id"

    name = fields.Char(
        "What Is Missing", required=True, translate=True, help="In a word or two: E-mail, Phone."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    # A board shows no tag without a colour.
    color = fields.Integer(default=2)
    domain = fields.Char(
        "Missing Where",
        required=True,
        default="[]",
        help="The contacts that lack it. The customer itself is looked at: the firm, not its people.",
    )

    @api.constrains("domain")
    def _check_domain(self):
        for check in self:
            domain = check._domain()
            if domain.is_true():
                raise ValidationError(
                    self.env._(
                        "%s: with no condition every customer would lack it. Add one.", check.name
                    )
                )
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    self.env["res.partner"].search_count(domain, limit=1)
            except (UserError, ValueError, TypeError, KeyError, psycopg2.Error) as error:
                raise ValidationError(
                    self.env._(
                        "%(name)s: these conditions cannot be asked. Choose them again with the "
                        "editor. (%(error)s)",
                        name=check.name,
                        error=str(error).split("\n")[0],
                    )
                ) from error

    def _domain(self) -> Domain:
        """The contacts that lack it."""
        self.ensure_one()
        try:
            return Domain(ast.literal_eval(self.domain or "[]"))
        except (SyntaxError, ValueError, TypeError) as error:
            raise ValidationError(
                self.env._(
                    "%s: these conditions cannot be read. Choose them again with the editor.",
                    self.name,
                )
            ) from error
