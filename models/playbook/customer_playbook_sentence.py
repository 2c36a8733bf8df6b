"""A playbook in one sentence, in the language of whoever reads it."""

from odoo import api, fields, models
from odoo.tools import format_list
from odoo.tools.misc import formatLang


class CustomerPlaybook(models.Model):
    _inherit = "customer.playbook"

    summary = fields.Char("In One Sentence", compute="_compute_summary")

    @api.depends(
        "trigger", "stage_id.name", "silence", "date_field_id", "yearly", "days_ahead",
        "tier_ids.name", "segment_id.name", "stop_ordered", "stop_left", "stop_asked",
        "step_ids.action", "step_ids.days", "step_ids.within", "step_ids.working",
        "step_ids.assignee", "step_ids.user_ids.name",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_summary(self):
        for playbook in self:
            playbook.summary = self.env._(
                "When %(who)s %(event)s: %(steps)s; %(until)s.",
                who=playbook._say_whom(),
                event=playbook._say_event(),
                steps=playbook._say_steps(),
                until=playbook._say_until(),
            )

    def _say_whom(self) -> str:
        tiers = format_list(self.env, self.tier_ids.sorted("sequence").mapped("name"), "or")
        if tiers and self.segment_id:
            return self.env._(
                "a %(tiers)s customer of “%(segment)s”", tiers=tiers, segment=self.segment_id.name
            )
        if tiers:
            return self.env._("a %(tiers)s customer", tiers=tiers)
        if self.segment_id:
            return self.env._("a customer of “%(segment)s”", segment=self.segment_id.name)
        return self.env._("a customer")

    def _say_event(self) -> str:
        stage = self.stage_id.name or "…"
        return {
            "stage_enter": lambda: self.env._("enters %(stage)s", stage=stage),
            "stage_leave": lambda: self.env._("leaves %(stage)s", stage=stage),
            "tier_up": lambda: self.env._("rises to a higher tier"),
            "tier_down": lambda: self.env._("falls to a lower tier"),
            "silent": lambda: self.env._(
                "is silent for %(times)s times its usual interval",
                times=formatLang(self.env, self.silence, digits=1),
            ),
            "first_order": lambda: self.env._("buys for the first time"),
            "complaint_solved": lambda: self.env._("had a complaint solved"),
            "unhappy": lambda: self.env._("is unhappy with our answer"),
            "date": self._say_date,
        }[self.trigger or "stage_enter"]()

    def _say_date(self) -> str:
        name = self.date_field_id.sudo().field_description or "…"
        if self.days_ahead:
            if self.yearly:
                return self.env._(
                    "is %(days)s days before the yearly return of its date “%(date)s”",
                    days=self.days_ahead,
                    date=name,
                )
            return self.env._(
                "is %(days)s days before its date “%(date)s”", days=self.days_ahead, date=name
            )
        if self.yearly:
            return self.env._("has the yearly return of its date “%(date)s”", date=name)
        return self.env._("has its date “%(date)s”", date=name)

    def _say_steps(self) -> str:
        steps = self.step_ids.sorted(lambda step: (step.days, step.sequence))
        return self.env._(", then ").join(step._say() for step in steps) or self.env._(
            "nothing is done yet"
        )

    def _say_until(self) -> str:
        ends = []
        if self.stop_ordered:
            ends.append(self.env._("it orders"))
        if self.stop_left and self.trigger == "stage_enter":
            ends.append(self.env._("it leaves the stage"))
        if self.stop_left and self.trigger == "tier_down":
            ends.append(self.env._("it has its tier back"))
        if self.stop_asked:
            ends.append(self.env._("it asks to stop"))
        if not ends:
            return self.env._("until all is done")
        return self.env._("until %(ends)s", ends=format_list(self.env, ends, "or"))


class CustomerPlaybookStep(models.Model):
    _inherit = "customer.playbook.step"

    def _say(self) -> str:
        action = dict(self._fields["action"]._description_selection(self.env)).get(self.action, "…")
        who = {
            "manager": lambda: self.env._("the account manager"),
            "leader": lambda: self.env._("the ticket team leader"),
            "people": lambda: format_list(self.env, self.user_ids.mapped("name"), "or") or "…",
        }[self.assignee or "manager"]()
        return self.env._(
            "%(action)s by %(who)s %(when)s", action=action.lower(), who=who, when=self._say_when()
        )

    def _say_when(self) -> str:
        if self.days:
            return self._say_days(
                self.days,
                one=(self.env._("after 1 working day"), self.env._("after 1 day")),
                many=(
                    self.env._("after %s working days", self.days),
                    self.env._("after %s days", self.days),
                ),
            )
        if not self.within:
            return self.env._("the same day")
        return self._say_days(
            self.within,
            one=(self.env._("within 1 working day"), self.env._("within 1 day")),
            many=(
                self.env._("within %s working days", self.within),
                self.env._("within %s days", self.within),
            ),
        )

    def _say_days(self, count: int, one: tuple, many: tuple) -> str:
        return (one if count == 1 else many)[0 if self.working else 1]
