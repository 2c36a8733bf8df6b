"""One batch of a dry-run: the rows of a run, judged by its kernels, counted instead of stored.

One batch is one transaction: it judges a range of customers, adds them to the cells and moves the
position on. A process killed anywhere leaves whole batches; the next step goes on after them. Where
the policy was changed meanwhile, it begins anew: a dry-run is of one set of rules.
"""

import time

import numpy as np

from odoo import models
from odoo.tools import SQL

from ...tools import histogram, judgement, scoring, trial
from ...tools.dates import has_date, to_days
from ..facts.customer_facts import between
from ..run.customer_run_batch import FULL_BATCH

#: How many of the largest customers that move are named.
MOST_MOVERS = 20
#: The two answers: at once, and once running waits have ended.
VIEWS = ("now", "later")
#: The shortest recency on its scale, which has no place for 0: a day, or a part of an own interval.
LEAST_RECENCY = {"days": 1.0, "rhythm": 0.05}


class CustomerValueTrial(models.Model):
    _inherit = "customer.value.trial"

    def _advance(self) -> bool:
        """Judge one batch in the caller's transaction; whether there is more to do."""
        self.ensure_one()
        if not self.try_lock_for_update() or self.state != "running":
            return False
        started = time.perf_counter()
        digest = self._digest()
        if self.rules_digest != digest:
            self._begin(digest)
        high = min(self.position + FULL_BATCH, self.total)
        self._judge(self.position, high)
        self.position = high
        self.duration += time.perf_counter() - started
        if high < self.total:
            return True
        self._count_moves()
        self.state = "done"
        return False

    def _begin(self, digest: str) -> None:
        """Forget what was counted by other rules, and find out what the whole company says."""
        self.cell_ids.unlink()
        Policy = self.env["customer.value.policy"]
        limits = self.env["customer.lifecycle.policy"]._for_company(self.company_id)
        market = self.env["customer.market"]._look_up(
            self.company_id, self.as_of, limits.window_days
        )
        last = self.env.execute_query(SQL("SELECT COALESCE(max(id), 0) FROM res_partner"))[0][0]
        self.write(
            {
                "rules_digest": digest,
                "published_id": Policy._published(self.company_id).id,
                "position": 0,
                "total": last + 1,
                "customer_count": 0,
                "duration": 0,
                "findings": {
                    "market": {
                        "trend": market.trend,
                        "median_interval": market.median_interval,
                        "first_document": str(market.first_document or "") or None,
                    },
                    "suggestions": [
                        {"code": code, "cuts": cuts._asdict()}
                        for code, cuts in self.policy_id._suggested_cuts(self.as_of).items()
                    ],
                    "ways": {},
                    "movers": {},
                    "bars": {},
                    "idle": 0,
                    "unknown": 0,
                },
            }
        )

    # ---- judging -------------------------------------------------------------------------------

    def _judge(self, low: int, high: int) -> None:
        """Judge the customers of a range of ids and add them to what was found."""
        rules, windows = self._rules_of(self.policy_id)
        rows = self._rows(windows, low, high)
        if self.is_past:
            rows = trial.without_standing(rows)
            before, score_before = self._judge_by_published(rows, windows, low, high)
        else:
            before, score_before = rows["value_tier_id"], None
        as_of = to_days(self.as_of)
        judged = judgement.judge(rows, rules, as_of=as_of)
        outcome = trial.outcome(before, judged, rules.policy)
        findings = dict(self.findings)
        findings["ways"] = ways = dict(findings["ways"])
        for suggestion in findings["suggestions"]:
            other = rules._replace(policy=trial.with_cuts(rules.policy, _axes(suggestion["cuts"])))
            judged_so = judgement.judge(rows, other, as_of=as_of)
            target = trial.outcome(before, judged_so, other.policy).later
            _count_ways(ways, suggestion["code"], before, target)
        _count_ways(ways, "draft", before, outcome.later)
        self._count_bars(findings, rows, judged, rules)
        movers = {
            view: self._largest(findings, view, before, after, judged, score_before)
            for view, after in (("now", outcome.now), ("later", outcome.later))
        }
        findings["movers"] = movers
        findings["unknown"] += int(np.count_nonzero(judged["profile_id"] == 0))
        self._add_cells(outcome, judged)
        self.write({"findings": findings, "customer_count": self.customer_count + len(judged)})

    def _rules_of(self, policy):
        """The rules of a policy on this day, and how far back they look."""
        market = self.env["customer.market"].new(self.findings["market"])
        return self.env["customer.judgement"]._rules(
            self.company_id, self.as_of, policy=policy, market=market
        )

    def _rows(self, windows, low: int, high: int):
        """What is to be judged of a range of customers, prospects included, in their order."""
        Judgement = self.env["customer.judgement"]
        restrict = between(low, high)
        prospects = Judgement._prospects(self.company_id, restrict=restrict)
        rows = Judgement._rows(self.company_id, self.as_of, windows, restrict, prospects)
        return rows[np.argsort(rows["partner_id"])]

    def _judge_by_published(self, rows, windows, low: int, high: int):
        """Tier and score of the same customers, who had none before, by the published policy."""
        if not self.published_id:
            return np.zeros(len(rows), np.int32), np.zeros(len(rows))
        rules, own_windows = self._rules_of(self.published_id)
        if own_windows != windows:
            rows = trial.without_standing(self._rows(own_windows, low, high))
        judged = judgement.judge(rows, rules, as_of=to_days(self.as_of))
        return judged["value_tier_id"], judged["value_score"]

    # ---- counting ------------------------------------------------------------------------------

    def _count_bars(self, findings, rows, judged, rules) -> None:
        bought = has_date(rows["last"])
        active = bought & (rows["purchases"] > 0)
        recency = scoring.recency_value(
            rows["last"],
            to_days(self.as_of),
            rules.policy,
            np.where(bought, judged["expected_interval"], np.nan),
        )[bought]
        values = {
            "recency": np.maximum(recency, LEAST_RECENCY[rules.policy.recency_mode]),
            "frequency": rows["purchases"][active],
            "money": judged["revenue"][active],
        }
        findings["bars"] = {
            axis: histogram.added(
                {int(step): n for step, n in findings["bars"].get(axis, {}).items()},
                histogram.counted(own),
            )
            for axis, own in values.items()
        }
        findings["idle"] += int(np.count_nonzero(~active))

    def _largest(self, findings, view, before, after, judged, score_before) -> list[dict]:
        """The largest movers so far, those of this batch included."""
        positions = trial.largest(before != after, judged["revenue"], MOST_MOVERS)
        scores = self._scores_shown(judged["profile_id"][positions].tolist())
        movers = [
            {
                "partner": int(judged["partner_id"][n]),
                "profile": int(judged["profile_id"][n]),
                "revenue": float(judged["revenue"][n]),
                "from": int(before[n]),
                "to": int(after[n]),
                "score_before": float(score_before[n])
                if score_before is not None
                else scores.get(int(judged["profile_id"][n]), 0.0),
                "score_after": float(judged["value_score"][n]),
            }
            for n in positions.tolist()
        ]
        movers = findings["movers"].get(view, []) + movers
        return sorted(movers, key=lambda mover: -mover["revenue"])[:MOST_MOVERS]

    def _scores_shown(self, profile_ids) -> dict[int, float]:
        rows = self.env.execute_query(
            SQL("SELECT id, value_score FROM customer_profile WHERE id = ANY(%s)", profile_ids)
        )
        return {profile_id: float(score or 0) for profile_id, score in rows}

    def _add_cells(self, outcome: trial.Outcome, judged) -> None:
        """Add each group of customers to its cell."""
        revenue = judged["revenue"]
        kinds = {
            "now": (outcome.before, outcome.now, None),
            "later": (outcome.before, outcome.later, None),
            "margin": (outcome.now, outcome.reached, outcome.by_margin),
            "waiting": (outcome.now, outcome.reached, outcome.waiting),
        }
        self.env["customer.value.trial.cell"]._add(
            self,
            [
                (kind, group, judged["profile_id"][group.members])
                for kind, (before, after, where) in kinds.items()
                for group in trial.groups(before, after, revenue, where)
            ],
        )

    def _count_moves(self) -> None:
        for view, prefix in (("now", ""), ("later", "later_")):
            figures = self._figures(view)
            self[f"{prefix}rise_count"] = figures["up"]["customers"]
            self[f"{prefix}fall_count"] = figures["down"]["customers"]


def _axes(cuts: dict) -> dict:
    return {axis: cuts[axis] for axis in ("recency", "frequency", "money")}


def _count_ways(ways: dict, name: str, before, after) -> None:
    """Add to ``ways[name]``: how many customers go from which tier to which."""
    counted = {(a, b): n for a, b, n in ways.get(name, [])}
    pairs, numbers = np.unique(np.stack([before, after]), axis=1, return_counts=True)
    for (a, b), n in zip(pairs.T.tolist(), numbers.tolist(), strict=True):
        counted[a, b] = counted.get((a, b), 0) + n
    ways[name] = [[a, b, n] for (a, b), n in counted.items()]
