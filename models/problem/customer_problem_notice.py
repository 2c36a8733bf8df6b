"""Telling everybody touched, each once."""

import hashlib
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.mail import email_normalize


class Touched(NamedTuple):
    """One person to tell: on which ticket, and whether it can and may be."""

    ticket: models.Model  # the newest of this person
    others: models.Model  # its other tickets in the issue
    partner: models.Model
    email: str
    lang: str
    state: str  # ready, told, blacklisted, no_address


STATES = [
    ("ready", "Will be told"),
    ("told", "Was told this"),
    ("blacklisted", "Wants no mail"),
    ("no_address", "No address"),
]


class CustomerProblemNotice(models.Model):
    """Who was told what of a recurring issue: each text once to each address."""

    _name = "customer.problem.notice"
    _description = "Told Of a Recurring Issue"
    _order = "id desc"

    problem_id = fields.Many2one(
        "customer.problem", required=True, readonly=True, ondelete="cascade", index=True
    )
    ticket_id = fields.Many2one(
        "customer.ticket", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Told", readonly=True, ondelete="set null", index="btree_not_null"
    )
    email = fields.Char(required=True, readonly=True)
    digest = fields.Char("Text", required=True, readonly=True)
    at = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="restrict")

    _once = models.Constraint(
        "UNIQUE(problem_id, digest, email)", "This address was told this already."
    )


class CustomerProblem(models.Model):
    _inherit = "customer.problem"

    notice_ids = fields.One2many("customer.problem.notice", "problem_id", "Told", readonly=True)

    def _text_digest(self, template, lang: str) -> str:
        """Which text it is, in one language, before names and numbers are filled in."""
        source = template.sudo().with_context(lang=lang)
        told = self.sudo().with_context(lang=lang).customer_text
        words = "\0".join(map(str, (source.subject, source.body_html, told)))
        return hashlib.sha256(words.encode()).hexdigest()

    def _touched(self, template) -> list[Touched]:
        """Everybody who said it, once each, by the ticket that came last."""
        self.ensure_one()
        by_person = {}
        for ticket in self.ticket_ids.sorted("id", reverse=True):
            partner, address = ticket._address()
            email = email_normalize(partner.email or address or "") or ""
            person = email or ticket.contact_id or ticket.partner_id or ticket
            by_person.setdefault(person, []).append((ticket, partner, email))
        emails = [person for person in by_person if isinstance(person, str)]
        refused = set(
            self.env["mail.blacklist"].sudo().search([("email", "in", emails)]).mapped("email")
        )
        told = {(notice.email, notice.digest) for notice in self.sudo().notice_ids}
        digests, touched = {}, []
        for said in by_person.values():
            ticket, partner, email = said[0]
            lang = ticket._customer_lang()
            if lang not in digests:
                digests[lang] = self._text_digest(template, lang)
            if not email:
                state = "no_address"
            elif (email, digests[lang]) in told:
                state = "told"
            else:
                state = "blacklisted" if email in refused else "ready"
            others = ticket.browse([other.id for other, *_rest in said[1:]])
            touched.append(Touched(ticket, others, partner, email, lang, state))
        return touched

    def _inform(self, template) -> dict:
        """Write to everybody touched, once each; how many were, and how many were not and why."""
        self.ensure_one()
        self.check_access("write")
        if not (self.customer_text or "").strip():
            raise UserError(
                self.env._("Nothing to tell yet: fill in “What Customers Are Told” first.")
            )
        counts = dict.fromkeys((state for state, __ in STATES), 0)
        sent = 0
        for touched in self._touched(template):
            if touched.state == "ready" and self._claim(touched, template):
                self._write_to(touched, template)
                sent += 1
            else:
                state = "told" if touched.state == "ready" else touched.state
                counts[state] += 1
        counts["ready"] = sent
        return counts

    def _claim(self, touched: Touched, template) -> bool:
        """Note that this person is told this, before it is; False if somebody noted it already."""
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO customer_problem_notice
                       (problem_id, ticket_id, company_id, partner_id, email, digest, at, user_id,
                        create_uid, create_date, write_uid, write_date)
                VALUES (%(problem)s, %(ticket)s, %(company)s, %(partner)s, %(email)s, %(digest)s,
                        %(now)s, %(user)s, %(user)s, %(now)s, %(user)s, %(now)s)
                ON CONFLICT (problem_id, digest, email) DO NOTHING
                RETURNING id
                """,
                problem=self.id,
                ticket=touched.ticket.id,
                company=self.company_id.id,
                partner=touched.partner.id or None,
                email=touched.email,
                digest=self._text_digest(template, touched.lang),
                now=fields.Datetime.now(),
                user=self.env.uid,
            )
        )
        self.invalidate_recordset(["notice_ids"])
        return bool(rows)

    def _write_to(self, touched: Touched, template):
        """On the ticket, so that an answer comes back to it; colleagues who follow it are not mailed."""
        ticket = touched.ticket
        letter = self._letter(template, ticket)
        ticket.sudo().with_context(mail_notify_force_send=False).message_post(
            **letter,
            author_id=ticket._voice().id,
            partner_ids=touched.partner.ids,
            outgoing_email_to=False if touched.partner else touched.email,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            notify_skip_followers=True,
            email_layout_xmlid="mail.mail_notification_light",
            email_add_signature=False,
        )
        for other in touched.others:
            other.sudo()._message_log(
                body=self.env._("Told of the recurring issue on %(ticket)s.", ticket=ticket.number)
            )

    def _letter(self, template, ticket) -> dict:
        """The text as this ticket's customer reads it."""
        render, ids = template.sudo()._render_field, ticket.ids
        return {
            "subject": render("subject", ids, compute_lang=True)[ticket.id],
            "body": render("body_html", ids, compute_lang=True)[ticket.id],
        }

    def action_inform(self):
        """Open the list of everybody touched."""
        self.check_access("write")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Inform Everybody Touched"),
            "res_model": "customer.problem.inform",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_problem_id": self.id},
        }
