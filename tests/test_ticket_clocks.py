"""Promises in working time: when they are due, what pauses them, when a ticket is late."""

from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..models.ticket.working_time import WorkingTime
from .ticket_case import TicketCase


@tagged("post_install", "-at_install")
class TestDue(TicketCase):
    def test_lunch_nights_and_weekends_do_not_count(self):
        for moment, response, solution in [
            ("12 08:00", "12 10:00", "13 17:00"),
            ("12 11:00", "12 14:00", "14 11:00"),
            ("12 12:30", "12 15:00", "14 12:00"),
            ("12 16:00", "13 09:00", "14 16:00"),
            ("14 16:30", "17 09:30", "18 16:30"),
            ("15 10:00", "17 10:00", "18 17:00"),
        ]:
            with self.subTest(moment=moment), self._at(moment):
                ticket = self._ticket()
                self.assertEqual(self._due(ticket, "response_due"), response)
                self.assertEqual(self._due(ticket, "solution_due"), solution)
                self.assertEqual((self._due(ticket), ticket.due_clock), (response, "response"))

    def test_a_holiday_of_the_company(self):
        self._holiday("13 00:00", "13 23:59")
        with self._at("12 16:00"):
            self.assertEqual(self._due(self._ticket()), "14 09:00")

    def test_a_holiday_of_another_company_or_of_a_colleague_moves_nothing(self):
        other = self._new_company("Other")
        self._holiday("13 00:00", "13 23:59", company_id=other.id, calendar_id=False)
        resource = self.env["resource.resource"].create(
            {"name": "Ann", "user_id": self.ann.id, "company_id": self.company.id}
        )
        self._holiday("13 00:00", "13 23:59", resource_id=resource.id)
        with self._at("12 16:00"):
            self.assertEqual(self._due(self._ticket()), "13 09:00")

    def test_time_zones_and_daylight_saving(self):
        """Friday before the clocks change, 16:00 there; due at 9:00 there, an hour earlier in UTC."""
        for zone, opened, due in [
            ("Europe/Berlin", datetime(2024, 3, 29, 15, 0), datetime(2024, 4, 1, 7, 0)),
            ("Europe/Berlin", datetime(2024, 10, 25, 14, 0), datetime(2024, 10, 28, 8, 0)),
            ("America/New_York", datetime(2024, 3, 8, 21, 0), datetime(2024, 3, 11, 13, 0)),
            ("Asia/Shanghai", datetime(2024, 3, 29, 8, 0), datetime(2024, 4, 1, 1, 0)),
        ]:
            self.calendar.tz = zone
            with self.subTest(zone=zone, opened=opened), self._on(opened.date()):
                ticket = self._ticket(opened_at=opened)
                self.assertEqual(ticket.response_due, due)

    def test_split_shifts_and_a_night_shift(self):
        self.calendar.attendance_ids = [
            Command.clear(),
            *(
                Command.create(
                    {"name": "x", "dayofweek": day, "hour_from": a, "hour_to": b, "day_period": half}
                )
                for day, a, b, half in (
                    ("2", 6, 7, "morning"),
                    ("2", 20, 24, "afternoon"),
                    ("3", 0, 2, "morning"),
                )
            ),
        ]  # fmt: skip
        with self._at("12 06:30"):
            ticket = self._ticket()
            self.assertEqual(self._due(ticket), "12 21:30")
        with self._at("12 23:00"):
            self.assertEqual(self._due(self._ticket()), "13 01:00")  # midnight is no gap

    def test_a_flexible_calendar_gives_one_answer(self):
        """Odoo lays its hours around noon of each day, from where one begins to look."""
        self.calendar.write(
            {"flexible_hours": True, "hours_per_day": 6, "full_time_required_hours": 30}
        )
        start, end = self._moment("12 10:00"), self._moment("14 10:00")
        with self._at("12 10:00"):
            ticket = self._ticket()
        narrow = WorkingTime().of(ticket, start, end)
        wide = WorkingTime()
        wide.of(ticket, start - timedelta(days=45), end + timedelta(days=45))
        self.assertEqual(wide.of(ticket, start, end), narrow)
        self.assertTrue(narrow)
        self.assertEqual(self._due(ticket), "12 12:00")

    def test_without_a_calendar_every_hour_counts(self):
        self.company.resource_calendar_id = False
        with self._at("15 23:00"):
            self.assertEqual(self._due(self._ticket()), "16 01:00")

    def test_a_calendar_without_hours_promises_nothing(self):
        self.calendar.attendance_ids = [Command.clear()]
        ticket = self._ticket()
        self.assertFalse(ticket.due_at or ticket.is_late)

    def test_the_teams_own_hours_come_first(self):
        self.team.resource_calendar_id = self.calendar.copy({"tz": "Asia/Shanghai"})
        with self._at("12 08:00"):  # 16:00 there
            self.assertEqual(self._due(self._ticket()), "13 01:00")

    def test_changed_hours_and_holidays_move_open_tickets_alone(self):
        with self._at("12 16:00"):
            ticket, solved = self._ticket(), self._ticket()
            self._solve(solved)
            was = solved.read(["response_due", "solution_due", "due_at", "response_result"])
            holiday = self._holiday("13 00:00", "13 23:59")
            self.assertEqual(self._due(ticket), "14 09:00")
            holiday.unlink()
            self.assertEqual(self._due(ticket), "13 09:00")
            self.calendar.tz = "Asia/Shanghai"
            self.assertEqual(self._due(ticket), "13 02:00")
            self.calendar.attendance_ids.filtered(
                lambda line: line.dayofweek == "3" and line.hour_from == 8
            ).hour_from = 9
            self.assertEqual(self._due(ticket), "13 03:00")
            self.assertEqual(
                solved.read(["response_due", "solution_due", "due_at", "response_result"]), was
            )

    def _holiday(self, start, end, **vals):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": self._moment(start),
                "date_to": self._moment(end),
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestLate(TicketCase):
    def _found(self, ticket, domain):
        return ticket in self.env["customer.ticket"].search([("id", "=", ticket.id), *domain])

    def test_late_is_a_function_of_time_alone(self):
        """No job runs between these moments; search, flag and colour agree on each."""
        with self._at("12 08:00"):
            ticket = self._ticket()
        for moment, state in [
            ("12 08:00", "fine"),
            ("12 09:29", "fine"),
            ("12 09:30", "soon"),  # three quarters of two hours
            ("12 10:00", "soon"),
            ("12 10:01", "late"),
            ("20 03:00", "late"),
        ]:
            with self.subTest(moment=moment), self._at(moment):
                late = state == "late"
                self.assertEqual((ticket.clock_state, ticket.is_late), (state, late))
                self.assertEqual(self._found(ticket, [("is_late", "=", True)]), late)
                self.assertEqual(self._found(ticket, [("is_late", "=", False)]), not late)
                self.assertEqual(bool(ticket.filtered_domain([("is_late", "=", True)])), late)

    def test_time_left_in_words(self):
        with self._at("12 11:00"):
            ticket = self._ticket()
        for moment, words in [
            ("12 11:00", "2 h left"),
            ("12 11:10", "1 h 50 left"),
            ("12 12:20", "1 h left"),  # lunch uses nothing
            ("12 13:30", "30 min left"),
            ("12 14:00", "0 min left"),
            ("12 15:05", "late by 1 h 05"),
            ("13 14:00", "late by 24 h"),
            ("15 14:00", "late by 3 days"),
        ]:
            with self.subTest(moment=moment), self._at(moment):
                self.assertEqual(ticket.time_left, words)

    def test_without_a_promise_nothing_is_late(self):
        self.policy.write({"response_hours": 0, "next_response_hours": 0, "solution_hours": 0})
        with self._at("03 08:00"):
            ticket = self._ticket()
        self.assertFalse(ticket.is_late or ticket.time_left)
        self.assertEqual(ticket.clock_state, "none")


