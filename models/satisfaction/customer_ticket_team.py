from odoo import fields, models


class CustomerTicketTeam(models.Model):
    _inherit = "customer.ticket.team"

    rating_template_id = fields.Many2one(
        "mail.template",
        "Ask for a Rating With",
        domain=[("model", "=", "customer.ticket")],
        ondelete="set null",
        default=lambda self: self.env.ref(
            "customer_success.mail_template_ticket_rating", raise_if_not_found=False
        ),
        help="Sent to the customer once for each solution; the three faces with their words are added "
        "below it. Empty: nobody is asked.",
    )
    rating_after_days = fields.Integer(
        "Days After the Solution",
        default=1,
        help="So that the customer can see whether the solution holds. 0: at the next occasion.",
    )
    unhappy_rating = fields.Selection(
        [("reopen", "Reopen the ticket"), ("escalate", "Tell the team leader")],
        "When Not Satisfied",
        required=True,
        default="reopen",
        help="Where a ticket cannot be reopened, the team leader is told.",
    )
    rating_confirms = fields.Boolean(
        "Satisfied Counts as Return Visit",
        help="A customer who says by a rating that all is well need not be asked again.",
    )

    _rating_after = models.Constraint(
        "CHECK (rating_after_days >= 0)",
        "A rating is asked for after the solution: use 0 days or more.",
    )
