import itertools
from unittest import TestCase

import numpy as np

from .. import care_gate
from ..care_gate import PLAIN, REASONS, SEND, Caps, Rows

#: Reasons that are given as they are, one flag a row.
GIVEN = (*PLAIN, "duplicate", "recent", "capped", "held_out")


def rows(size=1, flags=None, **given):
    values = {
        "person": np.arange(size),
        "address": np.array([f"a{n}" for n in range(size)]),
        "occasion": np.full(size, "o"),
        "flags": flags or {},
        "written": np.zeros(size, bool),
        "recent": np.zeros(size, bool),
        "in_week": np.zeros(size, int),
        "in_month": np.zeros(size, int),
        "held": np.zeros(size, bool),
    }
    return Rows(**(values | {name: np.asarray(value) for name, value in given.items()}))


def said(found):
    return [REASONS[code - 1] if code else "send" for code in found]


def one_by_one(given: Rows, caps: Caps) -> list[str]:
    """The same, as one would say it about one customer after the other."""
    answers, seen, served = [], set(), {}
    # duplicates first for everybody, as the order of reasons has it
    for n in range(len(given.person)):
        answer = next((why for why in PLAIN if why in given.flags and given.flags[why][n]), None)
        place = given.address[n], given.occasion[n]
        if not answer and given.written[n]:
            answer = "duplicate"
        if not answer and given.address[n] and place in seen:
            answer = "duplicate"
        if not answer:
            seen.add(place)
            if given.recent[n]:
                answer = "recent"
        if not answer:
            before = served.get(given.person[n], 0)
            week = caps.week and given.in_week[n] + before >= caps.week
            month = caps.month and given.in_month[n] + before >= caps.month
            served[given.person[n]] = before + 1
            if week or month:
                answer = "capped"
        if not answer and given.held[n]:
            answer = "held_out"
        answers.append(answer or "send")
    return answers


class TestGate(TestCase):
    def judged(self, reasons):
        """What is said to one customer for whom all of these hold."""
        given = rows(
            flags={why: np.array([why in reasons]) for why in PLAIN},
            written=["duplicate" in reasons],
            recent=["recent" in reasons],
            in_week=[2 if "capped" in reasons else 0],
            held=["held_out" in reasons],
        )
        return said(care_gate.judge(given, Caps(week=2)))[0]

    def test_every_reason_alone(self):
        self.assertEqual(set(GIVEN), set(REASONS))
        self.assertEqual(self.judged(()), "send")
        for why in REASONS:
            with self.subTest(why):
                self.assertEqual(self.judged({why}), why)

    def test_of_several_the_first_is_said(self):
        for pair in itertools.combinations(REASONS, 2):
            self.assertEqual(self.judged(set(pair)), pair[0])
        for count in range(3, len(REASONS) + 1):
            self.assertEqual(self.judged(set(REASONS[-count:])), REASONS[-count])

    def test_one_address_once_for_an_occasion(self):
        given = rows(4, address=["x", "x", "x", "y"], occasion=["a", "a", "b", "a"])
        self.assertEqual(
            said(care_gate.judge(given, Caps())), ["send", "duplicate", "send", "send"]
        )

    def test_the_second_of_an_address_gets_it_where_the_first_may_not(self):
        given = rows(2, address=["x", "x"], flags={"refused": np.array([True, False])})
        self.assertEqual(said(care_gate.judge(given, Caps())), ["refused", "send"])

    def test_a_call_needs_no_address(self):
        given = rows(2, address=["", ""])
        self.assertEqual(said(care_gate.judge(given, Caps())), ["send", "send"])

    def test_caps_count_what_is_served_before_in_the_same_batch(self):
        given = rows(5, person=[1, 1, 1, 2, 2], occasion=list("abcab"), in_week=[1, 1, 1, 0, 0])
        self.assertEqual(
            said(care_gate.judge(given, Caps(week=2))),
            ["send", "capped", "capped", "send", "send"],
        )
        self.assertEqual(said(care_gate.judge(given, Caps(0, 0))), ["send"] * 5)
        given = given._replace(in_month=np.array([3, 3, 3, 3, 3]))
        self.assertEqual(
            said(care_gate.judge(given, Caps(0, 4))),
            ["send", "capped", "capped", "send", "capped"],
        )

    def test_an_unknown_reason_is_an_error_and_not_a_message(self):
        with self.assertRaises(ValueError):
            care_gate.judge(rows(flags={"compliant": np.array([True])}), Caps())

    def test_nobody(self):
        self.assertEqual(len(care_gate.judge(rows(0), Caps(1, 1))), 0)

    def test_arrays_say_what_one_by_one_says(self):
        random = np.random.default_rng(7)
        for _ in range(200):
            size = int(random.integers(1, 30))
            given = rows(
                size,
                person=random.integers(0, 6, size),
                address=random.choice(["", "x", "y", "z"], size),
                occasion=random.choice(["a", "b"], size),
                flags={why: random.random(size) < 0.06 for why in PLAIN},
                written=random.random(size) < 0.1,
                recent=random.random(size) < 0.1,
                in_week=random.integers(0, 3, size),
                in_month=random.integers(0, 5, size),
                held=random.random(size) < 0.2,
            )
            caps = Caps(int(random.integers(0, 4)), int(random.integers(0, 5)))
            self.assertEqual(said(care_gate.judge(given, caps)), one_by_one(given, caps))
        self.assertEqual(SEND, 0)