@tagged("post_install", "-at_install")
class TestResponses(TicketCase):
    def test_a_person_who_writes_to_the_customer_stops_the_response_clock(self):
        with self._at("12 08:00"):
            ticket = self._ticket()
        with self._at("12 10:00"):
            self._say(ticket)
            self.assertEqual(ticket.response_result, "in_time")
            self.assertEqual(ticket.response_hours, 2)
            self.assertEqual(ticket.due_clock, "solution")
        with self._at("20 10:00"):
            self.assertEqual(self._due(ticket, "responded_at"), "12 10:00")
            self._say(ticket)
            self.assertEqual(self._due(ticket, "responded_at"), "12 10:00")

    def test_an_answer_after_the_due_time_is_late_for_ever(self):
        with self._at("12 08:00"):
            ticket = self._ticket()
        with self._at("12 10:01"):
            self._say(ticket)
        self.assertEqual(ticket.response_result, "late")

    def test_what_is_no_answer(self):
        """A confirmation by itself, a note among colleagues, a message that reached no customer."""
        ticket = self._ticket()
        self.assertTrue(
            ticket.message_ids.filtered(lambda message: message.message_type == "auto_comment")
        )
        ticket.message_post(
            body="Look at this", subtype_xmlid="mail.mt_note", message_type="comment"
        )
        self._go(ticket, "acknowledged")
        self.assertFalse(ticket.responded_at)
        ticket.message_unsubscribe(self.contact.ids)
        self._say(ticket)
        self.assertFalse(ticket.responded_at)

    def test_a_call_is_an_answer(self):
        ticket = self._ticket()
        ticket.action_answered_by_phone()
        self.assertTrue(ticket.responded_at)
        self.assertTrue(ticket.told_at)

    def test_the_next_response_is_due_from_the_first_unanswered_word(self):
        with self._at("12 08:00"):
            ticket = self._ticket()
            self._hear(ticket)
            self.assertFalse(ticket.next_response_since, "the first response is due still")
            self._say(ticket)
        with self._at("12 09:00"):
            self._hear(ticket)
            self.assertEqual((self._due(ticket), ticket.due_clock), ("12 12:00", "next_response"))
        with self._at("12 11:00"):
            self._hear(ticket, "Hello?")
            self.assertEqual(self._due(ticket), "12 12:00", "a second word gives no more time")
        with self._at("12 11:30"):
            self._say(ticket)
            self.assertEqual(ticket.due_clock, "solution")
            self._hear(ticket)
            self.assertEqual(self._due(ticket), "12 15:30", "and after an answer it starts anew")

    def test_a_note_by_the_customer_in_the_portal_counts(self):
        ticket = self._ticket()
        self._say(ticket)
        ticket.sudo().message_post(
            body="Still broken",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.contact.id,
        )
        self.assertTrue(ticket.next_response_since)


