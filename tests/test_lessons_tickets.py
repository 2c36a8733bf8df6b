"""What users of other systems complained of, for years some of them: here each complaint is a test.

The thread of each is in its docstring.
"""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..models.ticket import customer_ticket_work
from .test_ticket_rating import RatingCase
from .ticket_case import TicketCase


@tagged("post_install", "-at_install")
class TestLessonsOfWorkingTime(TicketCase):
    """They complained that promises ran while nobody worked."""

    def test_due_times_ran_over_the_weekend(self):
        """osTicket#1168: asked for in 2014, done in 2019."""
        with self._at("14 16:00"):  # a Friday
            ticket = self._ticket()
        self.assertEqual(self._due(ticket), "17 09:00")

    def test_due_times_ran_at_night_and_on_holidays(self):
        """osTicket#2131."""
        self.env["resource.calendar.leaves"].with_company(self.company).create(
            {
                "name": "Holiday",
                "date_from": self._moment("13 00:00"),
                "date_to": self._moment("13 23:59"),
            }
        )
        with self._at("12 16:00"):
            ticket = self._ticket()
        self.assertEqual(self._due(ticket), "14 09:00")

    def test_due_times_ran_over_lunch(self):
        """frappe/helpdesk#2212."""
        with self._at("12 11:30"):
            ticket = self._ticket()
        self.assertEqual(self._due(ticket), "12 14:30")

    def test_business_hours_were_set_but_ignored(self):
        """Chatwoot#13392: the team's own hours count, in its own time zone."""
        self.team.resource_calendar_id = self.calendar.copy({"tz": "America/New_York"})
        with self._at("12 08:00"):  # four in the morning there
            ticket = self._ticket()
        self.assertEqual(self._due(ticket), "12 14:00")

    def test_a_day_could_have_one_shift_only(self):
        """Chatwoot#14009: three shifts on one day."""
        self.calendar.attendance_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "name": "Shift",
                        "dayofweek": "2",
                        "hour_from": start,
                        "hour_to": start + 1,
                        "day_period": "morning" if start < 12 else "afternoon",
                    }
                )
                for start in (6, 10, 20)
            ),
        ]
        with self._at("12 06:30"):
            ticket = self._ticket()
        self.assertEqual(self._due(ticket), "12 20:30")

    def test_alerts_came_at_night(self):
        """Zammad#4432: nobody is told outside working hours, whenever the ticket came."""
        for day in range(10, 16):
            for hour in (0, 7, 9, 12, 16, 17, 23):
                with self._at(f"{day} {hour:02}:20"):
                    ticket = self._ticket()
                for moment in (ticket.warn_at, ticket.escalate_at):
                    clock = moment.hour + moment.minute / 60
                    with self.subTest(day=day, hour=hour, moment=moment):
                        self.assertLess(moment.weekday(), 5)
                        self.assertTrue(8 <= clock <= 12 or 13 <= clock <= 17)


