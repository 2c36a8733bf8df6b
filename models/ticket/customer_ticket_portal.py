"""The customer's side of a ticket: what it reads, what it may do, and in which words."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, html2plaintext, plaintext2html

#: All that a customer reads of a ticket, by page or by call. Whatever is added to the model stays ours
#: until it is named here.
READ_BY_CUSTOMERS = frozenset(
    {
        "id", "display_name", "number", "name", "kind", "opened_at", "solved_at", "closed_at", "said",
        "said_text", "said_attachment_ids", "solution_told", "portal_state", "access_url",
        "access_token", "create_date", "write_date", "active",
    }
)  # fmt: skip
#: What a customer may give along when it posts by a call; the rest is ours to decide.
_POSTED_BY_CUSTOMERS = {"body", "attachment_ids", "attachments", "parent_id"}
#: Newest first: the order in which customers read; ours, by due time, would tell them promises.
NEWEST = "opened_at desc, id desc"


class CustomerTicket(models.Model):
    _name = "customer.ticket"
    _inherit = ["customer.ticket", "portal.mixin"]

    portal_state = fields.Char(
        "State in Plain Words", compute="_compute_portal_state", compute_sudo=True
    )
    solution_told = fields.Text(
        "Solution, as Told",
        compute="_compute_solution_told",
        compute_sudo=True,
        search="_search_solution_told",
        help="Empty until the ticket is solved: before, it is a draft.",
    )
    said_text = fields.Text(
        "Said",
        compute="_compute_said_text",
        search="_search_said_text",
        help="What the customer said, as plain text.",
    )

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for ticket in self:
            ticket.access_url = f"/my/tickets/{ticket.id}"
        return result

    @api.depends("stage_id")
    @api.depends_context("lang")
    def _compute_portal_state(self):
        for ticket in self:
            ticket.portal_state = ticket.stage_id.portal_name or ticket.stage_id.name

    @api.depends("solution", "solved_at")
    def _compute_solution_told(self):
        for ticket in self:
            ticket.solution_told = ticket.solved_at and ticket.solution

    def _search_solution_told(self, operator, value):
        if operator not in ("ilike", "like", "=ilike", "=like"):
            return NotImplemented
        told = Domain("solved_at", "!=", False) & Domain("solution", operator, value)
        # the rules of whoever asks apply around this
        return Domain("id", "in", self.sudo()._search(told))

    @api.depends("said")
    def _compute_said_text(self):
        for ticket in self:
            ticket.said_text = html2plaintext(ticket.said or "").strip()

    def _search_said_text(self, operator, value):
        if operator not in ("ilike", "not ilike", "like", "not like"):
            return NotImplemented
        return Domain("said", operator, value)

    # ---- what customers may --------------------------------------------------------------------

    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or not self.env.user.share:
            return True
        return operation == "read" and field.name in READ_BY_CUSTOMERS

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False
    ):
        if order == self._order and not self.env.su and self.env.user.share:
            order = NEWEST
        return super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access
        )

    def message_post(self, **kwargs):
        """A customer that posts by a call speaks for itself, to us, and in public."""
        ticket = self
        if self.env.user.share and not self.env.su:
            self.check_access("read")
            ticket = self.sudo()  # what posting reads of a ticket is not for customers
            kwargs = {name: kwargs[name] for name in _POSTED_BY_CUSTOMERS & kwargs.keys()}
            kwargs |= {
                "author_id": self.env.user.partner_id.id,
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
            }
        return super(CustomerTicket, ticket).message_post(**kwargs)

    @api.model
    def _found_domain(self, words: str) -> Domain:
        """What a customer finds by these words among its tickets."""
        return Domain.OR(
            Domain(name, "ilike", words) for name in ("number", "name", "said", "solution_told")
        )

    def _portal_reopens(self) -> bool:
        """Whether the customer is offered to say that it is not solved."""
        stage = self.sudo().stage_id
        return stage.clock == "stop" and bool(stage.reply_stage_id)

    # ---- what customers do ---------------------------------------------------------------------

    @api.model
    def _open_by_customer(self, values, words, files=()):
        """A ticket in the customer's own words, and in its own name where one is known."""
        ticket = (
            self.sudo()
            .with_context(mail_create_nosubscribe=True)
            .create({**values, "said": plaintext2html(words), "user_id": False})
        )
        ticket._keep_said_files(list(files))
        return ticket

    def _reopen_by_customer(self, words, author):
        """Not solved for the customer: its words are kept, and the ticket goes where replies go."""
        self.ensure_one()
        ticket = self.sudo()
        if not ticket._portal_reopens():
            raise UserError(
                self.env._("%(ticket)s is open: write below what is missing.", ticket=ticket.number)
            )
        before = ticket.stage_id
        ticket.message_post(
            body=words,
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        if ticket.stage_id == before:  # the message alone took it there, unless nobody heard it
            ticket._move(before.reply_stage_id, by_customer=True)

    # ---- in words ------------------------------------------------------------------------------

    def _portal_timeline(self) -> list[dict]:
        """What happened, oldest first, in the words of :attr:`portal_state`."""
        self.ensure_one()
        steps = []
        for move in self.sudo().move_ids.sorted("id"):
            stage = move.to_stage_id
            words = stage.portal_name or stage.name
            if not steps or steps[-1]["words"] != words:
                steps.append({"words": words, "at": move.at, "stopped": move.clock == "stop"})
        return steps

    @api.model
    def _archive_titles(self) -> list[str]:
        return [
            self.env._("Number"),
            self.env._("Day"),
            self.env._("Kind"),
            self.env._("Subject"),
            self.env._("What was said"),
            self.env._("State"),
            self.env._("How it was solved"),
            self.env._("Closed"),
        ]

    def _archive_rows(self) -> list[list[str]]:
        """The customer's archive as a table of texts, as :meth:`_archive_titles` names the columns."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return [
            [
                ticket.number,
                format_date(self.env, ticket.opened_at),
                kinds[ticket.kind],
                ticket.name,
                ticket.said_text,
                ticket.portal_state,
                ticket.solution_told or "",
                format_date(self.env, ticket.closed_at) if ticket.closed_at else "",
            ]
            for ticket in self
        ]
