"""Merging duplicates: one ticket stays, the others end as merged into it, and nothing is lost.

A merged ticket is archived, which is the one definition of what is left out of lists, counts and
figures: Odoo applies it to every search. It stays to be read, and what is written to it lands on the
one that stayed. What it was promised still counts there (``_promises``).
"""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import is_html_empty
from odoo.tools.mail import email_normalize

#: What the survivor takes over where it has nothing itself.
_FILLED = ("category_id", "product_id", "order_id", "invoice_id", "user_id", "contact_id")
#: Messages that tell of a ticket's own steps stay with it. All others are what people said.
_SAID = [("message_type", "!=", "user_notification"), ("tracking_value_ids", "=", False)]


class CustomerTicket(models.Model):
    _inherit = "customer.ticket"

    merged_into_id = fields.Many2one(
        "customer.ticket",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    merged_at = fields.Datetime("Merged", readonly=True, copy=False)
    merged_ids = fields.One2many(
        "customer.ticket",
        "merged_into_id",
        "Merged Tickets",
        readonly=True,
        context={"active_test": False},
    )
    active = fields.Boolean(
        compute="_compute_active", store=True, precompute=True, help="Merged tickets count no more."
    )

    @api.depends("merged_into_id")
    def _compute_active(self):
        for ticket in self:
            ticket.active = not ticket.merged_into_id

    @api.model
    def _refuse_kept(self, names):
        if "active" in names and not self.env.su:
            raise AccessError(
                self.env._("Tickets are not archived: close them, or merge duplicates.")
            )
        return super()._refuse_kept(names)

    @api.depends("merged_into_id")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for ticket in self.filtered("merged_into_id"):
            ticket.display_name = self.env._(
                "%(ticket)s (merged into %(survivor)s)",
                ticket=ticket.display_name,
                survivor=ticket.merged_into_id.sudo().number,
            )
        return result

    # ---- whose promises count ------------------------------------------------------------------

    def _promises(self):
        """This ticket and those merged into it unsolved: all that the customer was promised."""
        return self | self.merged_ids.filtered(lambda ticket: not ticket.solved_at)

    # ---- who may be merged ---------------------------------------------------------------------

    def _survivor(self):
        """The one to keep unless somebody chooses: the oldest that is open, else the oldest."""
        candidates = self.filtered(lambda ticket: not ticket.closed_at) or self
        return candidates.sorted(lambda ticket: (ticket.opened_at, ticket.id))[:1]

    def _check_mergeable(self, survivor):
        """Refuse, with the reason, what would mix up customers or lose work."""
        if len(self) < 2:
            raise UserError(self.env._("Select at least two tickets of one customer."))
        if gone := self.filtered("merged_into_id"):
            raise UserError(
                self.env._(
                    "%(ticket)s: it counts no more, leave it out.", ticket=gone[0].display_name
                )
            )
        if len(self.company_id) > 1:
            raise UserError(
                self.env._(
                    "These tickets belong to %(companies)s: only tickets of one company are merged.",
                    companies=", ".join(self.company_id.mapped("name")),
                )
            )
        customers = {
            ticket.partner_id or email_normalize(ticket.email_from or "") or ticket
            for ticket in self
        }
        if len(customers) > 1:
            raise UserError(
                self.env._(
                    "These tickets are of different customers, and each must hear of its own: %(names)s. "
                    "If two of them are the same, merge the contacts first; if the sender of one is not "
                    "known, choose its customer first.",
                    names=", ".join(
                        dict.fromkeys(
                            ticket.partner_id.display_name or ticket.email_from or ticket.name
                            for ticket in self
                        )
                    ),
                )
            )
        if survivor.closed_at and any(not ticket.closed_at for ticket in self):
            raise UserError(
                self.env._(
                    "%(ticket)s is closed, and another one is not: keep the open one.",
                    ticket=survivor.display_name,
                )
            )

    # ---- merging -------------------------------------------------------------------------------

    def _merge(self, survivor, tell=True):
        """Have ``survivor`` stay for all of these; the customer is told at most once."""
        self.check_access("write")
        self._check_mergeable(survivor)
        self.lock_for_update()
        others = (self - survivor).sorted("id")
        kept = survivor.sudo()
        for ticket in others.sudo():
            ticket._hand_over(kept)
        self.env["customer.ticket.move"].flush_model()
        kept.invalidate_recordset(["merged_ids"])
        kept._take_up_words(others.sudo())
        kept._refresh_clocks()
        if tell:
            kept._tell_merged()
        return survivor

    def _hand_over(self, survivor):
        """Give all that people said and made of this ticket to ``survivor``, and end."""
        self.ensure_one()
        survivor._message_log(body=self._quoted())
        of_this = [("model", "=", self._name), ("res_id", "=", self.id)]
        self.env["mail.message"].search([*of_this, *_SAID]).write({"res_id": survivor.id})
        self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", False)]
        ).write({"res_id": survivor.id})
        survivor.message_subscribe(partner_ids=self.message_partner_ids.ids)
        self.activity_ids.write({"res_id": survivor.id})
        values = {name: self[name].id for name in _FILLED if self[name] and not survivor[name]}
        if self.solution and self.solution not in (survivor.solution or ""):
            values["solution"] = "\n\n".join(filter(None, (survivor.solution, self.solution)))
        if self.cost:
            values["cost"] = survivor.cost + self.cost
        if values:
            survivor.write(values)
        self.merged_ids._write_past_gate({"merged_into_id": survivor.id})
        self._end_as_merged(survivor)

    def _end_as_merged(self, survivor):
        """To the end of the loop past its gate, without a word: the customer hears of the survivor."""
        now, before = fields.Datetime.now(), self.stage_id
        self._message_log(
            body=Markup("%s %s") % (self.env._("Merged into"), survivor._get_html_link())
        )
        end = self.env["customer.ticket.stage"].search([("is_closed", "=", True)], limit=1)
        self._write_past_gate(
            {
                "merged_into_id": survivor.id,
                "merged_at": now,
                "stage_id": (end or before).id,
                "stage_since": now,
                "closed_at": self.closed_at or now,
            }
        )
        if end and end != before:
            self._log_moves(before)
        self._refresh_clocks()

    def _quoted(self) -> Markup:
        """What the customer said, for the survivor's log: whoever took it, however it came."""
        channel = dict(self._fields["channel"]._description_selection(self.env))[self.channel]
        head = self.env._(
            "From %(ticket)s, which is merged into this one (%(channel)s, %(date)s):",
            ticket=" ".join((self.number or "", self.name)),
            channel=channel,
            date=fields.Datetime.context_timestamp(self, self.opened_at).strftime("%Y-%m-%d %H:%M"),
        )
        words = self.said if not is_html_empty(self.said) else Markup("—")
        # no <blockquote>: the web client folds it up like the tail of a mail
        quote = Markup('<div style="border-left: 3px solid #aaa; padding-left: 8px">%s</div>')
        return Markup("<p>%s</p>") % head + quote % words

    def _take_up_words(self, others):
        """What the customer wrote to a merged ticket and nobody answered is unanswered here."""
        self.ensure_one()
        if not self.responded_at or self.closed_at:
            return
        waiting = [
            ticket.next_response_since if ticket.responded_at else ticket.opened_at
            for ticket in others
            if not ticket.solved_at and (ticket.next_response_since or not ticket.responded_at)
        ]
        if waiting:
            self.next_response_since = min(filter(None, [self.next_response_since, *waiting]))

    def _tell_merged(self):
        """One mail: under which number it goes on."""
        template = self.env.ref(
            "customer_success.mail_template_ticket_merged", raise_if_not_found=False
        )
        partner, address = self._address()
        if not template or not (partner or address):
            return
        render = template._render_field
        self.message_post(
            subject=render("subject", self.ids, compute_lang=True)[self.id],
            body=render("body_html", self.ids, compute_lang=True)[self.id],
            author_id=self._voice().id,
            partner_ids=partner.ids,
            outgoing_email_to=address,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
            email_add_signature=False,
        )

    # ---- afterwards ----------------------------------------------------------------------------

    def message_post(self, **kwargs):
        """A reply to the old thread, by mail or portal, is a reply on the ticket that stayed."""
        return super(CustomerTicket, self._standing()).message_post(**kwargs)

    def _standing(self):
        """The ticket that stands for this one."""
        survivor = self.sudo().merged_into_id
        return self.browse(survivor.id) if survivor else self

    def _check_move(self, stage):
        for ticket in self.filtered("merged_into_id"):
            raise UserError(
                self.env._(
                    "%(ticket)s: take the step there.",
                    ticket=ticket.display_name,
                )
            )
        return super()._check_move(stage)

    @api.constrains("merged_into_id")
    def _check_merged_into(self):
        for ticket in self:
            if ticket.merged_into_id and (
                ticket.merged_into_id.merged_into_id or ticket.merged_into_id == ticket
            ):
                raise ValidationError(self.env._("A ticket is merged into one that stays."))

    def action_open_survivor(self):
        self.check_access("read")
        return self.merged_into_id[:1]._get_records_action()