@tagged("post_install", "-at_install")
class TestLessonsOfClocks(TicketCase):
    """They complained that the clock did not mean what people thought it meant."""

    def test_the_agent_answered_and_it_escalated_all_the_same(self):
        """Zammad#3140."""
        self.policy.solution_hours = 0
        with self._at("12 08:00"):
            ticket = self._ticket()
            self._say(ticket)
        with self._at("20 08:00"):
            self._alert()
            self.assertFalse(ticket.alert_ids or ticket.is_late)

    def test_the_update_time_overruled_the_first_response(self):
        """Zammad#5177: a customer who writes again before the first answer moves nothing."""
        with self._at("12 08:00"):
            ticket = self._ticket()
        with self._at("12 09:00"):
            self._hear(ticket, "Hello?")
            self.assertEqual((self._due(ticket), ticket.due_clock), ("12 10:00", "response"))
        with self._at("12 09:30"):
            self._say(ticket)
            self.assertEqual(ticket.response_hours, 1.5, "from the first word on")

    def test_a_second_word_gave_more_time(self):
        """The same from the other side: a customer who asks again waits since the first time."""
        with self._at("12 08:00"):
            ticket = self._ticket()
            self._say(ticket)
        for moment in ("12 08:30", "12 09:30", "12 10:30"):
            with self._at(moment):
                self._hear(ticket)
                self.assertEqual(
                    (self._due(ticket), ticket.due_clock), ("12 11:30", "next_response")
                )

    def test_a_deactivated_sla_went_on_escalating(self):
        """Zammad#4353."""
        self.env["customer.sla.policy"].search([("company_id", "=", False)]).active = False
        with self._at("12 08:00"):
            ticket = self._ticket()
        with self._at("13 08:00"):
            self.policy.active = False
            self._alert()
            self.assertFalse(ticket.alert_ids or ticket.due_at or ticket.is_late)

    def test_a_reopened_ticket_was_late_at_once(self):
        """Zammad#188."""
        with self._at("12 08:00"):
            ticket = self._solve(self._ticket())
        with self._at("24 08:00"):
            self._hear(ticket, "Again")
            self.assertFalse(ticket.is_late)
            self.assertEqual(self._due(ticket, "solution_due"), "25 17:00")

    def test_what_a_customer_wrote_in_the_portal_did_not_count(self):
        """Zammad#1322."""
        ticket = self._ticket()
        self._say(ticket)
        ticket.sudo().message_post(
            body="In the portal",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.contact.id,
        )
        self.assertEqual(ticket.due_clock, "next_response")

    def test_the_clock_ran_after_it_was_resolved(self):
        """Chatwoot#10178."""
        with self._at("12 08:00"):
            ticket = self._solve(self._ticket())
        with self._at("28 08:00"):
            self.assertFalse(ticket.is_late or ticket.time_left or ticket.due_at)
            self.assertEqual((ticket.solution_result, ticket.solution_hours), ("in_time", 0))

    def test_time_waited_was_lost_when_the_sla_changed(self):
        """GLPI#6902: two hours waited for the customer stay waited."""
        with self._at("12 08:00"):
            ticket = self._ticket()
            self._say(ticket)
            self._go(ticket, "waiting")
        with self._at("12 10:00"):
            self._hear(ticket)
            self._say(ticket)
            self.policy.solution_hours = 4
            self.policy.action_apply_to_open()
            self.assertEqual(self._due(ticket, "solution_due"), "12 15:00")

    def test_a_changed_sla_was_not_applied(self):
        """frappe/helpdesk#2214: to new tickets at once, to open ones when somebody says so."""
        with self._at("12 08:00"):
            before = self._ticket()
            self.policy.response_hours = 1
            self.assertEqual(self._due(self._ticket()), "12 09:00")
            self.assertEqual(self.policy.open_outdated_count, 1)
            self.policy.action_apply_to_open()
            self.assertEqual(self._due(before), "12 09:00")

    def test_deadlines_of_closed_tickets_changed(self):
        """OCA/helpdesk#157."""
        names = ["response_due", "solution_due", "solution_target", "solution_result", "due_at"]
        with self._at("12 08:00"):
            ticket = self._solve(self._ticket())
            was = ticket.read(names)
            self.policy.write({"solution_hours": 1, "response_hours": 1})
            self.policy.action_apply_to_open()
            self.calendar.tz = "Asia/Shanghai"
            ticket.severity = "3"
            self.assertEqual(ticket.read(names), was)

    def test_a_stage_could_not_stop_the_clock(self):
        """OCA/helpdesk#344: any stage may, by its data."""
        self.stage["in_progress"].clock = "pause"
        with self._at("12 08:00"):
            ticket = self._ticket()
            self._say(ticket)
            self._go(ticket, "in_progress")
            self.assertFalse(ticket.due_at)
            self.assertEqual(ticket.clock_state, "paused")

    def test_people_could_not_find_the_sla(self):
        """OCA/helpdesk#533: on card, list and form without opening anything, and as a filter."""
        Ticket = self.env["customer.ticket"].with_user(self.ann)
        for view in ("kanban", "list", "form"):
            with self.subTest(view):
                self.assertIn('name="time_left"', Ticket.get_view(view_type=view)["arch"])
        self.assertIn('name="sla_policy_id"', Ticket.get_view(view_type="form")["arch"])
        self.assertIn("is_late", Ticket.get_view(view_type="search")["arch"])

    def test_each_round_sent_the_notices_again(self):
        """Chatwoot#6889, efeone/beams#1279: told once, though the job runs ten times."""
        with self._at("12 08:00"):
            ticket = self._ticket()
        for minute in range(10):
            with self._at(f"12 10:{minute:02}"):
                self._alert()
        self.assertEqual(ticket.alert_ids.mapped("step"), ["escalate"])


