"""What the tests of tickets share: a team that works 8 to 12 and 13 to 17, and customers that write."""

from contextlib import contextmanager
from datetime import datetime

from odoo import Command
from odoo.tests import freeze_time

from .common import CustomerCase


class TicketCase(CustomerCase):
    """It is Wednesday, 12 June 2024, noon; the team works in UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.ben = (cls._user(name, "all") for name in ("ann", "ben"))
        for user in (cls.ann, cls.ben):
            user.email = f"{user.login}@team.example"
        cls.boss = cls._user("boss", "admin")
        cls.calendar = cls.company.resource_calendar_id
        cls.calendar.tz = "UTC"
        cls.team = cls.env["customer.ticket.team"].search([("company_id", "=", cls.company.id)])
        cls.team.write(
            {
                "member_ids": [Command.set((cls.ann | cls.ben).ids)],
                "leader_id": cls.boss.id,
                "assignment": "manual",
            }
        )
        cls.customer = cls._customer("Acme", email="office@acme.example")
        cls.contact = cls.env["res.partner"].create(
            {"name": "Carl", "parent_id": cls.customer.id, "email": "carl@acme.example"}
        )
        cls.stage = {
            name: cls.env.ref(f"customer_success.ticket_stage_{name}")
            for name in (
                "new", "acknowledged", "in_progress", "waiting", "solved", "confirmed", "closed",
                "reopened",
            )
        }  # fmt: skip
        cls.policy = cls.env["customer.sla.policy"].create(
            {
                "name": "Test",
                "sequence": -1,
                "company_id": cls.company.id,
                "response_hours": 2,
                "next_response_hours": 3,
                "solution_hours": 16,
                "return_visit_days": 5,
            }
        )

    @contextmanager
    def _at(self, moment: str):
        """Have it be that moment of June 2024: ``"12 09:30"``."""
        with freeze_time(self._moment(moment)):
            self.env.invalidate_all()
            yield
        self.env.invalidate_all()

    @staticmethod
    def _moment(text: str) -> datetime:
        return datetime.strptime(f"2024-06-{text}", "%Y-%m-%d %H:%M")

    def _ticket(self, **vals):
        """Entered by Ann, who owns it, unless told otherwise."""
        return (
            self.env["customer.ticket"]
            .with_user(self.ann)
            .with_context(allowed_company_ids=self.company.ids)
            .create(
                {
                    "name": "Tiles arrived broken",
                    "contact_id": self.contact.id,
                    "said": "<p>All of them.</p>",
                    "user_id": self.ann.id,
                    **vals,
                }
            )
        )

    def _say(self, ticket, user=None, body="We look into it."):
        """A person of ours writes to the customer."""
        return ticket.with_user(user or self.ann).message_post(
            body=body, message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    def _hear(self, ticket, body="Any news?"):
        """The customer writes, as the mail gateway posts it."""
        return (
            ticket.with_user(self.env.ref("base.user_root"))
            .sudo()
            .message_post(
                body=body,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
                author_id=self.contact.id,
            )
        )

    def _go(self, ticket, *names):
        for name in names:
            ticket.stage_id = self.stage[name]
        return ticket

    def _solve(self, ticket):
        ticket.write({"solution": "Sent new tiles.", "stage_id": self.stage["solved"].id})
        return ticket

    def _alert(self):
        """What the scheduled action does."""
        with self.enter_registry_test_mode():
            self.env.ref("customer_success.ir_cron_ticket_alert").method_direct_trigger()

    def _due(self, ticket, name="due_at"):
        return ticket[name] and ticket[name].strftime("%d %H:%M")
