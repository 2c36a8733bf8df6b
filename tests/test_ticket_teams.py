"""Who gets a ticket: by load, in turns, the account manager; the absent are passed over."""

from odoo import Command
from odoo.tests import tagged

from .ticket_case import TicketCase


@tagged("post_install", "-at_install")
class TestAssignment(TicketCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cid = cls._user("cid", "own")
        cls.team.member_ids = cls.ann | cls.ben | cls.cid

    def _owners(self, count):
        owners = self.env["res.users"]
        return [owners | self._ticket(user_id=False).user_id for __ in range(count)]

    def _absent(self, user, start="12 00:00", end="12 23:00"):
        resource = self.env["resource.resource"].create(
            {"name": user.name, "user_id": user.id, "company_id": self.company.id}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "resource_id": resource.id,
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": self._moment(start),
                "date_to": self._moment(end),
            }
        )

    def test_by_hand_means_nobody_yet(self):
        self.assertEqual(self._owners(1), [self.env["res.users"]])

    def test_whoever_has_the_fewest_open_tickets(self):
        self._ticket(user_id=self.ann.id)
        closed = self._ticket(user_id=self.ben.id, kind="praise")
        self.policy.return_visit_days = 0
        closed.return_visit_waived_reason = "praise"
        self._go(closed, "solved", "closed")
        self.team.assignment = "least"
        self.assertEqual(self._owners(4), [self.ben, self.cid, self.ann, self.ben])

    def test_in_turns(self):
        self.team.assignment = "turns"
        self.assertEqual(self._owners(4), [self.ann, self.ben, self.cid, self.ann])
        self._absent(self.ben)
        self.assertEqual(self._owners(2), [self.cid, self.ann])

    def test_many_at_once_are_shared_out_too(self):
        self.team.assignment = "turns"
        tickets = self.env["customer.ticket"].create(
            [{"name": str(n), "company_id": self.company.id} for n in range(4)]
        )
        self.assertEqual([t.user_id for t in tickets], [self.ann, self.ben, self.cid, self.ann])

    def test_the_account_manager(self):
        """Who need not be of the team; the least loaded stands in."""
        manager = self._user("manager", "own")
        self.team.assignment = "manager"
        self.assertEqual(self._owners(1), [self.ann])
        self.customer.user_id = manager
        self.assertEqual(self._owners(2), [manager, manager])
        self._absent(manager)
        self.assertEqual(self._owners(1), [self.ben])

    def test_the_absent_are_passed_over(self):
        self.team.assignment = "least"
        self._absent(self.ann)
        self._absent(self.ben, "11 00:00", "12 11:00")  # back since an hour
        self._absent(self.cid, "12 13:00", "20 13:00")  # from one o'clock
        self.assertEqual(self._owners(3), [self.ben, self.cid, self.ben])

    def test_when_everybody_is_absent_it_waits(self):
        self.team.assignment = "least"
        for user in self.team.member_ids:
            self._absent(user)
        ticket = self._ticket(user_id=False)
        self.assertFalse(ticket.user_id)

    def test_who_left_gets_nothing(self):
        self.team.assignment = "least"
        self.ann.active = False
        self.ben.write(
            {
                "company_ids": [Command.set(self.env.ref("base.main_company").ids)],
                "company_id": self.env.ref("base.main_company").id,
            }
        )
        ticket = self._ticket(user_id=False) if self.ann.active else self._by_robot()
        self.assertEqual(ticket.user_id, self.cid)

    def _by_robot(self):
        return self.env["customer.ticket"].create({"name": "Mail", "team_id": self.team.id})

    def test_somebody_named_stays(self):
        self.team.assignment = "least"
        self.assertEqual(self._ticket(user_id=self.cid.id).user_id, self.cid)


@tagged("post_install", "-at_install")
class TestTeams(TicketCase):
    def test_each_company_has_one(self):
        other = self._new_company("Other")
        team = self.env["customer.ticket.team"].search([("company_id", "=", other.id)])
        self.assertEqual(len(team), 1)
        other._customer_set_up()
        self.assertEqual(
            self.env["customer.ticket.team"].search_count([("company_id", "=", other.id)]), 1
        )

    def test_a_ticket_is_of_its_teams_company(self):
        other = self._new_company("Other")
        team = self.env["customer.ticket.team"].search([("company_id", "=", other.id)])
        ticket = self.env["customer.ticket"].create({"name": "Mail", "team_id": team.id})
        self.assertEqual(ticket.company_id, other)

    def test_the_users_own_team_first(self):
        second = self.team.copy(
            {"name": "Second", "sequence": 99, "member_ids": [Command.set(self.ben.ids)]}
        )
        self.assertEqual(self._ticket().team_id, self.team)
        self.team.member_ids = self.ann
        ticket = (
            self.env["customer.ticket"]
            .with_user(self.ben)
            .with_context(allowed_company_ids=self.company.ids)
            .create({"name": "By Ben"})
        )
        self.assertEqual(ticket.team_id, second)
