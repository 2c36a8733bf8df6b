"""What the tests of playbooks share: a clock that transactions follow, and what the job does."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields

from .ticket_case import TicketCase


class PlaybookCase(TicketCase):
    """The company's first computation was ten days ago; it is Wednesday, 12 June 2024."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = patch.object(cls.env.cr, "now", lambda: fields.Datetime.now())
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.manager = cls._user("manager", "own")
        cls.customer.user_id = cls.manager
        cls.Playbook = cls.env["customer.playbook"]
        cls.Playbook.search([]).is_on = False  # those that come with the addon
        cls.Enrolment = cls.env["customer.playbook.enrolment"]
        cls.Followup = cls.env["customer.followup"]
        cls._bulk([(cls.customer, cls.today - timedelta(n), 500) for n in range(20, 320, 30)])

    def setUp(self):
        super().setUp()
        self._run("full", day=self._ago(10))
        self.profile = self._profile(self.customer)

    @classmethod
    def _playbook(cls, trigger="stage_enter", steps=((0, 2), (10, 3)), **vals):
        """A playbook of calls after so many days, each within so many working days."""
        if trigger.startswith("stage"):
            vals.setdefault("stage_id", cls.stages["decline"].id)
        return cls.Playbook.create(
            {
                "name": "Care",
                "trigger": trigger,
                "company_id": cls.company.id,
                "step_ids": [
                    Command.create({"days": days, "within": within, "advice": f"Say {n}"})
                    for n, (days, within) in enumerate(steps)
                ],
                **vals,
            }
        )

    def _start(self, playbook, ago=5, **kwargs):
        with self._on(self._ago(ago)):
            playbook._turn_on(**kwargs)
        return playbook

    def _set(self, kind, code, ago=2, partner=None):
        """A person has the customer be so, on that day."""
        value = (self.tiers if kind == "tier" else self.stages)[code]
        with self._on(self._ago(ago)):
            profile = self._profile(partner or self.customer)
            profile._set_manual(kind, value, "Because", False)

    def _work(self, ago=0):
        """What the scheduled action does, on that day."""
        with self._on(self._ago(ago)), self.enter_registry_test_mode():
            self.env.ref("customer_success.ir_cron_playbook").method_direct_trigger()
        self.env.invalidate_all()

    def _enrolments(self, playbook, partner=None):
        found = self.Enrolment.search([("playbook_id", "=", playbook.id)], order="id")
        if partner:
            found = found.filtered(lambda row: row.partner_id == partner)
        return found

    def _ends(self, playbook):
        return self._enrolments(playbook).mapped("ended_reason")

    def _cards(self, playbook):
        """The follow-ups of a playbook: which step, due, and how it was closed."""
        cards = self.Followup.search(
            [("cause_key", "=like", f"playbook:{playbook.id}:%")], order="due_date, id"
        )
        return [(card.advice, card.due_date.day, card.cancel_code or "") for card in cards]

    @contextmanager
    def _nothing_written(self):
        """Neither enrolments nor follow-ups come of it."""
        before = self.Enrolment.search_count([]), self.Followup.search_count([])
        yield
        self.assertEqual((self.Enrolment.search_count([]), self.Followup.search_count([])), before)
