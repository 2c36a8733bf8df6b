"""Which tickets an account manager sees, and what another company keeps to itself."""

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .ticket_case import TicketCase


@tagged("post_install", "-at_install")
class TestTicketSecurity(TicketCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._user("own", "own")
        cls.team.member_ids = cls.ann

    def _seen(self, user=None):
        Ticket = self.env["customer.ticket"].with_user(user or self.own)
        return Ticket.with_context(allowed_company_ids=self.company.ids).search(
            [("company_id", "=", self.company.id)]
        )

    def test_own_customers_own_tickets_own_teams_and_what_one_entered(self):
        ticket = self._ticket()
        for name, show, hide in [
            ("customer", {"user_id": self.own.id}, {"user_id": False}),
            ("ticket", {"user_id": self.own.id}, {"user_id": self.ann.id}),
            ("team", {"member_ids": [(4, self.own.id)]}, {"member_ids": [(3, self.own.id)]}),
        ]:
            record = {"customer": self.customer, "ticket": ticket, "team": self.team}[name].sudo()
            with self.subTest(name):
                self.assertFalse(self._seen())
                record.write(show)
                self.env.flush_all()
                self.assertEqual(self._seen(), ticket)
                self.assertEqual(ticket.move_ids.with_user(self.own).mapped("clock"), ["run"])
                record.write(hide)
                self.env.flush_all()
        entered = (
            self.env["customer.ticket"]
            .with_user(self.own)
            .with_context(allowed_company_ids=self.company.ids)
            .create({"name": "Heard on the phone", "contact_id": self.contact.id})
        )
        self.assertEqual(self._seen(), entered)

    def test_what_one_does_not_see_one_does_not_touch(self):
        ticket = self._ticket().with_user(self.own)
        for door in (
            lambda: ticket.read(["said"]),
            lambda: ticket.write({"solution": "x"}),
            lambda: ticket.action_next(),
            lambda: ticket.action_take(),
            lambda: ticket.action_answered_by_phone(),
            lambda: ticket.message_post(body="x"),
            lambda: ticket.move_ids.read(["clock"]),
        ):
            ticket.invalidate_recordset()
            with self.assertRaises(AccessError):
                door()

    def test_nobody_but_an_administrator_deletes(self):
        ticket = self._ticket()
        with self.assertRaises(AccessError):
            ticket.with_user(self.ann).unlink()
        ticket.with_user(self.boss).unlink()
        self.assertFalse(ticket.exists())

    def test_another_companys_tickets(self):
        other = self._new_company("Other")
        team = self.env["customer.ticket.team"].search([("company_id", "=", other.id)])
        hidden = self.env["customer.ticket"].create({"name": "Theirs", "team_id": team.id})
        for record in (hidden, hidden.move_ids, team):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(self.boss).with_context(allowed_company_ids=self.company.ids).read(
                    ["create_date"]
                )

    def test_no_side_door_around_the_gate(self):
        for name in ("_move", "_write_past_gate", "_answered", "_tell", "_refresh_clocks", "_open"):
            with self.subTest(name), mute_logger("odoo.service.model"):
                self.assertTrue(hasattr(self.env["customer.ticket"], name))
                with self.assertRaises(AccessError):
                    get_public_method(self.env["customer.ticket"], name)

    def test_clocks_are_written_by_the_clock_alone(self):
        """Read-only fields are no wall by themselves: an import could write them."""
        ticket = self._ticket()
        for name in ("due_at", "solved_at", "told_at", "closed_at", "responded_at", "opened_at"):
            with self.subTest(name), self.assertRaises(AccessError):
                ticket.with_user(self.boss).write({name: self._moment("01 08:00")})
