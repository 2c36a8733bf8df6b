"""One complaint around the whole loop, in two browsers: the customer's and the account manager's."""

from odoo.tests import tagged

from .portal_case import PortalCase


@tagged("post_install", "-at_install")
class TestToursTicket(PortalCase):
    def _around(self, prefix=""):
        self.team.assignment = "manual"
        self.env["customer.sla.policy"].create(
            {
                "name": "Tour",
                "sequence": -1,
                "company_id": self.company.id,
                "response_hours": 2,
                "solution_hours": 16,
                "return_visit_days": 3,
            }
        )
        board = "/odoo/customer-tickets"
        self.start_tour(f"{prefix}/my", "customer_portal_ticket_tour", login="portal_carl")
        ticket = self._own_tickets()
        self.assertEqual((ticket.channel, ticket.partner_id), ("portal", self.acme))
        self.start_tour(board, "customer_ticket_handle_tour", login="portal_ann")
        self.assertEqual((ticket.stage_id, ticket.user_id), (self.stage["solved"], self.ann))
        self.assertTrue(ticket.told_at)
        self.start_tour(
            f"{prefix}/my/tickets", "customer_portal_solution_tour", login="portal_carl"
        )
        self.assertEqual(ticket.rating_grade, "okay")
        self.start_tour(board, "customer_ticket_return_visit_tour", login="portal_ann")
        self.assertEqual(ticket.stage_id, self.stage["closed"])
        self.assertEqual((ticket.return_visit_outcome, ticket.reopened_count), ("happy", 0))
        return ticket

    def test_in_english(self):
        self._around()

    def test_in_chinese(self):
        """The tours throw where a page of the customer's holds English words."""
        self._speak_chinese()
        (self.carl | self.ann).lang = "zh_CN"
        ticket = self._around("/zh_CN")
        told = ticket.message_ids.filtered(lambda message: message.message_type == "auto_comment")
        self.assertTrue(told)
        for message in told:
            self.assertRegex(message.subject, "[一-鿿]")
            self.assertRegex(message.body, "在此")
