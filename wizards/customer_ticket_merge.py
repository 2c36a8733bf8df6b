from odoo import api, fields, models
from odoo.fields import Command


class CustomerTicketMerge(models.TransientModel):
    """Merge tickets that say the same: which one stays, and whether the customer hears of it."""

    _name = "customer.ticket.merge"
    _description = "Merge Tickets"

    ticket_ids = fields.Many2many("customer.ticket", string="Tickets", required=True)
    survivor_id = fields.Many2one(
        "customer.ticket",
        "Ticket That Stays",
        compute="_compute_survivor_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', ticket_ids)]",
    )
    tell = fields.Boolean(
        "Tell the Customer",
        default=True,
        help="One mail, in its language: under which number it goes on.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "customer.ticket":
            active = self.env.context.get("active_ids") or []
            values.setdefault("ticket_ids", [Command.set(active)])
        return values

    @api.depends("ticket_ids")
    def _compute_survivor_id(self):
        for wizard in self:
            if wizard.survivor_id not in wizard.ticket_ids:
                wizard.survivor_id = wizard.ticket_ids._survivor()

    def action_merge(self):
        self.ensure_one()
        survivor = self.survivor_id or self.ticket_ids._survivor()
        return (
            (self.ticket_ids | survivor)
            ._merge(survivor, tell=self.tell)
            ._get_records_action(context={})
        )
