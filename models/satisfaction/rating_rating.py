"""Ratings of tickets in Odoo's own table: seen by who sees the ticket, given by the customer alone."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

#: What a rating says, as opposed to what we note about it.
_SAID = {"rating", "feedback", "consumed", "partner_id", "rated_on"}


class RatingRating(models.Model):
    _inherit = "rating.rating"

    customer_ticket_id = fields.Many2one(
        "customer.ticket",
        "Ticket",
        compute="_compute_customer_ticket_id",
        store=True,
        index="btree_not_null",
        ondelete="cascade",
        help="For record rules: who sees the ticket sees its rating.",
    )

    @api.depends("res_model", "res_id")
    def _compute_customer_ticket_id(self):
        for rating in self:
            rating.customer_ticket_id = rating.res_model == "customer.ticket" and rating.res_id

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        said = [
            rating
            for rating, vals in zip(ratings, vals_list, strict=True)
            if any(vals.get(name) for name in _SAID - {"partner_id"})
        ]
        ratings.browse(rating.id for rating in said)._refuse_our_own_word()
        return ratings

    def write(self, vals):
        if vals.keys() & _SAID:
            self._refuse_our_own_word()
        return super().write(vals)

    def _refuse_our_own_word(self):
        """Whoever works here cannot say how satisfied a customer is, whichever way they come."""
        user = self.env.user
        if user._is_internal() and not user._is_superuser() and self.sudo().customer_ticket_id:
            raise AccessError(
                self.env._(
                    "Only the customer rates a ticket. What the customer told you belongs into the "
                    "return visit."
                )
            )
