"""What the tests of the customer's side share: two customers with a login, and a visitor's browser."""

import re

from lxml import html

from odoo import Command
from odoo.http import Request
from odoo.tests import new_test_user

from .common import BrowserCase

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x03\x00\x08\xfc\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"
)
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" + b"\x00" * 60


class PortalCase(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls._new_company("Portal")
        cls.ann = new_test_user(
            cls.env,
            login="portal_ann",
            name="Ann Advisor",
            email="ann@team.example",
            groups="base.group_user,customer_success.group_customer_all",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.team = cls.env["customer.ticket.team"].search([("company_id", "=", cls.company.id)])
        cls.team.write(
            {"member_ids": [Command.set(cls.ann.ids)], "assignment": "least", "opinion_box": True}
        )
        cls.acme, cls.carl = cls._with_login("Acme", "Carl", "portal_carl")
        cls.other, cls.eve = cls._with_login("Evil Corp", "Eve", "portal_eve")
        cls.stage = {
            name: cls.env.ref(f"customer_success.ticket_stage_{name}")
            for name in ("new", "in_progress", "solved", "closed", "reopened")
        }

    @classmethod
    def _with_login(cls, firm, person, login):
        """A firm and one person of it who may log in to the portal."""
        customer = cls._customer(firm, email=f"office@{login}.example")
        contact = cls.env["res.partner"].create(
            {"name": person, "parent_id": customer.id, "email": f"{login}@customer.example"}
        )
        user = new_test_user(
            cls.env,
            login=login,
            groups="base.group_portal",
            partner_id=contact.id,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        return customer, user

    def _ticket(self, user=None, **vals):
        user = user or self.carl
        return (
            self._in(self.company)["customer.ticket"]
            .with_user(self.ann)
            .with_context(allowed_company_ids=self.company.ids)
            .create(
                {
                    "name": "Tiles arrived broken",
                    "contact_id": user.partner_id.id,
                    "said": "<p>All of them.</p>",
                    "user_id": self.ann.id,
                    **vals,
                }
            )
        )

    def _solve(self, ticket, solution="Sent new tiles."):
        ticket.with_user(self.ann).write(
            {"solution": solution, "stage_id": self.stage["solved"].id}
        )

    def _speak_chinese(self):
        """Switch the language on, with the addon's own words in it."""
        self.env["res.lang"]._activate_lang("zh_CN")
        modules = self.env["ir.module.module"].search([("state", "=", "installed")])
        modules.filtered(
            lambda module: module.name in ("customer_success", "portal")
        )._update_translations("zh_CN")
        self.env.registry.clear_all_caches()

    def _own_tickets(self):
        return self.env["customer.ticket"].search([("company_id", "=", self.company.id)])

    # ---- a browser -----------------------------------------------------------------------------

    def _get(self, path, **kwargs):
        return self.url_open(path, **kwargs)

    def _post(self, path, data=None, files=None, csrf=True):
        data = dict(data or {})
        if csrf:
            data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(path, data=data, files=files, method="POST")

    def _page(self, response):
        return html.fromstring(response.text)

    def _field(self, response, name):
        """What a form's field holds."""
        (found,) = self._page(response).xpath(f"//*[@name='{name}'][not(ancestor::header)]")
        return found.text_content() if found.tag == "textarea" else found.get("value")

    def _errors(self, response):
        return " ".join(self._page(response).xpath("//div[@role='alert']//text()"))

    def _text(self, response):
        (main,) = self._page(response).xpath("//main")
        return re.sub(r"\s+", " ", main.text_content())