@tagged("post_install", "-at_install")
class TestSolution(TicketCase):
    def test_waiting_for_the_customer_pauses(self):
        with self._at("12 08:00"):
            ticket = self._ticket()
            self._say(ticket)
            self.assertEqual(self._due(ticket), "13 17:00")
        with self._at("12 10:00"):
            self._go(ticket, "waiting")
            self.assertFalse(ticket.due_at)
            self.assertEqual((ticket.clock_state, ticket.time_left), ("paused", "paused"))
        with self._at("17 10:00"):
            self.assertFalse(ticket.is_late)
            self._hear(ticket, "Here are the pictures")
            self.assertEqual(ticket.stage_id, self.stage["in_progress"], "it goes on by itself")
            self.assertEqual(self._due(ticket, "solution_due"), "18 17:00")
            self.assertEqual(self._due(ticket), "17 14:00")  # and an answer is due

    def test_what_was_late_stays_late_while_it_waits(self):
        with self._at("12 08:00"):
            ticket = self._ticket()
            self._say(ticket)
        with self._at("14 09:00"):
            self.assertTrue(ticket.is_late)
            self._go(ticket, "waiting")
            self.assertTrue(ticket.is_late)

    def test_solving_stops_every_clock(self):
        with self._at("12 08:00"):
            ticket = self._ticket()
        with self._at("12 10:00"):
            self._solve(ticket)
        with self._at("30 10:00"):
            self.assertFalse(ticket.due_at or ticket.is_late or ticket.time_left)
            self.assertEqual(ticket.solution_result, "in_time")
            self.assertEqual(ticket.solution_hours, 2)
            self.assertEqual(ticket.response_result, "in_time", "the solution was the answer")

    def test_solved_late(self):
        with self._at("12 08:00"):
            ticket = self._ticket()
            self._say(ticket)
        with self._at("14 08:01"):
            self._solve(ticket)
        self.assertEqual(ticket.solution_result, "late")

    def test_averages_are_of_solved_tickets_alone(self):
        with self._at("12 08:00"):
            tickets = self._ticket() | self._ticket() | self._ticket()
        for ticket, moment in zip(tickets, ("12 10:00", "12 14:00"), strict=False):
            with self._at(moment):
                self._solve(ticket)
        domain = [("id", "in", tickets.ids)]
        averages = ["solution_hours:avg", "response_hours:avg"]
        self.assertEqual(tickets._read_group(domain, [], averages), [(3.5, 3.5)])

    def test_reopening_starts_the_solution_clock_anew(self):
        with self._at("12 08:00"):
            ticket = self._solve(self._ticket())
        with self._at("17 08:00"):
            self._hear(ticket, "Broken again")
            self.assertEqual(ticket.stage_id, self.stage["reopened"])
            self.assertEqual(self._due(ticket, "solution_due"), "18 17:00")
            self.assertEqual((self._due(ticket), ticket.due_clock), ("17 11:00", "next_response"))
            self.assertFalse(ticket.solution_result or ticket.solved_at)
            self.assertEqual(ticket.reopened_count, 1)
            self.assertEqual(
                ticket.move_ids.mapped("to_stage_id.name"), ["Reopened", "Solved", "New"]
            )


