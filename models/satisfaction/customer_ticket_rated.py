"""What follows a rating: the unhappy are heard at once, the happy need not be visited."""

from odoo import SUPERUSER_ID, fields, models

from odoo.addons.rating.models import rating_data


class CustomerTicketAlert(models.Model):
    _inherit = "customer.ticket.alert"

    clock = fields.Selection(
        selection_add=[("rating", "Not satisfied")], ondelete={"rating": "cascade"}
    )


class CustomerTicket(models.Model):
    _inherit = "customer.ticket"

    def rating_apply(
        self,
        rate,
        token=None,
        rating=None,
        feedback=None,
        subtype_xmlid=None,
        notify_delay_send=False,
    ):
        rating = super().rating_apply(
            rate, token, rating, feedback, subtype_xmlid, notify_delay_send
        )
        self._follow_rating(rating)
        return rating

    def _follow_rating(self, rating):
        """Do what the team says. A second word on a ticket that is open again changes only the rating."""
        ticket = self.with_user(SUPERUSER_ID)
        grade = rating_data._rating_to_grade(rating.rating)
        if not ticket.solved_at:
            return
        if grade == "bad":
            if ticket.team_id.unhappy_rating == "reopen" and ticket.stage_id.reply_stage_id:
                ticket._customer_wrote(fields.Datetime.now())
            else:
                ticket._escalate_rating(rating)
        elif grade == "great" and ticket.team_id.rating_confirms:
            ticket._visit_by_rating(rating)

    def _visit_by_rating(self, rating):
        if self.return_visit_state == "waiting":
            self.write(
                {"return_visit_outcome": "happy", "return_visit_note": rating.feedback or False}
            )

    def _escalate_rating(self, rating):
        """Tell the team leader, once for each solution."""
        user = self.team_id.leader_id or self.user_id
        key = {
            "ticket_id": self.id,
            "clock": "rating",
            "since": self.solved_at,
            "step": "escalate",
        }
        Alert = self.env["customer.ticket.alert"]
        if Alert.search_count([(name, "=", value) for name, value in key.items()], limit=1):
            return
        Alert.create({**key, "user_id": user.id, "at": fields.Datetime.now()})
        if not user:
            return
        told = self.with_context(lang=user.lang)
        told.message_notify(
            partner_ids=user.partner_id.ids,
            subject=told.env._(
                "%(ticket)s: the customer is not satisfied", ticket=told.display_name
            ),
            body=told.env._(
                "%(customer)s is not satisfied with how %(ticket)s was solved. In the customer's "
                "words: %(words)s",
                customer=told.partner_id.display_name,
                ticket=told.display_name,
                words=rating.feedback or "—",
            ),
        )
