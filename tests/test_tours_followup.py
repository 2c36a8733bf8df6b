"""A morning on My Day in a browser: a call logged without the mouse, a card dragged with it."""

from datetime import timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import BrowserCase


@tagged("post_install", "-at_install")
class TestToursFollowup(BrowserCase):
    def test_a_call_is_logged_and_a_card_dragged(self):
        company = self._new_company("My Day Tour")
        user = new_test_user(
            self.env,
            login="my_day_ann",
            groups="customer_success.group_customer_own",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        today = company._customer_today()
        customers = {}
        for name in ("Tour Caller", "Tour Dragger"):
            partner = customers[name] = self._customer(name)
            partner.with_company(company).user_id = user
            for days in range(1, 100, 20):
                self._document(partner, today - timedelta(days), 100, company=company)
        self.env.cr.flush()
        for run in self.env["customer.run"].search(
            [("company_id", "=", company.id), ("state", "=", "queued")]
        ):
            while run._advance():
                pass
        self.env["customer.followup.progress"]._of(company)._work()
        Followup = self.env["customer.followup"]
        Followup.search([("company_id", "=", company.id)]).unlink()
        cards = {}
        for name, partner in customers.items():
            profile = self.env["customer.profile"].search(
                [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
            )
            self.assertTrue(profile.cadence_days)
            cards[name] = Followup.with_user(user).create(
                {"profile_id": profile.id, "user_id": user.id, "due_date": today}
            )
        self.start_tour("/odoo/my-day", "customer_my_day_tour", login="my_day_ann")
        called = cards["Tour Caller"]
        self.assertEqual(
            (called.action, called.note, called.done_by_id),
            ("call", "Will order on Thursday", user),
        )
        self.assertTrue(called.stage_id.is_done)
        self.assertFalse(called.next_date, "the proposed date is the rhythm's: nothing was agreed")
        profile = called.profile_id
        self.assertEqual(profile.contact_due_date, today + timedelta(days=profile.cadence_days))
        dragged = cards["Tour Dragger"]
        self.assertEqual(dragged.stage_id, self.env.ref("customer_success.followup_stage_waiting"))
        self.assertFalse(dragged.done_at)