@tagged("post_install", "-at_install")
class TestLessonsOfSize(TicketCase):
    """zammad-admin-documentation#159: "editing an SLA may slow the instance"."""

    def setUp(self):
        super().setUp()
        with self._at("12 16:00"):
            self.tickets = self.env["customer.ticket"].union(*(self._ticket() for __ in range(6)))

    def _queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_changing_a_policy_touches_no_ticket(self):
        self.policy.response_hours = 3
        self.assertEqual({self._due(ticket) for ticket in self.tickets}, {"13 09:00"})

    def test_due_times_of_many_cost_no_query_each(self):
        def refresh(tickets):
            """As after a change of working hours: every due time differs."""
            self.env.cr.execute("UPDATE customer_ticket SET due_at = NULL, response_due = NULL")
            return self._queries(tickets._refresh_clocks)

        refresh(self.tickets)
        self.assertEqual(refresh(self.tickets), refresh(self.tickets[:2]))
        self.assertEqual(self._due(self.tickets[0]), "13 09:00")

    def test_whoever_changes_a_calendar_does_not_wait_for_thousands(self):
        """Many are marked and left to a job, which takes a batch between two commits."""
        with (
            patch.object(customer_ticket_work, "AT_ONCE", 3),
            patch.object(customer_ticket_work, "BATCH", 4),
            self._at("12 16:00"),
        ):
            self.calendar.tz = "Asia/Shanghai"
            self.assertEqual({self._due(ticket) for ticket in self.tickets}, {"13 09:00"})
            self.assertTrue(all(self.tickets.mapped("clocks_stale")))
            for __ in range(2):  # a second round changes nothing
                with self.enter_registry_test_mode():
                    self.env.ref("customer_success.ir_cron_ticket_clocks").method_direct_trigger()
                self.env.invalidate_all()
                self.assertEqual({self._due(ticket) for ticket in self.tickets}, {"13 02:00"})
                self.assertFalse(any(self.tickets.mapped("clocks_stale")))

    def test_a_withdrawn_promise_of_many_tickets(self):
        other = self.policy.copy({"sequence": 0, "response_hours": 1})
        with patch.object(customer_ticket_work, "AT_ONCE", 3), self._at("12 16:00"):
            self.policy.active = False
            self.assertTrue(all(self.tickets.mapped("clocks_stale")))
            with self.enter_registry_test_mode():
                self.env.ref("customer_success.ir_cron_ticket_clocks").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(self.tickets.sla_policy_id, other)
            self.assertEqual({self._due(ticket) for ticket in self.tickets}, {"12 17:00"})


