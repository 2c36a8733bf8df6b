from odoo import models


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    def _why_texts(self):
        names = {}

        def text(arguments):
            if not names:  # one query however many cards
                every = self.env["customer.playbook"].sudo().with_context(active_test=False)
                names.update({book.id: book.name for book in every.search_fetch([], ["name"])})
            return self._say_playbook(arguments, names.get(arguments["playbook"]))

        return super()._why_texts() | {"playbook": text}

    def _say_playbook(self, arguments: dict, playbook: str | None) -> str:
        """What happened, when, and which playbook said to do something then."""
        day = self._day(arguments.get("day"))
        stage = self.env["customer.lifecycle.stage"].browse(arguments.get("stage") or ()).name
        tier = self.env["customer.tier"].browse(arguments.get("tier") or ()).name
        what = {
            "stage_enter": lambda: self.env._("Entered %(stage)s on %(day)s", stage=stage, day=day),
            "stage_leave": lambda: self.env._("Left %(stage)s on %(day)s", stage=stage, day=day),
            "tier_up": lambda: self.env._("Rose to %(tier)s on %(day)s", tier=tier, day=day),
            "tier_down": lambda: self.env._("Fell from %(tier)s on %(day)s", tier=tier, day=day),
            "silent": lambda: self.env._("Silent longer than usual since %(day)s", day=day),
            "first_order": lambda: self.env._("Bought for the first time, seen %(day)s", day=day),
            "complaint_solved": lambda: self.env._("A complaint was solved on %(day)s", day=day),
            "unhappy": lambda: self.env._("Unhappy with our answer on %(day)s", day=day),
            "date": lambda: self.env._("Its day is %(day)s", day=day),
        }[arguments["trigger"]]()
        if not playbook:
            return self.env._("%s.", what)
        return self.env._("%(what)s: “%(playbook)s”.", what=what, playbook=playbook)
