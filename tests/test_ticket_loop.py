"""The loop is closed: which steps a ticket may take, what each asks for, and what is kept."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .ticket_case import TicketCase


@tagged("post_install", "-at_install")
class TestLoop(TicketCase):
    def test_only_the_steps_that_the_loop_knows(self):
        """Every pair of stages, against the ways that the data names."""
        allowed = {
            "new": "acknowledged in_progress waiting solved",
            "acknowledged": "in_progress waiting solved",
            "in_progress": "waiting solved",
            "waiting": "in_progress solved",
            "solved": "confirmed closed reopened",
            "confirmed": "closed reopened",
            "closed": "reopened",
            "reopened": "in_progress waiting solved",
        }
        for here, ways in allowed.items():
            for there in self.stage:
                ticket = self._ticket(kind="praise", solution="Thanked")
                self._say(ticket)
                ticket._write_past_gate({"stage_id": self.stage[here].id})
                ticket.return_visit_waived_reason = "praise"
                with self.subTest(here=here, there=there):
                    if there in ways.split() or there == here:
                        self._go(ticket, there)
                        self.assertEqual(ticket.stage_id, self.stage[there])
                    else:
                        with self.assertRaisesRegex(UserError, "cannot go to"):
                            self._go(ticket, there)
                        self.assertEqual(ticket.stage_id, self.stage[here])

    def test_a_complaint_cannot_skip_what_the_loop_asks(self):
        ticket = self._ticket(user_id=False)
        self.contact.email = self.customer.email = False
        for stage, missing, mend in [
            ("acknowledged", "Nobody owns it", lambda: ticket.action_take()),
            ("waiting", "unanswered", lambda: ticket.action_answered_by_phone()),
            ("solved", "What we did is empty", lambda: ticket.write({"solution": "New tiles"})),
        ]:
            with self.subTest(stage), self.assertRaisesRegex(UserError, missing):
                self._go(ticket, stage)
            mend()
            if stage != "solved":
                self._go(ticket, stage)
        with self._at("12 13:00"):
            self._go(ticket, "solved")
            with self.assertRaisesRegex(UserError, "does not know yet"):
                self._go(ticket, "closed")
            ticket.action_answered_by_phone()
            with self.assertRaisesRegex(UserError, "return visit has not taken place"):
                self._go(ticket, "closed")
            ticket.return_visit_outcome = "happy"
            self._go(ticket, "confirmed", "closed")
        self.assertTrue(ticket.closed_at)

    def test_blank_words_are_no_solution(self):
        with self.assertRaisesRegex(UserError, "What we did is empty"):
            self._ticket().write({"solution": " \n ", "stage_id": self.stage["solved"].id})

    def test_an_answer_to_an_earlier_word_is_no_answer_to_the_last(self):
        ticket = self._ticket()
        self._say(ticket)
        self._hear(ticket, "And the grout is missing, too.")
        with self.assertRaisesRegex(UserError, "is unanswered"):
            self._go(ticket, "waiting")
        self._say(ticket, body="Which grout did you order?")
        self._go(ticket, "waiting")

    def test_what_is_written_along_with_a_step_counts(self):
        ticket = self._ticket(user_id=False)
        ticket.write(
            {"stage_id": self.stage["solved"].id, "solution": "New tiles", "user_id": self.ann.id}
        )
        self.assertEqual(ticket.stage_id, self.stage["solved"])

    def test_a_refused_step_says_what_is_missing_before_it_is_tried(self):
        ticket = self._go(self._ticket(), "acknowledged", "in_progress")
        self.assertEqual(ticket.next_stage_id, self.stage["solved"])
        self.assertIn("What we did is empty", ticket.next_missing)
        ticket.solution = "New tiles"
        self.assertFalse(ticket.next_missing)
        ticket.action_next()
        self.assertEqual(ticket.stage_id, self.stage["solved"])

    def test_praise_needs_no_solution_and_no_visit(self):
        self.policy.return_visit_days = 0
        ticket = self._go(self._ticket(kind="praise"), "solved", "closed")
        self.assertTrue(ticket.closed_at)

    def test_what_a_step_asks_for_is_data(self):
        self.stage["acknowledged"].needs_solution = "complaint"
        with self.assertRaisesRegex(UserError, "What we did is empty"):
            self._go(self._ticket(), "acknowledged")
        self._go(self._ticket(kind="question"), "acknowledged")
        self.stage["acknowledged"].needs_solution = "no"
        self._go(self._ticket(), "acknowledged")

    def test_a_stage_of_ones_own(self):
        """A named pause, added by an administrator."""
        supplier = self.env["customer.ticket.stage"].create(
            {"name": "Waiting for the Supplier", "sequence": 45, "clock": "pause"}
        )
        self.stage["new"].next_stage_ids += supplier
        ticket = self._ticket()
        self._say(ticket)
        ticket.stage_id = supplier
        self.assertEqual(ticket.clock_state, "paused")
        with self.assertRaisesRegex(ValidationError, "may not go from"):
            supplier.usual_stage_id = self.stage["solved"]

    def test_a_new_ticket_begins_in_the_first_stage_whatever_was_asked(self):
        ticket = self._ticket(stage_id=self.stage["closed"].id)
        self.assertEqual(ticket.stage_id, self.stage["new"])


@tagged("post_install", "-at_install")
class TestHistory(TicketCase):
    def test_each_step_is_logged_with_who_and_when(self):
        with self._at("12 08:00"):
            ticket = self._ticket()
        with self._at("12 09:00"):
            self._go(ticket.with_user(self.ben), "acknowledged")
        self.assertEqual(
            ticket.move_ids.sorted("id").mapped(lambda m: (m.display_name, m.user_id, m.clock)),
            [("— → New", self.ann, "run"), ("New → Acknowledged", self.ben, "run")],
        )
        self.assertEqual(
            ticket.move_ids.mapped("at"), [self._moment("12 09:00"), self._moment("12 08:00")]
        )

    def test_the_log_is_never_changed(self):
        moves = self._ticket().move_ids.sudo()
        for change in (lambda: moves.write({"at": self._moment("01 08:00")}), moves.unlink):
            with self.assertRaises(UserError):
                change()

    def test_what_the_customer_said_is_never_changed(self):
        ticket = self._ticket()
        with self.assertRaisesRegex(UserError, "never changed"):
            ticket.said = "<p>It is all fine.</p>"
        self.assertIn("All of them", ticket.said)
        self._ticket(said=False).said = "<p>Heard later.</p>"

    def test_a_ticket_is_not_duplicated(self):
        with self.assertRaises(UserError):
            self._ticket().copy()

    def test_two_people_move_one_ticket(self):
        """The second is told who moved it and where to; what it wrote along before is kept."""
        ticket = self._ticket()
        seen = ticket.with_context(seen_stage_id=ticket.stage_id.id)
        self._go(ticket.with_user(self.ben), "in_progress")
        with self.assertRaisesRegex(UserError, "In Progress since .*ben"):
            seen.action_next()
        self.assertEqual(ticket.stage_id, self.stage["in_progress"])
        self.assertEqual(len(ticket.move_ids), 2)
        self._go(ticket, "in_progress")  # the same step twice is one
        self.assertEqual(len(ticket.move_ids), 2)

    def test_two_people_write_the_solution(self):
        """The second overwrites, and the first text is in the messages."""
        ticket = self._ticket().with_context(tracking_disable=False)
        for user, text in ((self.ann, "Sent new tiles."), (self.ben, "Sent a credit note.")):
            ticket.with_user(user).solution = text
            self.env.flush_all()
            self.env.cr.precommit.run()
        tracked = ticket.message_ids.sudo().tracking_value_ids
        self.assertIn("Sent new tiles.", tracked.mapped("old_value_text"))


@tagged("post_install", "-at_install")
class TestReturnVisit(TicketCase):
    def test_it_is_due_days_after_the_solution(self):
        ticket = self._ticket()
        self.assertFalse(ticket.return_visit_due)
        self._solve(ticket)
        self.assertEqual((ticket.return_visit_due - self.today).days, 5)
        self.assertEqual(ticket.return_visit_state, "waiting")
        waiting = [("return_visit_state", "=", "waiting"), ("id", "=", ticket.id)]
        self.assertTrue(ticket.search(waiting))
        ticket.return_visit_outcome = "neutral"
        self.assertEqual(ticket.return_visit_state, "done")
        self.assertEqual(ticket.return_visit_user_id, self.ann)
        self.assertFalse(ticket.search(waiting))

    def test_an_unhappy_customer_reopens_it(self):
        ticket = self._solve(self._ticket())
        ticket.write({"return_visit_note": "Still broken", "return_visit_outcome": "unhappy"})
        self.assertEqual(ticket.stage_id, self.stage["reopened"])
        self.assertEqual(ticket.return_visit_state, "none")
        self._go(ticket, "solved")
        self.assertEqual(ticket.return_visit_state, "waiting", "and another visit is due")

    def test_not_before_it_is_solved(self):
        with self.assertRaisesRegex(UserError, "solve the ticket first"):
            self._ticket().return_visit_outcome = "happy"

    def test_a_manager_waives_it_with_a_reason(self):
        own = self._user("own", "own")
        self.customer.user_id = own
        ticket = self._solve(self._ticket())
        with self.assertRaisesRegex(AccessError, "Only who sees all customers"):
            ticket.with_user(own).return_visit_waived_reason = "no time"
        ticket.with_user(self.ben).return_visit_waived_reason = "Met them on Friday"
        self.assertEqual(
            (ticket.return_visit_state, ticket.return_visit_waived_user_id), ("waived", self.ben)
        )
        self._go(ticket, "closed")


@tagged("post_install", "-at_install")
class TestOpening(TicketCase):
    def test_the_customer_is_the_firm_and_the_contact_a_person(self):
        other, nobody = self._customer("Other"), self.env["res.partner"]
        for given, customer, contact in [
            ({"contact_id": self.contact.id}, self.customer, self.contact),
            ({"partner_id": self.contact.id, "contact_id": False}, self.customer, nobody),
            ({"partner_id": self.customer.id}, self.customer, self.contact),
            ({"partner_id": other.id, "contact_id": other.id}, other, other),
        ]:  # fmt: skip
            ticket = self._ticket(**given)
            with self.subTest(given=given):
                self.assertEqual((ticket.partner_id, ticket.contact_id), (customer, contact))

    def test_two_clicks_from_a_customer(self):
        """The button opens its tickets, "New" a form with the customer filled in."""
        self._bulk([(self.customer, self.today, 10)])
        self._run("full")
        profile = self._profile(self.customer).with_user(self.ann)
        for action in (
            profile.action_open_tickets(),
            self.contact.with_user(self.ann).action_open_customer_tickets(),
        ):
            env = self.env(user=self.ann, context=dict(action["context"], tracking_disable=True))
            with Form(env["customer.ticket"].with_company(self.company)) as form:
                form.name = "Late delivery"
            self.assertEqual(form.record.partner_id, self.customer)
        profile.invalidate_recordset()
        self.assertEqual((profile.ticket_count, profile.open_complaint_count), (2, 2))
        self.assertEqual(self.contact.with_user(self.ann).customer_ticket_count, 2)

    def test_open_complaints_of_customers(self):
        with_one, without = self.customer, self._customer("Quiet")
        self._bulk([(with_one, self.today, 10), (without, self.today, 10)])
        self._run("full")
        ticket = self._ticket()
        self._ticket(kind="praise", partner_id=without.id, contact_id=without.id)
        self._ticket(partner_id=False, contact_id=False, email_from="who@knows.example")
        profiles = self._profile(with_one) | self._profile(without)

        def found(*condition):
            return profiles.search([("id", "in", profiles.ids), condition]).partner_id

        self.assertEqual(found("open_complaint_count", ">", 0), with_one)
        self.assertEqual(found("open_complaint_count", "=", 0), without)
        self._go(self._solve(ticket), "reopened")
        self.assertEqual(found("open_complaint_count", ">", 0), with_one)
        self._go(ticket, "solved")
        ticket.return_visit_outcome = "happy"
        self._go(ticket, "closed")
        self.assertFalse(found("open_complaint_count", ">", 0))

    def test_merging_customers_merges_their_tickets(self):
        other = self._customer("Acme again", email="x@acme.example")
        ticket = self._ticket(partner_id=other.id, contact_id=other.id)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | other).ids, self.customer
        )
        self.env.invalidate_all()
        self.assertEqual((ticket.partner_id, ticket.contact_id), (self.customer, self.customer))

    def test_many_at_once_cost_no_query_each(self):
        """Lists of tickets read their clocks and colours in the same number of queries."""
        tickets = self.env["customer.ticket"]
        for __ in range(12):
            tickets |= self._ticket()
        names = ["time_left", "clock_state", "is_late", "return_visit_state", "next_missing"]

        def queries(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.read(names)
            return self.env.cr.sql_log_count - before

        queries(tickets)
        self.assertEqual(queries(tickets), queries(tickets[:2]))
