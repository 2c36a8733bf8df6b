"""The rating on a ticket: what the customer last said, and the share of the satisfied among many."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.rating.models import rating_data

#: Odoo's three grades in words that flatter nobody.
GRADES = [("great", "Satisfied"), ("okay", "Neither"), ("bad", "Not satisfied")]
#: The value that Odoo stores for each grade.
VALUES = {
    "great": rating_data.RATING_HAPPY_VALUE,
    "okay": rating_data.RATING_NEUTRAL_VALUE,
    "bad": rating_data.RATING_UNHAPPY_VALUE,
}


class CustomerTicket(models.Model):
    _name = "customer.ticket"
    _inherit = ["customer.ticket", "rating.mixin"]

    rating_grade = fields.Selection(
        GRADES,
        "Rating",
        compute="_compute_rating_grade",
        store=True,
        help="The customer's last word on how it was solved. Empty: none was given.",
    )
    rating_words = fields.Text("Rating in Words", compute="_compute_rating_grade", store=True)
    rated_at = fields.Datetime("Rated", compute="_compute_rating_grade", store=True)
    satisfied_share = fields.Float(
        "Satisfied (%)",
        compute="_compute_rating_grade",
        store=True,
        aggregator="avg",
        help="Of the tickets that were rated. Neither and not satisfied count as not satisfied.",
    )
    request_ids = fields.One2many("customer.rating.request", "ticket_id", "Rating Requests")

    _rated_idx = models.Index("(rated_at, rating_grade) WHERE rated_at IS NOT NULL")

    @api.depends(
        "rating_ids.consumed", "rating_ids.rating", "rating_ids.feedback", "rating_ids.rated_on"
    )
    def _compute_rating_grade(self):
        given = {}
        for rating in (
            self.env["rating.rating"]
            .sudo()
            .search(
                Domain("res_model", "=", self._name)
                & Domain("res_id", "in", self.ids)
                & Domain("consumed", "=", True)
                & Domain("rating", ">=", rating_data.RATING_LIMIT_MIN),
                order="rated_on, id",
            )
        ):
            given[rating.res_id] = rating  # the last one stays
        for ticket in self:
            rating = given.get(ticket.id)
            grade = rating and rating_data._rating_to_grade(rating.rating)
            ticket.rating_grade = grade or False
            ticket.rating_words = rating and rating.feedback
            ticket.rated_at = rating and rating.rated_on
            ticket.satisfied_share = 100 if grade == "great" else 0

    # ---- what is counted -----------------------------------------------------------------------

    @api.model
    def _rated_domain(self, since) -> Domain:
        return Domain("rated_at", ">=", since)

    @api.model
    def _unhappy_domain(self, since) -> Domain:
        """What an unhappy customer is: the last word on a ticket, since then, is not satisfied."""
        return self._rated_domain(since) & Domain("rating_grade", "=", "bad")

    def _read_group_select(self, aggregate_spec, query):
        """Averages are of rated tickets: one without a rating is neither 0 nor unsatisfied."""
        if aggregate_spec in ("satisfied_share:avg", "rating_last_value:avg"):
            return SQL(
                "AVG(%s) FILTER (WHERE %s IS NOT NULL)",
                self._field_to_sql(self._table, aggregate_spec.partition(":")[0], query),
                self._field_to_sql(self._table, "rated_at", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    # ---- who rates whom, and where -------------------------------------------------------------

    def _rating_get_partner(self):
        return self.contact_id or self.partner_id

    def _rating_of_solution(self):
        """The rating of the present solution: given, else asked for; empty where neither."""
        self.ensure_one()
        ratings = self.sudo().rating_ids.sorted("id", reverse=True)
        given = ratings.filtered(
            lambda rating: rating.consumed and self.solved_at and rating.rated_on >= self.solved_at
        )
        return given[:1] or ratings.filtered(lambda rating: not rating.consumed)[:1]

    @api.model
    def _rating_words(self) -> dict:
        """Each grade's value and word, in the language of the context."""
        words = dict(self._fields["rating_grade"]._description_selection(self.env))
        return {VALUES[grade]: words[grade] for grade, __ in GRADES}

    def _rating_links(self) -> list[dict]:
        """For the mail: where each face leads. It only opens a page: a mail scanner rates nothing."""
        ticket = self.sudo()
        url = f"{ticket.get_base_url()}/rate/{ticket._rating_get_access_token()}"
        return [
            {
                "url": f"{url}/{value}",
                "word": word,
                "image": f"{ticket.get_base_url()}/rating/static/src/img/rating_{value}.png",
            }
            for value, word in self._rating_words().items()
        ]
