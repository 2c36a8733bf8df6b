from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.sla_clock import Effect

NEEDED = [
    ("no", "Not needed"),
    ("complaint", "For complaints"),
    ("all", "For every ticket"),
]


class CustomerTicketStage(models.Model):
    """A step of the loop, as data: where a ticket can go from here, and what entering it asks for.

    Nothing in the code knows a stage by its name. Moving a ticket by button, by drag or by an import
    passes the same gate, which reads these fields (``customer.ticket._missing_for``).
    """

    _name = "customer.ticket.stage"
    _description = "Ticket Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    portal_name = fields.Char(
        "Name for Customers",
        translate=True,
        help="What the customer reads of this stage in the portal. Empty: the stage's name.",
    )
    sequence = fields.Integer(default=10, help="New tickets begin in the first stage.")
    fold = fields.Boolean("Folded", help="Folded on the board, where little happens.")
    description = fields.Text(translate=True, help="When a ticket belongs here.")
    is_closed = fields.Boolean("End of the Loop", help="Nothing is left to do for the customer.")

    # Where to
    next_stage_ids = fields.Many2many(
        "customer.ticket.stage",
        "customer_ticket_stage_next_rel",
        "stage_id",
        "next_stage_id",
        string="May Go On To",
    )
    usual_stage_id = fields.Many2one(
        "customer.ticket.stage",
        "Usually Goes On To",
        ondelete="set null",
        help="The one button on the ticket.",
    )
    reply_stage_id = fields.Many2one(
        "customer.ticket.stage",
        "When the Customer Writes",
        ondelete="set null",
        help="The ticket goes there by itself when the customer writes, or says in a return visit "
        "that all is not well. Empty: it stays here.",
    )

    # What entering it asks for
    needs_owner = fields.Selection(
        NEEDED, "Needs an Owner", required=True, default="no", help="Somebody who answers for it."
    )
    needs_answer = fields.Selection(
        NEEDED,
        "Needs an Answer",
        required=True,
        default="no",
        help="A person answered what the customer wrote last.",
    )
    needs_solution = fields.Selection(
        NEEDED,
        "Needs a Solution",
        required=True,
        default="no",
        help="What was done is written down.",
    )
    needs_told = fields.Selection(
        NEEDED,
        "Needs the Customer Told",
        required=True,
        default="no",
        help="The customer was written to, or called, since it was solved.",
    )
    needs_return_visit = fields.Selection(
        NEEDED,
        "Needs the Return Visit",
        required=True,
        default="no",
        help="Done, or waived with a reason. Asked only of tickets for which one is due.",
    )

    # What it does
    clock = fields.Selection(
        [
            (Effect.RUN.value, "Runs"),
            (Effect.PAUSE.value, "Is paused"),
            (Effect.STOP.value, "Stands still: solved"),
        ],
        "Solution Clock",
        required=True,
        default=Effect.RUN.value,
        help="Leaving a stage where it stands still for one where it runs is a reopening: the clock "
        "starts anew.",
    )
    template_id = fields.Many2one(
        "mail.template",
        "Tell the Customer",
        domain=[("model", "=", "customer.ticket")],
        ondelete="set null",
        help="Sent to the customer, in its language, when a ticket comes here. Empty: nothing is sent.",
    )

    @api.model
    def _first(self):
        """Where new tickets begin."""
        return self.search([], limit=1)

    @api.constrains("next_stage_ids", "usual_stage_id", "reply_stage_id")
    def _check_ways(self):
        for stage in self:
            for other in stage.usual_stage_id | stage.reply_stage_id:
                if other not in stage.next_stage_ids:
                    raise ValidationError(
                        self.env._(
                            "A ticket may not go from %(stage)s to %(other)s. Add %(other)s to where it "
                            "may go on to, or choose another stage.",
                            stage=stage.name,
                            other=other.name,
                        )
                    )
