"""The demo's playbooks at work, its win-back list, and one customer in the public pool."""

from datetime import timedelta
from itertools import pairwise

from odoo import models

#: Playbooks look so many days back, as if they had been turned on then.
ON_FOR = 65
#: The pool of the Chinese company has been on for so many days: some go back soon.
POOL_FOR = 55
#: Customer -> where winning it back stands, why it left, what is offered, what it cost.
WINBACKS = {
    "vanguard": ("offered", "price", 350, "Lumber by the rail car from Fort Wayne, 6 % below us.",
                 "Fixed price for two quarters on framing lumber, freight included from 20 t."),
    "blackwell": ("contacted", "delivery", 0, "Three late pallets in spring; the crew stood idle.",
                  "Delivery day promised in writing, Stefan has Ines's mobile number."),
    "weilai": ("contacted", "competitor", 1200, "今年与宁波的供应商签了框架协议，年底到期。",
               "先做第二供应商：急单两日到货，年底前带样品拜访韩雪。"),
}  # fmt: skip
#: Bought again after a silence: what was done then.
WON = ("riverbend", "service", 480, "Nobody had called after the wrong colour was delivered.",
       "Visited with Helen, took the paint back, 10 % on the next order.")  # fmt: skip
POOLED = ("hengzhu", "binjiang", "lina")


class CustomerSuccessDemo(models.AbstractModel):
    _inherit = "customer.success.demo"

    def _make_retention(self, company, spec, partners, people) -> None:
        playbooks = self.env["customer.playbook"].search([("is_on", "=", True)])
        if not playbooks.filtered("description"):
            return
        since = company._customer_day_start(company._customer_today() - timedelta(days=ON_FOR))
        playbooks.on_since = since
        for work in playbooks._work_of(company):
            while work():
                pass
        self._make_winbacks(company, partners)
        self._make_won(company, partners)
        self._make_pool(company, spec, partners, people)

    def _profile_of(self, company, partners, key):
        partner = partners[key].commercial_partner_id if key in partners else False
        return self.env["customer.profile"].search(
            [("company_id", "=", company.id), ("partner_id", "=", partner and partner.id)]
        )

    def _make_winbacks(self, company, partners) -> None:
        Winback = self.env["customer.winback"]
        Winback._open_due(company)
        for key, (state, reason, cost, words, offer) in WINBACKS.items():
            profile = self._profile_of(company, partners, key)
            case = Winback.search([("profile_id", "=", profile.id)])
            if not profile.last_purchase_date:
                continue
            case = case or Winback.create({"profile_id": profile.id})
            case.write(
                {
                    "state": state,
                    "reason_id": self.env.ref(f"customer_success.winback_reason_{reason}").id,
                    "reason_note": words,
                    "offer": offer,
                    "cost": cost,
                }
            )

    def _make_won(self, company, partners) -> None:
        """A case of before, begun when the customer had been silent for long; its purchase closed it."""
        key, reason, cost, words, offer = WON
        profile = self._profile_of(company, partners, key)
        if not profile:
            return
        days = sorted(
            self.env["account.move"]
            .search(
                [
                    ("commercial_partner_id", "=", profile.partner_id.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                ]
            )
            .mapped("invoice_date")
        )
        __, last = max((after - day, day) for day, after in pairwise(days))
        Winback = self.env["customer.winback"].sudo()
        case = Winback.create(
            {
                "profile_id": profile.id,
                "state": "offered",
                "reason_id": self.env.ref(f"customer_success.winback_reason_{reason}").id,
                "reason_note": words,
                "offer": offer,
                "cost": cost,
            }
        )
        case.write({"silent_since": last, "opened_on": last + timedelta(days=150)})
        Winback._close_won(company)
        Winback._measure(company)
        closed = {"closed_on": case.won_on}
        case.write(closed if case.won_on else {})

    def _make_pool(self, company, spec, partners, people) -> None:
        key, customer, user = POOLED
        if spec.key != key:
            return
        company.customer_pool_on = True
        company.customer_pool_since = company._customer_today() - timedelta(days=POOL_FOR)
        profile = self._profile_of(company, partners, customer)
        profile.with_user(people[user]).action_give_back()
        self.env["customer.profile"]._warn_of_pool(company)