@tagged("post_install", "-at_install")
class TestPolicies(TicketCase):
    def test_the_first_that_fits_counts(self):
        low, key = self.tiers["low"], self.tiers["key"]
        self.policy.unlink()
        policies = self.env["customer.sla.policy"].create(
            [
                {"name": name, "sequence": sequence, "company_id": self.company.id, **vals}
                for sequence, (name, vals) in enumerate(
                    {
                        "key critical": {"tier_ids": [Command.set(key.ids)], "severity": "3"},
                        "key": {"tier_ids": [Command.set(key.ids)]},
                        "complaint high": {"kind": "complaint", "severity": "2"},
                        "question": {"kind": "question"},
                        "else": {},
                    }.items(),
                    -9,
                )
            ]
        )
        self.assertEqual(len(policies), 5)
        other = self._new_company("Other")
        policies[0].copy({"company_id": other.id, "tier_ids": False, "sequence": -99})
        for tier, kind, severity, name in [
            (key, "complaint", "3", "key critical"),
            (key, "praise", "2", "key"),
            (low, "complaint", "3", "complaint high"),
            (low, "complaint", "2", "complaint high"),
            (low, "complaint", "1", "else"),
            (low, "question", "3", "question"),
            (None, "praise", "0", "else"),
        ]:
            customer = self._customer("Somebody", email="some@body.example")
            if tier:
                self._bulk([(customer, self.today, 10)])
                self._run("full")
                self._profile(customer)._set_manual("tier", tier, "test", False)
            ticket = self._ticket(contact_id=customer.id, kind=kind, severity=severity)
            with self.subTest(tier=tier and tier.code, kind=kind, severity=severity):
                self.assertEqual(ticket.sla_policy_id.name, name)
                self.assertEqual(ticket.value_tier_id, tier or self.env["customer.tier"])

    def test_a_changed_policy_leaves_tickets_as_promised_until_applied(self):
        with self._at("12 08:00"):
            ticket, closed = self._ticket(), self._solve(self._ticket())
            was = closed.read(["response_due", "solution_target", "solution_result"])
            self.policy.write({"response_hours": 1, "solution_hours": 1})
            self.assertEqual(self._due(ticket), "12 10:00")
            self.assertEqual(self._due(self._ticket()), "12 09:00", "new ones are promised it")
        with self._at("12 09:30"):
            self.policy.invalidate_recordset()
            self.assertEqual(self.policy.open_ticket_count, 2)
            self.assertEqual(self.policy.open_outdated_count, 1)
            self.assertIn("1 would be late at once and 0 no longer", self.policy.open_effect)
            self.policy.action_apply_to_open()
            self.assertEqual(self._due(ticket), "12 09:00")
            self.assertTrue(ticket.is_late)
            self.policy.invalidate_recordset()
            self.assertFalse(self.policy.open_outdated_count)
            self.assertEqual(
                closed.read(["response_due", "solution_target", "solution_result"]), was
            )

    def test_a_pause_survives_an_applied_change(self):
        with self._at("12 08:00"):
            ticket = self._ticket()
            self._say(ticket)
            self._go(ticket, "waiting")
        with self._at("12 10:00"):
            self._go(ticket, "in_progress")
            self.policy.solution_hours = 4
            self.policy.action_apply_to_open()
            self.assertEqual(self._due(ticket), "12 15:00")

    def test_a_deactivated_policy_promises_nothing(self):
        self.env["customer.sla.policy"].search([("company_id", "=", False)]).active = False
        with self._at("12 08:00"):
            ticket = self._ticket()
        with self._at("12 11:00"):
            self.assertTrue(ticket.is_late)
            self.policy.active = False
            self.assertFalse(ticket.is_late or ticket.due_at or ticket.sla_policy_id)
            self._alert()
            self.assertFalse(ticket.alert_ids)

    def test_a_changed_severity_finds_its_policy(self):
        urgent = self.policy.copy({"severity": "3", "response_hours": 1, "sequence": -2})
        with self._at("12 08:00"):
            ticket = self._ticket()
            ticket.severity = "3"
            self.assertEqual((ticket.sla_policy_id, self._due(ticket)), (urgent, "12 09:00"))

    def test_a_policy_in_use_is_archived_not_deleted(self):
        self._ticket()
        with self.assertRaisesRegex(Exception, "Archive it"):
            self.policy.unlink()


