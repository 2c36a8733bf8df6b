from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..facts.customer_facts import among


class CustomerProfile(models.Model):
    _inherit = "customer.profile"

    def action_recompute(self):
        """Compute these customers now, from the documents as they are, and say what came of it."""
        self.check_access("read")
        runs = self.sudo()._recompute()
        changed = sum(runs.mapped("changed_count"))
        if changed:
            message = self.env._(
                "%(count)s computed, %(changed)s with other figures than before.",
                count=len(self),
                changed=changed,
            )
        else:
            message = self.env._("%s computed: nothing has changed.", len(self))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Customers"),
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _recompute(self):
        """Judge these customers in this transaction; the runs entered in the ledger."""
        runs = self.env["customer.run"]
        for company, profiles in self.grouped("company_id").items():
            run = self.env["customer.run"]._open(company, "selected", "asked")
            restrict = among(profiles.partner_id.ids)
            run._take_marks(restrict)
            run._compute(restrict, profiles.partner_id.ids)
            run.write({"state": "done", "ended": fields.Datetime.now()})
            run._finished()
            runs += run
        return runs

    def _set_manual(self, kind, choice, reason, until) -> None:
        """Have a person's choice of tier or stage outrank what is computed.

        :param kind: ``tier`` or ``stage``
        :param choice: a ``customer.tier`` or ``customer.lifecycle.stage``; empty to end the choice
        :param reason: why, in words
        :param until: its last day, or False for as long as nobody ends it
        :raises UserError: without a reason, or with an end in the past
        """
        self._check_manual(choice, reason, until)
        self.sudo().write(
            {
                f"manual_{kind}_id": choice.id,
                f"manual_{kind}_reason": reason.strip() if choice else False,
                f"manual_{kind}_user_id": self.env.uid,  # who chose, or who ended the choice
                f"manual_{kind}_until": until if choice else False,
                # No digest is 0: the row is written again even where its figures are the same.
                "fingerprint": 0,
            }
        )
        self.sudo()._recompute()

    def _check_manual(self, choice, reason, until) -> None:
        """Whether this user may choose for these customers, and has said what a choice needs."""
        self.check_access("read")
        if not self.env.user.has_group("customer_success.group_customer_own"):
            raise AccessError(self.env._("You may not choose for customers."))
        if choice and not (reason or "").strip():
            raise UserError(self.env._("Say why: whoever reads it later will want to know."))
        today = min(company._customer_today() for company in self.company_id)
        if choice and until and until < today:
            raise UserError(self.env._("The last day has passed already. Choose a later one."))
