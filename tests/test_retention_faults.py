"""Playbooks and the public pool with real connections: kill -9, several workers, two people at once."""

from odoo.tests import tagged

from .fault_case import FaultCase

ALL = {"enrolments": 30, "plans": 60, "followups": 30}


@tagged("post_install", "-at_install")
class TestRetentionFaults(FaultCase):
    script = "fault_retention.py"

    def test_three_workers_double_nothing(self):
        self.assertEqual(self.answers["two_workers"], {"statuses": [0, 0, 0], **ALL})

    def test_a_worker_with_an_older_view_gives_way(self):
        answer = self.answers["stale"]
        self.assertEqual(answer["stale"], "SerializationFailure")
        self.assertEqual({name: answer[name] for name in ALL}, ALL)

    def test_killed_anywhere_loses_and_doubles_nothing(self):
        for place, answer in self.answers["killed"].items():
            with self.subTest(place):
                self.assertEqual(answer["status"], -9, "it was killed")
                self.assertLess(answer["between"]["followups"], 30)
                self.assertEqual(answer["between"]["plans"], 2 * answer["between"]["enrolments"])
                self.assertEqual(answer["after"], ALL)

    def test_of_two_people_one_gets_the_customer(self):
        answer = self.answers["two_claims"]
        self.assertIn("is changing Fault 0 at this moment", answer["at once"])
        self.assertIn("ann was faster", answer["again"])
        self.assertEqual((answer["owner"], answer["moves"]), (True, 1))