@tagged("post_install", "-at_install")
class TestAlerts(TicketCase):
    def _alerts(self, ticket):
        self._alert()
        return ticket.alert_ids.sorted("id").mapped(lambda a: (a.clock, a.step, a.user_id))

    def test_each_step_of_each_clock_is_told_once(self):
        with self._at("12 08:00"):
            ticket = self._ticket()
            self.assertEqual(self._alerts(ticket), [])
        warned = ("response", "warn", self.ann)
        escalated = ("response", "escalate", self.boss)
        for moment, told in [
            ("12 09:29", []),
            ("12 09:30", [warned]),
            ("12 09:40", [warned]),
            ("12 10:00", [warned, escalated]),
            ("13 10:00", [warned, escalated]),
        ]:
            with self.subTest(moment=moment), self._at(moment):
                self.assertEqual(self._alerts(ticket), told)
        with self._at("13 10:00"):
            ticket._refresh_clocks()
            self.calendar.tz = "Asia/Shanghai"  # the same clock, due at another time
            self.assertEqual(self._alerts(ticket), [warned, escalated])
            self._say(ticket)
            self._hear(ticket)
        with self._at("18 10:00"):
            self.assertEqual(len(self._alerts(ticket)), 3, "another clock")
            self.assertEqual(ticket.alert_ids[0].step, "escalate", "late already: no warning first")

    def test_a_solved_ticket_warns_nobody(self):
        with self._at("12 08:00"):
            ticket = self._solve(self._ticket())
        with self._at("28 08:00"):
            self.assertEqual(self._alerts(ticket), [])

    def test_who_is_told_reads_it(self):
        with self._at("12 08:00"):
            ticket = self._ticket()
        with self._at("12 09:45"):
            before = self.env["mail.message"].search([], order="id desc", limit=1).id
            self._alerts(ticket)
            told = self.env["mail.message"].search([("id", ">", before)])
            self.assertEqual(told.partner_ids, self.ann.partner_id)
            self.assertIn("15 min left", told.subject)

    def test_the_scheduled_action(self):
        with self._at("12 08:00"):
            tickets = self._ticket() | self._ticket()
        with self._at("12 12:00"):
            self._alert()
        self.assertEqual(tickets.alert_ids.mapped("step"), ["escalate", "escalate"])
        self.assertEqual(fields.Datetime.now(), self._noon(self.today))
