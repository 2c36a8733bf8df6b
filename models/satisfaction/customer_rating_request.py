from odoo import fields, models


class CustomerRatingRequest(models.Model):
    """Whether a customer was asked about one solution of a ticket, and if not, why not.

    Append-only, and one row for each solution: a reopened ticket is solved anew and asked about anew.
    """

    _name = "customer.rating.request"
    _description = "Rating Request"
    _order = "id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "customer.ticket", required=True, readonly=True, ondelete="cascade", index=True
    )
    attempt = fields.Integer(
        "Reopened Before", required=True, readonly=True, help="Which solution: 0 is the first."
    )
    at = fields.Datetime(required=True, readonly=True)
    verdict = fields.Selection(
        [
            ("asked", "Asked"),
            ("unknown", "Not asked: the customer is not known"),
            ("colleague", "Not asked: a colleague's ticket"),
            ("declined", "Not asked: the customer does not want to be asked"),
            ("no_address", "Not asked: no e-mail address"),
            ("blacklisted", "Not asked: the address is blacklisted"),
        ],
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True, ondelete="set null")

    _once = models.Constraint(
        "UNIQUE(ticket_id, attempt)", "The customer was asked about this solution already."
    )
