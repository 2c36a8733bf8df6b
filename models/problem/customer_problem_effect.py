"""Did it help? The rate before and after, and how sure one can be."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ...tools.recurrence import Verdict, change

_DAY = 86400


class CustomerProblem(models.Model):
    _inherit = "customer.problem"

    effect = fields.Text("Did It Help?", compute="_compute_effect")
    effect_verdict = fields.Selection(
        [
            (Verdict.FEWER.value, "Fewer tickets"),
            (Verdict.MORE.value, "More tickets"),
            (Verdict.UNKNOWN.value, "Cannot tell yet"),
        ],
        "Effect",
        compute="_compute_effect",
    )

    @api.depends("state", "decided_at", "since")
    @api.depends_context("lang")
    def _compute_effect(self):
        """Tickets like its own while it was open, and since it was closed.

        The time before was looked at because it had many: part of any fall is chance, which the
        interval knows nothing of. So it is said beside it.
        """
        now = fields.Datetime.now()
        self.effect = self.effect_verdict = False
        for problem in self.filtered(lambda problem: problem.state == "closed"):
            likes = problem._matching_domain() | Domain("problem_id", "in", problem.ids)
            before, after = problem._counts(likes, now)
            days = [
                max((problem.decided_at - problem.since).total_seconds() / _DAY, 1.0),
                (now - problem.decided_at).total_seconds() / _DAY,
            ]
            result = change(before, days[0], after, days[1])
            problem.effect_verdict = result.verdict.value
            problem.effect = problem._effect_in_words(before, after, days, result)

    def _counts(self, likes: Domain, now) -> tuple[int, int]:
        Ticket = self.env["customer.ticket"].sudo()
        return (
            Ticket.search_count(
                likes
                & Domain("opened_at", ">=", self.since)
                & Domain("opened_at", "<=", self.decided_at)
            ),
            Ticket.search_count(
                likes & Domain("opened_at", ">", self.decided_at) & Domain("opened_at", "<=", now)
            ),
        )

    def _effect_in_words(self, before, after, days, result) -> str:
        words = self.env._(
            "%(before)s in the %(before_days)s days until it was closed, %(after)s in the "
            "%(after_days)s days since.",
            before=before,
            before_days=round(days[0]),
            after=after,
            after_days=round(days[1]),
        )
        verdict = dict(self._fields["effect_verdict"]._description_selection(self.env))
        if result.ratio is None:
            return f"{words} {verdict[result.verdict.value]}."

        def number(value):
            return "∞" if value > 999 else formatLang(self.env, value, digits=2)

        ratio = self.env._(
            "That is %(ratio)s times the rate (95 %% between %(low)s and %(high)s): %(verdict)s.",
            ratio=number(result.ratio),
            low=number(result.low),
            high=number(result.high),
            verdict=verdict[result.verdict.value],
        )
        return f"{words} {ratio}"