@tagged("post_install", "-at_install")
class TestLessonsOfSatisfaction(RatingCase):
    """They complained of surveys that were missing, forced, flattering, or answered by the wrong one."""

    def test_there_was_no_survey_for_years(self):
        """Zammad#834, #303: a new company's team asks, without anything to set up."""
        team = self.env["customer.ticket.team"].search(
            [("company_id", "=", self._new_company("New").id)]
        )
        self.assertTrue(team.rating_template_id)
        self.assertEqual((team.rating_after_days, team.unhappy_rating), (1, "reopen"))

    def test_it_asked_only_the_first_time_it_was_resolved(self):
        """Chatwoot#4526, #10628: asked again after each solution, and once for each."""
        ticket = self._solved()
        for day in (13, 17, 19):
            with self._at(f"{day} 12:00"):
                self.assertEqual(len(self._ask()), 1)
                self.assertEqual(len(self._ask()), 0)
                self._hear(ticket, "Again")
                self._go(ticket, "solved")
        self.assertEqual(self._requests(ticket), ["asked"] * 3)

    def test_a_customer_was_asked_once_for_all_time(self):
        """PostHog#20076: each solution asks the same customer anew, and every answer stays, by day."""
        for day, value in ((13, 3), (20, 5)):
            ticket = self._solved()
            with self._at(f"{day} 12:00"):
                self._ask()
                self._rate(ticket, value)
        ratings = self.env["rating.rating"].search(
            [("partner_id", "=", self.contact.id), ("consumed", "=", True)], order="id"
        )
        self.assertEqual(ratings.mapped("rating"), [3, 5])

    def test_the_link_was_forced_on_everybody(self):
        """Chatwoot#12338, #10149: off for a team or a customer; one can rate without being asked."""
        template, self.team.rating_template_id = self.team.rating_template_id, False
        ticket = self._solved()
        with self._at("13 12:00"):
            self.assertFalse(self._ask())
        self.team.rating_template_id = template
        self.contact.customer_no_rating = True
        with self._at("13 13:00"):
            self.assertFalse(self._ask())
            ticket.sudo()._rating_get_access_token(self.contact)
            self._rate(ticket, 5)
        self.assertEqual(ticket.rating_grade, "great")

    def test_every_inbox_had_the_same_question(self):
        """Chatwoot#6506: each team its own words and its own day."""
        own = self.team.rating_template_id.copy({"subject": "Were the tiles all right?"})
        self.team.write({"rating_template_id": own.id, "rating_after_days": 0})
        with self._at("12 08:00"):
            self._solve(self._ticket())
            (mail,) = self._ask()
        self.assertEqual(mail["subject"], "Were the tiles all right?")

    def test_faces_without_words_flatter(self):
        """Chatwoot#10844: three faces of one size, each with a plain word, none chosen beforehand."""
        self.assertEqual(
            self.env["customer.ticket"]._rating_words(),
            {5: "Satisfied", 3: "Neither", 1: "Not satisfied"},
        )
        links = self._solved()._rating_links()
        self.assertEqual(len({link["word"] for link in links}), 3)
        self.assertTrue(all("rating_" in link["image"] for link in links))

    def test_an_agent_rated_himself(self):
        """GLPI#474: more doors in ``test_ticket_rating``."""
        ticket = self._solved()
        with self._at("13 12:00"):
            self._ask()
        rating = ticket.sudo().rating_ids
        with self.assertRaisesRegex(Exception, "Only the customer rates"):
            ticket.with_user(self.ann).sudo().rating_apply(5, token=rating.access_token)
        colleague = self.ben.partner_id
        ours = self._solved(contact_id=colleague.id, partner_id=colleague.id)
        with self._at("13 13:00"):
            self.assertFalse(self._ask())
        self.assertFalse(ours.sudo().rating_ids)

    def test_an_answer_without_a_login_belonged_to_nobody(self):
        """OCA/survey#9: the link knows whose it is."""
        ticket = self._rated(3, "So so")
        self.assertEqual(ticket.rating_ids.partner_id, self.contact)
        self.assertEqual(ticket.message_ids.filtered("rating_value").author_id, self.contact)
        self.assertEqual(ticket.rated_at - ticket.solved_at, timedelta(days=1, hours=1))
