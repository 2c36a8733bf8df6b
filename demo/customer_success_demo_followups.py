"""The demo's contacts with customers, and the follow-ups of this morning."""

from datetime import timedelta

from odoo import fields, models

from .customer_success_demo import noon
from .followups import AWAY, CAPACITY, HOW, LATE, NOTES, OUTCOMES, PLANNED, PLAYBOOK_LATE


class CustomerSuccessDemo(models.AbstractModel):
    _inherit = "customer.success.demo"

    def _make_followups(self, company, spec, partners, people) -> None:
        """What was noted of past contacts, what is planned; then the product's own computation."""
        progress = self.env["customer.followup.progress"]._of(company)
        self.env["customer.followup.capacity"].create(
            {
                "company_id": company.id,
                **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), CAPACITY),
                "saturday": 0,
                "sunday": 0,
            }
        )
        self._send_away(company, spec, people)
        progress._work()  # how often each customer is to be contacted
        self._make_past_contacts(company, spec)
        self._make_planned(company, spec, partners, people)
        progress._work()

    def _send_away(self, company, spec, people) -> None:
        key, login, first, last = AWAY
        if key != spec.key:
            return
        calendar = company.resource_calendar_id
        resource = self.env["resource.resource"].create(
            {
                "name": people[login].name,
                "user_id": people[login].id,
                "company_id": company.id,
                "calendar_id": calendar.id,
            }
        )
        today = company._customer_today()
        self.env["resource.calendar.leaves"].create(
            {
                "name": people[login].name,
                "resource_id": resource.id,
                "calendar_id": calendar.id,
                "company_id": company.id,
                "date_from": company._customer_day_start(today + timedelta(days=first)),
                "date_to": company._customer_day_start(today + timedelta(days=last + 1)),
            }
        )

    def _make_past_contacts(self, company, spec) -> None:
        """Each customer was contacted so that some are due today, some are late, most are not yet."""
        Followup = self.env["customer.followup"]
        Followup._cancel([("company_id", "=", company.id)], "demo")
        Followup.search([("company_id", "=", company.id)]).unlink()
        today = company._customer_today()
        outcomes = {code: self.env["customer.followup.outcome"]._coded(code) for code in OUTCOMES}
        profiles = self.env["customer.profile"].search(
            [("company_id", "=", company.id), ("user_id", "!=", False)], order="partner_id"
        )
        notes = NOTES[spec.key]
        for number, profile in enumerate(profile for profile in profiles if profile.cadence_days):
            late = LATE[number % len(LATE)]
            if late < 0:
                late = -min(-late, profile.cadence_days - 1)
            day = today - timedelta(days=profile.cadence_days + late)
            day -= timedelta(days=max(day.weekday() - 4, 0))
            at = min(noon(day), fields.Datetime.now())
            entry = (
                Followup.with_user(profile.user_id)
                .sudo()
                ._log_entry(
                    profile,
                    HOW[number % len(HOW)],
                    outcomes[OUTCOMES[number % len(OUTCOMES)]],
                    notes[number % len(notes)],
                    at,
                    False,
                )
            )
            entry.value = 0

    def _make_planned(self, company, spec, partners, people) -> None:
        today = company._customer_today()
        Profile = self.env["customer.profile"]
        for plan in (plan for plan in PLANNED if plan.company == spec.key):
            profile = Profile.search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "=", partners[plan.customer].commercial_partner_id.id),
                ]
            )
            card = (
                self.env["customer.followup"]
                .with_user(people[plan.user])
                .create(
                    {
                        "profile_id": profile.id,
                        "action": plan.action,
                        "due_date": today + timedelta(days=plan.days),
                        "advice": plan.advice,
                    }
                )
            )
            if plan.outcome:
                outcome = self.env["customer.followup.outcome"]._coded(plan.outcome)
                card._done(plan.action, outcome, plan.note)

    def _plan_the_morning(self, company) -> None:
        """The cards of playbooks and birthdays among the others, each in its owner's day.

        Those of playbooks were all opened just now: some are taken to be some days old.
        """
        today = company._customer_today()
        cards = self.env["customer.followup"].search(
            [
                ("company_id", "=", company.id),
                ("cause_key", "=like", "playbook:%"),
                ("done_at", "=", False),
            ],
            order="id",
        )
        for number, card in enumerate(cards):
            late = PLAYBOOK_LATE[number % len(PLAYBOOK_LATE)]
            card.due_date = today - timedelta(days=late)
        self.env["customer.followup.progress"]._of(company)._work()
