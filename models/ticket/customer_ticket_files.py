"""Files that customers send along: one gate for forms, for the conversation and for uploads."""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.customer_files import HEAD, Refusal, clean_name, kinds, refusal


class CustomerFile(NamedTuple):
    name: str
    head: bytes
    size: int
    raw: bytes = b""


class CustomerTicket(models.Model):
    _inherit = "customer.ticket"

    said_attachment_ids = fields.Many2many(
        "ir.attachment",
        "customer_ticket_said_attachment_rel",
        "ticket_id",
        "attachment_id",
        "Sent Along",
        readonly=True,
        copy=False,
        bypass_search_access=True,
        help="Files that came with the first word.",
    )

    @api.model
    def _why_not(self, file: CustomerFile, company) -> str | None:
        """Why a file is not taken from a customer, in words that say what to do instead."""
        allowed = kinds(company.customer_file_kinds)
        limit = company.customer_file_size
        reason = refusal(file.name, file.head, file.size, allowed, limit * 1024 * 1024)
        if reason is None:
            return None
        name = clean_name(file.name)
        return {
            Refusal.EMPTY: self.env._("%(name)s is empty.", name=name),
            Refusal.TOO_BIG: self.env._(
                "%(name)s is larger than %(limit)s MB. Send a smaller version.",
                name=name,
                limit=limit,
            ),
            Refusal.PROGRAM: self.env._(
                "%(name)s is a program or can run one: such files are not taken. Send a picture or a "
                "PDF of it.",
                name=name,
            ),
            Refusal.KIND: self.env._(
                "%(name)s is of a kind that is not taken. These are: %(kinds)s.",
                name=name,
                kinds=", ".join(allowed),
            ),
            Refusal.DISGUISED: self.env._(
                "%(name)s is not what its name says. Open it, save it again and send that.",
                name=name,
            ),
        }[reason]

    @api.model
    def _why_not_all(self, files: list[CustomerFile], company) -> list[str]:
        """One sentence for each reason why these files are not taken together; none: they are."""
        company = company.sudo()
        reasons = [reason for file in files if (reason := self._why_not(file, company))]
        if len(files) > company.customer_file_count:
            reasons.append(
                self.env._(
                    "At most %(count)s files are taken at once. Choose the most telling ones.",
                    count=company.customer_file_count,
                )
            )
        return reasons

    def _keep_said_files(self, files: list[CustomerFile]):
        """Attach what came with the first word."""
        self.ensure_one()
        if not files:
            return
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": clean_name(file.name),
                        "raw": file.raw,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                    for file in files
                ]
            )
        )
        attachments.generate_access_token()
        self.sudo().said_attachment_ids = attachments

    # ---- the conversation ----------------------------------------------------------------------

    def _process_attachments_for_post(self, attachments, attachment_ids, message_values):
        """What a customer posts in the browser passes the same gate; mail is taken as it comes."""
        if self.env.user.share and message_values.get("message_type") != "email":
            files = [
                CustomerFile(name, content[:HEAD], len(content))
                for name, content, *__ in attachments or []
            ]
            pending = self.env["ir.attachment"].sudo().browse(attachment_ids or [])
            files += pending._as_customer_files()
            reasons = self._why_not_all(files, self.company_id or self.env.company)
            if reasons:
                raise UserError("\n".join(reasons))
        return super()._process_attachments_for_post(attachments, attachment_ids, message_values)
