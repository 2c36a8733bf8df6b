"""The customers' side of the demo: two of them may log in, and each company has an opinion box."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import plaintext2html

#: Customers whose contact logs in to the portal; the customer's key is login and password.
_LOGINS = {"hartwell": "whitaker", "hengzhu": "zhonghe"}
#: What somebody put into the box, hours ago: kind, subject, words, address.
_BOX = {
    "hartwell": (
        (
            9,
            "suggestion",
            "Open the pick-up counter at six",
            "Please open the pick-up counter at six. At seven the crew already stands on site.",
            "",
        ),
        (
            55,
            "complaint",
            "Mortar wet at pick-up",
            "Rain got into the bagged mortar I picked up at gate 3. Half of it is hard now.",
            "dee@lakeside-masonry.example.com",
        ),
    ),
    "hengzhu": (
        (30, "praise", "表扬送货师傅", "送货师傅把货搬到三楼，没有多收一分钱，请表扬他。", ""),
    ),
}


class CustomerSuccessDemo(models.AbstractModel):
    _inherit = "customer.success.demo"

    def _make_portal(self, company, spec, partners) -> None:
        firm = partners[_LOGINS[spec.key]]
        user = self.env["res.users"].create(
            {
                "login": _LOGINS[spec.key],
                "password": _LOGINS[spec.key],
                "partner_id": firm.child_ids[:1].id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                "company_ids": [Command.set(company.ids)],
                "company_id": company.id,
                "tz": spec.timezone,
            }
        )
        self._name_record(f"user_{user.login}", user)
        team = self.env["customer.ticket.team"].search([("company_id", "=", company.id)])
        team.opinion_box = True
        now = fields.Datetime.now()
        self.env["customer.ticket"].with_context(mail_notify_force_send=False).create(
            [
                {
                    "name": name,
                    "said": plaintext2html(words),
                    "kind": kind,
                    "channel": "opinion_box",
                    "team_id": team.id,
                    "email_from": address,
                    "opened_at": now - timedelta(hours=hours),
                }
                for hours, kind, name, words, address in _BOX[spec.key]
            ]
        )
