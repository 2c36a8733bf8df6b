"""Two people at one ticket, two workers at the same tickets: nothing is lost, nothing is done twice.

Each scenario is played by ``fault_tickets.py`` with real transactions and answers with what it found.
"""

from odoo.tests import tagged

from .fault_case import FaultCase

ANN, BEN = "fault_ann", "fault_ben"
NEW = ["new", "__system__"]


@tagged("post_install", "-at_install")
class TestTicketConcurrency(FaultCase):
    script = "fault_tickets.py"

    def _people(self, name):
        answer = self.answers["people"][name]
        return answer["answer"], answer["stage"], answer["solution"], answer["moves"]

    # ---- two people ------------------------------------------------------------------------------

    def test_both_move_it_one_after_the_other(self):
        """Ann's step is still one that the loop knows after Ben's: both are taken, in order."""
        self.assertEqual(
            self._people("both_move"),
            ("done", "in_progress", "", [NEW, ["acknowledged", BEN], ["in_progress", ANN]]),
        )

    def test_a_step_that_is_none_any_more_is_refused_in_words(self):
        answer, stage, __, moves = self._people("no_way_back")
        self.assertIn("is in stage In Progress, from where it cannot go to Acknowledged", answer)
        self.assertEqual((stage, moves), ("in_progress", [NEW, ["in_progress", BEN]]))

    def test_the_button_does_not_take_a_second_step(self):
        """Both press the button that said Acknowledged: it is not taken further by the second."""
        answer, stage, __, moves = self._people("button")
        self.assertIn("since ben moved it", answer)
        self.assertEqual((stage, moves), ("acknowledged", [NEW, ["acknowledged", BEN]]))

    def test_who_writes_while_another_moves_loses_nothing(self):
        for name, mover in (("solution_and_move", BEN), ("move_and_solution", ANN)):
            with self.subTest(name):
                self.assertEqual(
                    self._people(name),
                    ("done", "in_progress", "New tiles", [NEW, ["in_progress", mover]]),
                )

    def test_a_rating_submitted_twice_reopens_once(self):
        self.assertEqual(
            self.answers["rated_twice"],
            {"answer": "done", "reopened": 1, "ratings": 1, "words": 1},
        )

    # ---- two workers -----------------------------------------------------------------------------

    def test_two_workers_tell_each_step_once(self):
        answer = self.answers["workers"]["alerts"]
        self.assertEqual(answer["statuses"], [0, 0])
        self.assertEqual((answer["alerts"], answer["told"]), (6, 6))

    def test_two_workers_ask_each_customer_once(self):
        answer = self.answers["workers"]["ratings"]
        self.assertEqual(answer["statuses"], [0, 0])
        self.assertEqual((answer["requests"], answer["asked"]), (6, 6))

    def test_a_worker_that_was_overtaken_does_nothing(self):
        """It looked before the other had committed, and comes to do what is done."""
        for name, counted in (("alerts", "told"), ("ratings", "asked")):
            answer = self.answers["workers"][f"{name}_late"]
            with self.subTest(name):
                self.assertEqual((answer["answer"], answer[counted]), ("done", 6))
