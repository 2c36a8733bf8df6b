"""Each message at most once, whatever dies and whoever works at the same time.

A real mail server on the loopback, real processes, ``kill -9``. See ``care_process.py``.
"""

from pathlib import Path

from odoo.tests import tagged

from .fault_case import FaultCase

PEOPLE = 24


@tagged("post_install", "-at_install")
class TestCareFaults(FaultCase):
    script = Path(__file__).parent / "care_process.py"

    def assertAllArrivedOnce(self, answer):
        self.assertEqual(answer["status"], {"sent": PEOPLE})
        self.assertEqual((answer["arrived"], answer["most_often"]), (PEOPLE, 1))
        self.assertEqual(answer["mails_left"], 0)

    def test_undisturbed(self):
        self.assertAllArrivedOnce(self.answers["undisturbed"])

    def test_killed_anywhere_nothing_arrives_twice(self):
        """One row for each contact, none twice, and none is called sent that did not arrive."""
        for step, answer in self.answers["killed"].items():
            with self.subTest(killed=step):
                self.assertEqual(answer["status_of_process"], -9)
                self.assertEqual((answer["rows"], answer["contacts"]), (PEOPLE, PEOPLE))
                self.assertEqual(answer["most_often"], 1)
                self.assertEqual(answer["sent_but_not_arrived"], 0)
                self.assertEqual(answer["mails_left"], 0)

    def test_killed_outside_an_attempt_nothing_is_lost(self):
        for step in ("storing rows", "handing over", "before an attempt"):
            with self.subTest(killed=step):
                self.assertAllArrivedOnce(self.answers["killed"][step])

    def test_killed_in_an_attempt_that_one_is_said_to_be_unknown(self):
        """The only message that a crash can cost: shown, and not sent again by itself."""
        arrived = {
            "after an attempt was marked": PEOPLE - 1,
            "after the mail server accepted": PEOPLE,
            "after it was noted as sent": PEOPLE,
        }
        for step, count in arrived.items():
            answer = self.answers["killed"][step]
            with self.subTest(killed=step):
                self.assertEqual(answer["status"], {"sent": PEOPLE - 1, "failed interrupted": 1})
                self.assertEqual(answer["arrived"], count)

    def test_two_workers_at_once(self):
        answer = self.answers["two_workers"]
        self.assertEqual(answer["statuses"], [0, 0])
        self.assertAllArrivedOnce(answer)

    def test_two_mail_queues_at_once(self):
        answer = self.answers["two_queues"]
        self.assertEqual(answer["statuses"], [0, 0])
        self.assertAllArrivedOnce(answer)

    def test_a_worker_with_an_old_snapshot_steps_back(self):
        answer = self.answers["stale"]
        self.assertEqual((answer["planned"], answer["handed_over"]), (False, False))
        self.assertAllArrivedOnce(answer)

    def test_two_programs_do_not_share_the_last_room(self):
        answer = self.answers["two_programs"]
        self.assertEqual(answer["statuses"], [0, 0])
        self.assertEqual((answer["contacts"], answer["most"]), (PEOPLE, 1))
