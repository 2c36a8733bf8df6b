"""The demo's recurring issues: old tickets to compare with, new ones that say the same."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import plaintext2html

from .problems import KNOWN, NEW, OLD

#: New tickets that came so many hours ago were answered.
_ANSWERED = 60


class CustomerSuccessDemo(models.AbstractModel):
    _inherit = "customer.success.demo"

    def _make_problems(self, company, spec, partners, products, people) -> None:
        """Nobody is mailed: what happened long ago was told long ago."""
        here = self.with_context(mail_notify_force_send=False)
        before = self.env["mail.mail"].search([], order="id desc", limit=1).id
        now = fields.Datetime.now()
        here._make_old_tickets(company, spec, partners, products, now)
        for known in (known for known in KNOWN if known.company == spec.key):
            here._make_known_problem(company, known, people, now)
        for story in (story for story in NEW if story.company == spec.key):
            ticket = (
                here.env["customer.ticket"]
                .with_user(people[story.owner])
                .create(
                    {
                        "name": story.name,
                        "said": plaintext2html(story.said),
                        "category_id": self._ticket_category(story.category).id,
                        "product_id": products[story.product].id,
                        "channel": story.channel,
                        "contact_id": partners[story.customer].id,
                        "opened_at": now - timedelta(hours=story.hours),
                    }
                )
            )
            if story.hours > _ANSWERED:
                here._answer(ticket.with_env(here.env))
        rule = self.env.ref("customer_success.recurrence_rule_product")
        here.env["customer.problem"]._look(rule, company, now)
        self.env["mail.mail"].search([("id", ">", before)]).unlink()

    def _answer(self, ticket) -> None:
        """Somebody called the customer two hours later, and works on it since."""
        before, stage = ticket.stage_id, self.env.ref("customer_success.ticket_stage_in_progress")
        at = ticket.opened_at + timedelta(hours=2)
        ticket._write_past_gate(
            {
                "stage_id": stage.id,
                "stage_since": at,
                "responded_at": at,
                "told_at": at,
                "response_hours": 2,
                "response_result": "in_time",
            }
        )
        ticket._log_moves(before)
        ticket._refresh_clocks()

    def _ticket_category(self, name):
        return self.env.ref(f"customer_success.ticket_category_{name}")

    def _make_old_tickets(self, company, spec, partners, products, now) -> None:
        closed = self.env.ref("customer_success.ticket_stage_closed")
        stories = [story for story in OLD if story.company == spec.key]
        tickets = self.env["customer.ticket"].create(
            [
                {
                    "name": story.name,
                    "category_id": self._ticket_category(story.category).id,
                    "product_id": story.product and products[story.product].id,
                    "channel": "phone",
                    "contact_id": partners[story.customer].id,
                    "company_id": company.id,
                    "opened_at": now - timedelta(days=story.days),
                }
                for story in stories
            ]
        )
        moves = []
        for number, ticket in enumerate(tickets):
            late, answered = number % 7 == 3, ticket.opened_at + timedelta(hours=2 + number % 5)
            done = answered + timedelta(hours=20 + 9 * (number % 4))
            before = ticket.stage_id
            ticket._write_past_gate(
                {
                    "stage_id": closed.id,
                    "stage_since": done,
                    "responded_at": answered,
                    "response_hours": 1.5 + number % 5,
                    "response_result": "in_time",
                    "solved_at": done,
                    "told_at": done,
                    "closed_at": done,
                    "solution_hours": 7.0 + 5 * (number % 4) + 40 * late,
                    "solution_result": "late" if late else "in_time",
                    "cost": 35.0 * (number % 4),
                }
            )
            moves.append(
                {
                    "ticket_id": ticket.id,
                    "from_stage_id": before.id,
                    "to_stage_id": closed.id,
                    "at": done,
                    "user_id": ticket.user_id.id,
                    "clock": closed.clock,
                }
            )
        self.env["customer.ticket.move"].create(moves)
        tickets._refresh_clocks()

    def _make_known_problem(self, company, known, people, now) -> None:
        category = self._ticket_category(known.category)
        since, closed = (now - timedelta(days=days) for days in (known.since, known.closed))
        problem = self.env["customer.problem"].create(
            {
                "name": known.name,
                "company_id": company.id,
                "category_id": category.id,
                "user_id": people[known.owner].id,
                "since": since,
                "proposed_at": since + timedelta(days=14),
                "cause": known.cause,
                "correction": known.correction,
                "prevention": known.prevention,
                "customer_text": known.told,
            }
        )
        self.env["customer.ticket"].search(
            [
                ("company_id", "=", company.id),
                ("category_id", "=", category.id),
                ("opened_at", ">=", since),
                ("opened_at", "<=", closed),
            ]
        ).problem_id = problem
        problem.state = "closed"
        problem.decided_at = closed
