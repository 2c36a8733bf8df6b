"""What the tests of follow-ups share: two account managers and customers that buy in a rhythm."""

from datetime import datetime, time, timedelta

from .common import CustomerCase


class FollowupCase(CustomerCase):
    """It is Wednesday, 12 June 2024, noon; the company works Monday to Friday in UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.ben = (cls._user(name, "own") for name in ("ann", "ben"))
        cls.boss = cls._user("boss", "all")
        cls.Followup = cls._in(cls.company)["customer.followup"]
        cls.outcome = {
            outcome.code: outcome
            for outcome in cls.env["customer.followup.outcome"]
            .with_context(active_test=False)
            .search([("code", "!=", False)])
        }
        cls.stage = {
            name: cls.env.ref(f"customer_success.followup_stage_{name}")
            for name in ("to_do", "contacted", "waiting", "done")
        }

    @classmethod
    def _buys(cls, partner, every: int, times: int, last=0, amount=100):
        """``times`` purchases, ``every`` so many days, the last one ``last`` days ago."""
        first = cls.today - timedelta(days=last)
        cls._bulk([(partner, first - timedelta(days=every * n), amount) for n in range(times)])

    @classmethod
    def _judged(cls, *partners):
        run = cls.env["customer.run"]._open(cls.company, "full", "asked")
        while run._advance():
            pass
        return cls.env["customer.profile"].search(
            [
                ("company_id", "=", cls.company.id),
                ("partner_id", "in", [partner.id for partner in partners]),
            ],
            order="partner_id",
        )

    def _row(self, profile, cause="test", occasion="1", **vals):
        return {
            "profile_id": profile.id,
            "cause_key": cause,
            "occasion": occasion,
            "reason": {"code": "manual", "text": "Because"},
            **vals,
        }

    def _as(self, user, model="customer.followup"):
        return self.env[model].with_user(user).with_context(allowed_company_ids=self.company.ids)

    @staticmethod
    def _time(day, hour=9) -> datetime:
        return datetime.combine(day, time(hour))
