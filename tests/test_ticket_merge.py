"""Merging duplicates: nothing is lost, nothing counts twice, the earliest promise stands."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_ticket_mail import MailCase
from .ticket_case import TicketCase


class MergeCase(TicketCase):
    def _merge(self, tickets, survivor=None, user=None, **vals):
        """By the dialog, as Ann or ``user`` does it."""
        form = Form(
            self.env["customer.ticket.merge"]
            .with_user(user or self.ann)
            .with_context(
                allowed_company_ids=self.company.ids,
                active_model="customer.ticket",
                active_ids=tickets.ids,
            )
        )
        for name, value in {**({"survivor_id": survivor} if survivor else {}), **vals}.items():
            setattr(form, name, value)
        wizard = form.save()
        wizard.action_merge()
        return wizard.survivor_id


@tagged("post_install", "-at_install")
class TestMerge(MergeCase):
    def setUp(self):
        super().setUp()
        with self._at("11 09:00"):
            self.first = self._ticket(name="Broken", cost=10)
        with self._at("11 10:00"):
            self.second = self._ticket(
                name="Tiles broken", said="<p>And the grout is missing.</p>", cost=5, user_id=False,
                category_id=self.env.ref("customer_success.ticket_category_quality").id,
            )  # fmt: skip
            self.attachment = self.env["ir.attachment"].create(
                {"name": "photo.png", "res_model": "customer.ticket", "res_id": self.second.id}
            )
            self.note = self.second.message_post(body="He was angry", subtype_xmlid="mail.mt_note")
            self.second.message_subscribe(partner_ids=self.ben.partner_id.ids)
            self.activity = self.second.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.ann.id
            )

    def test_nothing_is_lost(self):
        moves = self.second.move_ids
        survivor = self._merge(self.first | self.second)
        self.assertEqual(survivor, self.first, "the oldest")
        self.assertIn(self.note, survivor.message_ids)
        self.assertEqual((self.attachment.res_id, self.activity.res_id), (survivor.id, survivor.id))
        self.assertIn(self.ben.partner_id, survivor.message_partner_ids)
        self.assertIn("And the grout is missing.", "".join(survivor.message_ids.mapped("body")))
        self.assertEqual(survivor.cost, 15)
        self.assertEqual(survivor.category_id.name, "Quality")
        self.assertEqual(survivor.said, "<p>All of them.</p>", "what was said here stays as it is")
        self.assertEqual(self.second.said, "<p>And the grout is missing.</p>")
        self.assertLessEqual(moves, self.second.move_ids)

    def test_it_counts_once(self):
        self._merge(self.first | self.second)
        self.assertEqual(self.second.merged_into_id, self.first)
        self.assertTrue(self.second.closed_at)
        self.assertIn(f"merged into {self.first.number}", self.second.display_name)
        Ticket = self.env["customer.ticket"].with_user(self.ann)
        mine = [("partner_id", "=", self.customer.id)]
        self.assertEqual(Ticket.search(mine), self.first)
        self.assertEqual(Ticket._read_group(mine, [], ["__count", "cost:sum"]), [(1, 15)])
        self.assertEqual(self.customer.customer_ticket_count, 1)
        self.assertEqual(self.team.open_ticket_count, 1)
        self.second.invalidate_recordset()
        self.assertEqual(self.first.merged_ids, self.second)

    def test_the_customer_hears_of_it_once_or_not_at_all(self):
        third = self._ticket(name="Still broken")
        before = self.env["mail.message"].search([], order="id desc", limit=1)
        self._merge(self.first | self.second | third)
        told = self.env["mail.message"].search(
            [("id", ">", before.id), ("notified_partner_ids", "in", self.contact.ids)]
        )
        self.assertEqual(len(told), 1)
        self.assertIn(third.number, told.body)
        self.assertIn(self.second.number, told.body)
        fourth = self._ticket(name="Fourth")
        before = self.env["mail.message"].search([], order="id desc", limit=1)
        self._merge(self.first | fourth, tell=False)
        self.assertFalse(
            self.env["mail.message"].search(
                [("id", ">", before.id), ("notified_partner_ids", "in", self.contact.ids)]
            )
        )

    def test_what_is_refused_and_why(self):
        other = self._customer("Other", email="o@other.example")
        stranger = self._ticket(contact_id=other.id)
        with self.assertRaisesRegex(UserError, "different customers.*Acme.*Other"):
            self._merge(self.first | stranger)
        with self.assertRaisesRegex(UserError, "at least two"):
            self._merge(self.first)
        company = self._new_company("Second")
        team = self.env["customer.ticket.team"].search([("company_id", "=", company.id)])
        theirs = self.env["customer.ticket"].create(
            {"name": "x", "contact_id": self.contact.id, "team_id": team.id}
        )
        with self.assertRaisesRegex(UserError, "one company"):
            (self.first | theirs).sudo()._check_mergeable(self.first)
        with self.assertRaises(AccessError):
            self._merge(self.first | theirs)
        own = self._user("own", "own")
        self.team.member_ids = self.ann
        with self.assertRaises(AccessError):
            self._merge(self.first | self.second, user=own)
        self._merge(self.first | self.second)
        with self.assertRaisesRegex(UserError, "leave it out"):
            (self.first | self.second)._check_mergeable(self.first)

    def test_an_open_ticket_never_ends_in_a_closed_one(self):
        self.second.user_id = self.ann
        self._solve(self.second)
        self.second.return_visit_outcome = "happy"
        self._go(self.second, "closed")
        self.assertEqual((self.first | self.second)._survivor(), self.first)
        with self.assertRaisesRegex(UserError, "keep the open one"):
            self._merge(self.first | self.second, survivor=self.second)

    def test_a_merged_ticket_takes_no_steps(self):
        self._merge(self.first | self.second)
        with self.assertRaisesRegex(UserError, "take the step there"):
            self.second.stage_id = self.stage["reopened"]
        with self.assertRaises(AccessError):
            self.first.active = False
        with self.assertRaises(AccessError):
            self.second.merged_into_id = False

    def test_merged_again_everything_leads_to_the_last(self):
        with self._at("10 09:00"):
            oldest = self._ticket(name="Oldest")
        self._merge(self.first | self.second)
        self._merge(oldest | self.first)
        self.assertEqual((self.second | self.first).merged_into_id, oldest)
        self.assertEqual(self.second.message_post(body="x").res_id, oldest.id)

    def test_maybe_the_same(self):
        """Same customer, open, lately, and the same product, category or subject."""
        product = self.env["product.product"].create({"name": "Tile"})
        third = self._ticket(name="Re: tiles  broken!", user_id=False)
        self.assertEqual(third.duplicate_ids, self.second)
        fourth = self._ticket(name="Something else", product_id=product.id)
        self.assertFalse(fourth.duplicate_ids)
        third.product_id = product
        fourth.invalidate_recordset()
        self.assertEqual(fourth.duplicate_ids, third)
        self.team.duplicate_days = 0
        fourth.invalidate_recordset()
        self.assertFalse(fourth.duplicate_ids)
        self.team.duplicate_days = 14
        with self._at("26 12:00"):
            self.assertFalse(self._ticket(name="Tiles broken").duplicate_ids & self.second)
        form = Form(self.env["customer.ticket"].with_user(self.ann))
        form.partner_id, form.name = self.customer, "Tiles broken"
        self.assertIn(self.second.id, form.duplicate_ids.ids)


@tagged("post_install", "-at_install")
class TestPromises(MergeCase):
    def test_the_earliest_promise_counts(self):
        """Ann answered the first within its time; the second, critical, was promised sooner."""
        with self._at("11 09:00"):
            first = self._ticket()
        self.policy.write({"response_hours": 1, "solution_hours": 4})
        with self._at("11 10:00"):
            second = self._ticket()
            self.assertEqual((self._due(first), self._due(second)), ("11 11:00", "11 11:00"))
        with self._at("11 10:30"):
            self._merge(first | second)
            self.assertEqual(self._due(first, "solution_due"), "11 15:00", "10:00 and four hours")
            self.assertEqual(self._due(first), "11 11:00")
        with self._at("11 11:30"):
            self.assertTrue(first.is_late)
            self._say(first)
            self.assertEqual((first.response_result, first.response_hours), ("late", 2.5))
            self.assertEqual(second.responded_at, self._moment("11 11:30"))
            self._go(first, "acknowledged", "waiting")
            self.assertFalse(first.solution_due)
        with self._at("11 13:30"):
            self._hear(first)
            self.assertEqual(
                self._due(first, "solution_due"), "11 16:00", "an hour of work was paused"
            )
        with self._at("11 16:30"):
            self._solve(first)
            self.assertEqual(first.solution_result, "late")
            self.assertAlmostEqual(first.solution_hours, 5.5)

    def test_a_newer_survivor_does_not_win_time(self):
        with self._at("11 09:00"):
            first = self._ticket()
        with self._at("12 09:00"):
            second = self._ticket()
            self._merge(first | second, survivor=second)
            self.assertEqual(self._due(second), "11 11:00")
            self.assertEqual(self._due(second, "solution_due"), "13 09:00")

    def test_words_nobody_answered_wait_here(self):
        with self._at("11 09:00"):
            first = self._ticket()
        with self._at("11 10:00"):
            self._say(first)
            second = self._ticket()
        with self._at("11 11:00"):
            self._merge(first | second)
            self.assertEqual(first.next_response_since, self._moment("11 10:00"))
            self.assertEqual(self._due(first), "11 12:00", "the first answer to the second: 2 h")
        with self._at("11 11:30"):
            self._say(first)
            self.assertFalse(first.next_response_since)
            self.assertEqual(first.response_result, "in_time")
            self.assertEqual(first.due_clock, "solution")

    def test_what_was_solved_before_is_promised_no_more(self):
        with self._at("11 09:00"):
            first = self._ticket()
        with self._at("12 09:00"):
            second = self._ticket()
            self._solve(first)
            self._merge(first | second, survivor=second)
            self.assertEqual(self._due(second), "12 11:00")


@tagged("post_install", "-at_install")
class TestThreads(MergeCase, MailCase):
    def test_a_reply_to_the_old_thread_lands_on_the_one_that_stayed(self):
        first = self._ticket()
        second = self._receive(message_id="<second@acme.example>")
        with self.mock_mail_gateway():
            said = self._say(second)
            # of those that stay with the merged ticket
            own = second.message_notify(partner_ids=self.contact.ids, subject="x", body="x")
        self._merge(first | second)
        for number, parent in enumerate([said.message_id, "<second@acme.example>", own.message_id]):
            self.assertTrue(parent)
            opened = self._receive(
                subject="Re: Broken", html=f"<p>Reply {number}</p>", in_reply_to=parent,
                references=parent, message_id=f"<r{number}@acme.example>",
            )  # fmt: skip
            self.assertFalse(opened)
            self.assertIn(f"Reply {number}", first.message_ids[0].body)
        self.assertTrue(first.next_response_since or not first.responded_at)


@tagged("post_install", "-at_install")
class TestContactsMerged(MergeCase):
    def test_tickets_follow_their_contact(self):
        firm = self._customer("Beta")
        same = self.env["res.partner"].create(
            {"name": "Carl", "parent_id": firm.id, "email": "carl@acme.example"}
        )
        moved_on = self.env["res.partner"].create({"name": "Dora", "parent_id": firm.id})
        ticket, theirs = self._ticket(), self._ticket(contact_id=same.id)
        old = self._ticket(contact_id=moved_on.id)
        moved_on.parent_id = self.customer
        dora = self.env["res.partner"].create({"name": "Dora", "parent_id": self.customer.id})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.contact | same).ids, same, extra_checks=False)
        wizard._merge((moved_on | dora).ids, dora, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(ticket.contact_id, same)
        self.assertEqual((ticket | theirs).partner_id, firm, "the firm that the one contact is of")
        self.assertEqual((old.contact_id, old.partner_id), (dora, firm), "it was said for Beta")
        self._merge(ticket | theirs)
