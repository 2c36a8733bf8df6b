"""What happens to a run when the machine does not cooperate: kill -9, two workers, postings meanwhile.

Real processes on a real database: a copy of the one under test, made by ``pg_dump``, filled and judged by
``fault_process.py``, dropped at the end. Each scenario there answers with what it found, as JSON.
"""

from pathlib import Path

from odoo.tests import tagged

from .fault_case import FaultCase


@tagged("post_install", "-at_install")
class TestRunFaults(FaultCase):
    script = Path(__file__).parent / "fault_process.py"

    # ---- kill -9 ---------------------------------------------------------------------------------

    def test_killed_anywhere_the_next_run_finishes(self):
        """Whichever step the process died in: profiles and log are as if it had never died."""
        reference = self.answers["reference"]
        self.assertGreater(reference["profiles"], 500)
        self.assertGreater(reference["transitions"], 1000)
        for where, answer in self.answers["killed"].items():
            with self.subTest(killed=where):
                self.assertEqual(answer["status"], -9, "the process was to be killed there")
                self.assertEqual(answer["state"], "done")
                self.assertEqual(answer["run"], answer["resumed"], "it went on, not from the start")
                self.assertEqual(
                    {name: answer[name] for name in reference},
                    reference,
                    "nothing lost, nothing double",
                )
        self.assertGreaterEqual(len(self.answers["killed"]), 6)

    def test_a_killed_batch_leaves_whole_batches(self):
        answer = self.answers["killed"]["third store"]
        self.assertEqual(answer["left"]["profiles"] % 200, 0)
        self.assertEqual(answer["left"]["profiles"], answer["left"]["position_profiles"])
        self.assertEqual(answer["left"]["transitions"], 2 * answer["left"]["profiles"])

    def test_killed_with_marks_taken_they_are_still_there(self):
        answer = self.answers["killed_incremental"]
        self.assertEqual(answer["status"], -9)
        self.assertEqual(answer["marks_after_kill"], answer["marks_before"])
        self.assertGreater(answer["marks_before"], 0)
        self.assertEqual(answer["marks_after_run"], 0)
        self.assertEqual(answer["revenue_missing"], 0)

    # ---- two at once -----------------------------------------------------------------------------

    def test_two_workers_share_the_work(self):
        """OroCRM, Mautic #8113: overlapping crons. Neither fails, nothing is judged twice."""
        answer = self.answers["two_workers"]
        self.assertEqual(answer["statuses"], [0, 0])
        self.assertEqual(answer["states"], ["done"])
        self.assertEqual(
            {name: answer[name] for name in self.answers["reference"]}, self.answers["reference"]
        )

    def test_a_worker_whose_snapshot_is_stale_steps_back(self):
        """It got the lock after another worker had committed, but sees the world of before."""
        for what, answer in self.answers["stale_snapshot"].items():
            with self.subTest(what):
                self.assertEqual(answer["stale"], "SerializationFailure", "which Odoo tries again")
                self.assertEqual(answer["profiles"], answer["customers"])
                self.assertEqual(answer["transitions"], answer["moves"])

    def test_a_locked_company_is_left_alone(self):
        self.assertEqual(self.answers["locked"], {"advanced": False, "state": "running"})

    # ---- a scheduled policy ----------------------------------------------------------------------

    def test_two_workers_publish_a_scheduled_policy_once(self):
        answer = self.answers["schedule"]["two_workers"]
        self.assertEqual(
            answer, {"statuses": [0, 0], "state": "published", "published": 1, "runs": 1}
        )

    def test_killed_between_publishing_and_queueing_neither_was(self):
        answer = self.answers["schedule"]["killed"]
        self.assertEqual(answer, {"status": -9, "state": "scheduled", "published": 0, "runs": 0})
        answer = self.answers["schedule"]["after_killed"]
        self.assertEqual(answer, {"state": "published", "published": 1, "runs": 1})

    def test_a_worker_that_comes_late_to_a_schedule_steps_back(self):
        """It still sees the schedule that another worker has done."""
        answer = self.answers["schedule"]["stale"]
        self.assertEqual(
            answer, {"went_on": False, "state": "published", "published": 1, "runs": 1}
        )

    def test_a_schedule_that_another_worker_is_at_is_left_alone(self):
        answer = self.answers["schedule"]["locked"]
        self.assertEqual(answer, {"state": "scheduled", "published": 0, "runs": 0})

    def test_a_mark_written_while_a_run_computes_is_not_lost(self):
        answer = self.answers["mark_meanwhile"]
        self.assertEqual(answer["posting"], "committed", "posting neither waits nor fails")
        self.assertEqual(answer["marks_after_first"], 1)
        self.assertEqual(
            (answer["revenue_after_first"], answer["revenue_after_second"]), (100, 107)
        )
        self.assertEqual(answer["marks_after_second"], 0)

    def test_postings_of_two_workers_while_a_run_goes(self):
        answer = self.answers["postings"]
        self.assertEqual(answer["failures"], 0)
        self.assertEqual(answer["posted"], 2 * 15)
        self.assertEqual(answer["run_state"], "done")
        self.assertEqual(answer["revenue_missing"], 0)
        self.assertEqual(answer["marks"], 0)

    def test_a_merge_while_a_run_computes(self):
        """The contact is gone when the run comes to store it: the batch is taken again."""
        answer = self.answers["merge_meanwhile"]
        self.assertEqual(answer["merge"], "committed")
        self.assertEqual(answer["state"], "done")
        self.assertEqual((answer["profiles"], answer["revenue"]), (1, 150))
        self.assertEqual(answer["marks"], 0)

    # ---- totals ----------------------------------------------------------------------------------

    def test_totals_hold_and_the_month_is_kept_whatever_happened(self):
        """That they are the reference's after each kill, the tests above say."""
        reference = self.answers["reference"]
        self.assertTrue(reference["totals_hold"])
        self.assertTrue(reference["months"])
        for answer in self.answers["stale_snapshot"].values():
            self.assertTrue(answer["totals_hold"])

    def test_totals_while_two_write_and_a_third_folds(self):
        answer = self.answers["writers_of_profiles"]
        self.assertEqual(answer["seen_by_writer"], [True, True], "each sees its own")
        self.assertTrue(answer["seen_by_reader"], "an old snapshot stays whole")
        self.assertEqual(answer["stale_folder"], "SerializationFailure", "which Odoo tries again")
        rows, kinds = answer["rows_before"]
        self.assertGreater(rows, kinds)
        rows, kinds = answer["rows_after"]
        self.assertEqual(rows, kinds)
        self.assertTrue(answer["holds"])
        self.assertEqual(answer["handed_over"], 6)
