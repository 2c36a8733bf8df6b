"""A care message in words: in its contact's language, with the company's frame around it."""

import logging

from markupsafe import Markup

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import html2plaintext

_logger = logging.getLogger(__name__)


class CustomerCareMessage(models.Model):
    _inherit = "customer.care.message"

    def _rendered(self, template, names) -> dict:
        """``{id: {field: value}}``, each in its contact's language.

        One that cannot be rendered fails alone.
        """
        try:
            with self.env.cr.savepoint():
                return self._render_all(template, names)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.info("Care messages %s: rendered one by one to find out which fails", self.ids)
        rendered = {}
        for message in self:
            try:
                with self.env.cr.savepoint():
                    rendered.update(message._render_all(template, names))
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:
                message._set_verdict("failed", "template", str(error).strip()[:500])
        return rendered

    def _render_all(self, template, names) -> dict:
        rendered: dict = {each: {} for each in self.ids}
        by_lang = self.grouped(lambda message: message._customer_lang())
        for lang, messages in by_lang.items():
            translated = template.with_context(lang=lang)
            for name in names:
                for each, value in translated._render_field(name, messages.ids).items():
                    rendered[each][name] = value
        return rendered

    def _framed(self, body) -> Markup:
        """The message with the company's name and the way to stop such messages below."""
        preferences, __ = self.partner_id._care_urls(self.company_id, self.purpose_id)
        return self.env["ir.qweb"]._render(
            "customer_success.care_mail",
            {
                "body": Markup(body or ""),
                "company": self.company_id,
                "purpose": self.purpose_id.with_context(lang=self._customer_lang()),
                "preferences_url": preferences,
            },
            lang=self._customer_lang(),
            minimal_qcontext=True,
        )

    def _preview(self) -> tuple[str, Markup]:
        """Subject and body as the contact would see them."""
        self.ensure_one()
        program = self.program_id
        if program.channel == "email" and program.mail_template_id:
            rendered = self._render_all(program.mail_template_id, ("subject", "body_html"))[self.id]
            return rendered["subject"], self._framed(rendered["body_html"])
        if program.channel == "sms" and program.sms_template_id:
            text = self._render_all(program.sms_template_id, ("body",))[self.id]["body"]
            return "", Markup("<p>%s</p>") % html2plaintext(text or "")
        return "", Markup("<p>%s</p>") % (program.advice or "")
