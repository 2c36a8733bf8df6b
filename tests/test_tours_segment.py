"""A manager names what the search bar shows, and finds its people in Contacts."""

from datetime import timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import BrowserCase


@tagged("post_install", "-at_install")
class TestToursSegment(BrowserCase):
    def test_from_the_search_bar_to_contacts(self):
        company = self._new_company("Segment Tour")
        new_test_user(
            self.env,
            login="segment_manager",
            groups="customer_success.group_customer_all,base.group_partner_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        today = company._customer_today()
        for name, ago in (("Tour Silent", 300), ("Tour Active", 5)):
            partner = self._customer(name)
            for days in range(ago, ago + 200, 20):
                self._document(partner, today - timedelta(days), 100, company=company)
        self.env.cr.flush()
        for run in self.env["customer.run"].search(
            [("company_id", "=", company.id), ("state", "=", "queued")]
        ):
            while run._advance():
                pass
        self.start_tour(
            "/odoo/customers-by-value?view_type=list",
            "customer_segment_tour",
            login="segment_manager",
        )
        segment = self.env["customer.segment"].search([("name", "=", "Bought long ago")])
        self.assertEqual(len(segment), 1)
        size = segment.size_ids.filtered(lambda size: size.company_id == company)
        self.assertEqual(size.customer_count, 1)
