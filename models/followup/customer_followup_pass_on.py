"""Passing follow-ups on to colleagues: who takes which, within what each can do."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import levelling
from ...tools.dates import NO_DATE, to_days


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    passed_by_id = fields.Many2one(
        "res.users", readonly=True, ondelete="set null", help="Who passed it on."
    )
    passed_from_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    passed_reason = fields.Char(readonly=True)

    @api.model
    def _sharing(self, company, followups, users, days) -> dict:
        """Follow-up id -> the user who takes it; None where nobody has a place within ``days``.

        What is open for those users already keeps its places.
        """
        today = company._customer_today()
        start = to_days(today)
        free = {
            user: list(places[:days])
            for user, places in self._free_places(company, users, today).items()
        }
        for user_id, items in self._to_level(company, users).items():
            user = self.env["res.users"].browse(user_id)
            for key, (item, __) in items.items():
                if key in followups.ids:
                    continue
                day = max(item.fixed if item.fixed != NO_DATE else items[key][1], start) - start
                if 0 <= day < len(free[user]):
                    free[user][day] -= 1
        return levelling.share(
            [
                levelling.Item(followup.id, to_days(followup.due_date), followup.value)
                for followup in followups
            ],
            free,
            start,
        )

    def _pass_on(self, users, reason: str, days: int):
        """Hand these open follow-ups to ``users``, within what they can do in the coming ``days``.

        :returns: those that found nobody, who stay where they were
        """
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why: whoever takes over will want to know."))
        if not users:
            raise UserError(self.env._("Choose who takes over."))
        left = self.browse()
        for company, own in (
            self.sudo().filtered_domain(self._open_domain()).grouped("company_id").items()
        ):
            able = users.sudo().filtered(lambda user, company=company: company in user.company_ids)
            taken = self._sharing(company, own, able, days)
            before = own.user_id
            for (giver, taker), moved in own.grouped(
                lambda followup, taken=taken: (followup.user_id, taken[followup.id])
            ).items():
                if taker is None:
                    left += moved
                elif taker != giver:
                    moved.write(
                        {
                            "user_id": taker.id,
                            "passed_from_id": giver.id,
                            "passed_by_id": self.env.uid,
                            "passed_reason": reason,
                            "planned_by_hand": False,
                        }
                    )
            self.sudo()._level(company, before | able)
        return left.sudo(False)
