"""The gate on real records: each reason by itself, of several the first, in constant queries."""

from datetime import timedelta
from itertools import combinations

import numpy as np

from odoo.tests import tagged

from ..tools import care_gate, holdout
from .care_case import CareCase


@tagged("post_install", "-at_install")
class TestCareGate(CareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.customer_care_email_week = 2
        cls.person = cls._people(1)
        cls.double = cls.env["res.partner"].create(
            {"name": "Same address", "parent_id": cls.person.id, "email": cls.person.email}
        )

    # ---- what makes each reason hold -------------------------------------------------------------

    def _make_late(self, program):
        program.write({"started_on": self._ago(30), "planned_until": self._ago(20)})
        self.person.customer_birthday = self._ago(10).replace(year=1980)

    def _make_no_address(self, program):
        self.person.email = False

    def _make_bad_address(self, program):
        self.person.email = "nobody at nowhere"

    def _make_blacklisted(self, program):
        self.env["mail.blacklist"]._add(self.person.email_normalized or "person0@people.example")

    def _make_refused(self, program):
        self._consent(self.person, "refused")

    def _make_not_given(self, program):
        self.purpose["greetings"].default = "refused"

    def _make_complaint(self, program):
        self.env["customer.ticket"].create(
            {
                "name": "Broken",
                "kind": "complaint",
                "company_id": self.company.id,
                "partner_id": self.person.id,
            }
        )

    def _make_overdue(self, program):
        self._invoice(self.person, self._ago(90), 10, invoice_date_due=self._ago(40))

    def _earlier(self, program, **vals):
        values = {
            "program_id": program.id,
            "company_id": self.company.id,
            "profile_id": self._profile(self.person).id,
            "partner_id": self.person.id,
            "channel": "email",
            "occasion_key": "earlier",
            "judged_on": self._ago(3),
            "verdict": "sent",
            "address": "person0@people.example",
            **vals,
        }
        return self.Message.create(values)

    def _make_duplicate(self, program):
        self._earlier(
            program, partner_id=self.double.id, occasion_key="2024", judged_on=self._ago(40)
        )

    def _make_recent(self, program):
        program.min_days = 30
        self._earlier(program, judged_on=self._ago(29))

    def _make_capped(self, program):
        other = self._program("monthly", run=False)
        for key in "ab":
            self._earlier(other, occasion_key=key)

    def _make_held_out(self, program):
        program.holdout_percent = 50

    # ---- tests -----------------------------------------------------------------------------------

    def _judged(self, *reasons):
        """What is said to one person for whom all these hold."""
        with self.cr.savepoint() as savepoint:
            program = self._program()
            if "held_out" in reasons:
                program = self._holding_out()
            for reason in reasons:
                getattr(self, f"_make_{reason}")(program)
            self.env.flush_all()
            self._plan(program)
            message = self._messages(program, self.person).filtered(
                lambda m: m.occasion_key == "2024"
            )
            said = (message.verdict, message.reason)
            savepoint.rollback()
        self.env.invalidate_all()
        return said

    def _holding_out(self):
        """A program by which this very customer is held out."""
        while True:
            program = self._program()
            if holdout.held_out(program.id, np.array([self.person.id]), 50)[0]:
                return program

    def test_every_reason_alone(self):
        self.assertEqual(self._judged(), ("queued", False))
        for reason in care_gate.REASONS:
            if reason == "archived":
                continue  # who is archived is not looked for: see below
            with self.subTest(reason):
                verdict = "held_out" if reason == "held_out" else "refused"
                self.assertEqual(self._judged(reason), (verdict, reason))

    def test_of_two_the_first_is_said(self):
        together = [why for why in care_gate.REASONS if why not in ("archived", "held_out")]
        exclusive = {("no_address", "bad_address")}
        for pair in combinations(together, 2):
            if pair in exclusive or (
                pair[0] in ("no_address", "bad_address") and "duplicate" in pair
            ):
                continue
            if pair[0] in ("no_address", "bad_address") and pair[1] == "blacklisted":
                continue
            with self.subTest(pair):
                self.assertEqual(self._judged(*pair), ("refused", pair[0]))

    def test_archived_after_it_was_queued(self):
        program = self._program()
        self._plan(program)
        self.person.active = False
        self._hand_over()
        self.assertEqual(self._said(program, self.person), [(self.person, "refused", "archived")])

    def test_both_sides_of_each_limit(self):
        for days, said in ((30, "queued"), (31, "refused")):
            with self.subTest(overdue=days), self.cr.savepoint() as savepoint:
                program = self._program()
                self._invoice(self.person, self._ago(90), 10, invoice_date_due=self._ago(days))
                self._plan(program)
                self.assertEqual(self._messages(program, self.person).verdict, said)
                savepoint.rollback()
            self.env.invalidate_all()
        for days, said in ((6, "refused"), (7, "queued")):
            with self.subTest(capped=days), self.cr.savepoint() as savepoint:
                program, other = self._program(), self._program("monthly", run=False)
                for key in "ab":
                    self._earlier(other, occasion_key=key, judged_on=self._ago(days))
                self._plan(program)
                self.assertEqual(self._messages(program, self.person).verdict, said)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_what_did_not_go_out_uses_up_no_cap(self):
        program, other = self._program(), self._program("monthly", run=False)
        for key, verdict in (("a", "refused"), ("b", "held_out"), ("c", "refused")):
            self._earlier(other, occasion_key=key, verdict=verdict)
        self._plan(program)
        self.assertEqual(self._messages(program, self.person).verdict, "queued")

    def test_the_first_program_gets_the_last_room(self):
        self.company.customer_care_email_week = 1
        second = self._program("monthly", sequence=20)
        first = self._program("birthday", sequence=10)
        self._plan(*self.Program.search([("id", "in", (first | second).ids)]))
        self.assertEqual(self._messages(first, self.person).verdict, "queued")
        self.assertEqual(self._said(second, self.person), [(self.person, "refused", "capped")])

    def test_an_address_that_refused_as_another_contact(self):
        """odoo#167746: the same person mailed once for each of its records."""
        self._consent(self.double, "refused")
        program = self._program()
        self._plan(program)
        self.assertEqual(self._said(program, self.person), [(self.person, "refused", "refused")])

    def test_two_contacts_with_one_address(self):
        program = self._program("monthly", recipients="contacts")
        self._plan(program)
        self.assertEqual(
            self._said(program),
            [(self.person, "queued", False), (self.double, "refused", "duplicate")],
        )

    def test_a_key_account_is_never_held_out(self):
        program = self._holding_out()
        program.holdout_percent = 50
        self._profile(self.person)._set_manual("tier", self.tiers["key"], "test", False)
        self._plan(program)
        message = self._messages(program, self.person)
        self.assertEqual((message.verdict, message.exempt), ("queued", True))

    def test_another_companys_consents_complaints_and_messages(self):
        other = self._new_company("Other")
        self._consent(self.person, "refused", company_id=other.id)
        self.env["customer.ticket"].with_context(allowed_company_ids=other.ids).create(
            {"name": "x", "kind": "complaint", "company_id": other.id, "partner_id": self.person.id}
        )
        program = self._program()
        self._plan(program)
        self.assertEqual(self._messages(program, self.person).verdict, "queued")

    def test_quiet_hours_are_the_customers_own(self):
        """At noon in London it is four in the morning in Los Angeles: eight is at 15:00 UTC."""
        self.person.tz = "America/Los_Angeles"
        program = self._program()
        self._plan(program)
        message = self._messages(program, self.person)
        self.assertEqual(message.verdict, "queued")
        self.assertEqual(message.send_after.hour, 15)
        self._hand_over()
        self.assertEqual(message.verdict, "queued", "it waits")
        with self._listening():
            self.env.cr.execute(
                "UPDATE customer_care_message SET send_after = %s WHERE id = %s",
                [message.send_after - timedelta(hours=4), message.id],
            )
            message.invalidate_recordset()
            self._hand_over()
        self.assertEqual(message.verdict, "handed")

    def test_statements_do_not_grow_with_customers(self):
        def queries(count, name):
            people = self._people(count, name)
            program = self._program()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            while program._plan():
                pass
            spent = self.env.cr.sql_log_count - before
            self.assertEqual(len(self._messages(program, *people)), count)
            return spent

        self.person.customer_birthday = False
        queries(1, "Warm")
        few, many = queries(3, "Few"), queries(60, "Many")
        self.assertEqual(few, many)
        self.assertLess(many, 25)
