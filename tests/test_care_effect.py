"""Those written to against those held out, counted from documents."""

from datetime import timedelta

import numpy as np

from odoo.tests import tagged

from ..tools import holdout
from .care_case import CareCase


@tagged("post_install", "-at_install")
class TestEffect(CareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls._people(120)

    def _written(self):
        program = self._program(holdout_percent=40, effect_days=10)
        self._plan(program)
        messages = self._messages(program)
        held = messages.filtered(lambda m: m.verdict == "held_out").partner_id
        drawn = holdout.held_out(program.id, np.array(self.people.ids), 40)
        self.assertEqual(set(held.ids), set(np.array(self.people.ids)[drawn].tolist()))
        self._hand_over()
        return program, messages.partner_id - held, held

    def test_nothing_is_claimed_before_the_days_are_over(self):
        program, written, held = self._written()
        self.assertEqual(program.effect["finding"], "nobody_held_out")
        self.assertIn("Cannot tell yet", program.effect_text)
        self.assertTrue(written and held)

    def test_counted_as_by_hand(self):
        program, written, held = self._written()
        after = self.today + timedelta(3)
        late = self.today + timedelta(11)
        self._bulk(
            [(partner, after, 100) for partner in written[:40]]
            + [(partner, after, 50) for partner in held[:5]]
            + [(partner, late, 1000) for partner in held]  # after the days
            + [(partner, self.today, 1000) for partner in held]  # before them
        )
        with self._on(self.today + timedelta(20)):
            self.assertEqual(
                program.effect["written"],
                {"customers": len(written), "buyers": 40, "revenue": 4000.0, "squares": 400_000.0},
            )
            self.assertEqual(
                program.effect["held"],
                {"customers": len(held), "buyers": 5, "revenue": 250.0, "squares": 12_500.0},
            )
            self.assertEqual(program.effect["finding"], "more")
            self.assertIn("It works", program.effect_text)

    def test_a_credited_purchase_is_none(self):
        program, written, __ = self._written()
        day = self.today + timedelta(2)
        with self._on(day):
            invoice = self._invoice(written[0], day, 80)
            self._credit(written[0], day, 80, of=invoice)
        with self._on(self.today + timedelta(20)):
            self.assertEqual(program.effect["written"]["buyers"], 0)

    def test_who_is_never_held_out_is_not_compared(self):
        self._profile(self.people[0])._set_manual("tier", self.tiers["key"], "test", False)
        program, *__ = self._written_with_exempt()
        with self._on(self.today + timedelta(20)):
            compared = program.effect["written"]["customers"] + program.effect["held"]["customers"]
        self.assertEqual(compared, len(self.people) - 1)

    def _written_with_exempt(self):
        program = self._program(holdout_percent=40, effect_days=10)
        self._plan(program)
        self._hand_over()
        messages = self._messages(program)
        held = messages.filtered(lambda m: m.verdict == "held_out").partner_id
        return program, messages.partner_id - held, held
