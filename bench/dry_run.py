"""A dry-run of a policy over a whole company, step by step as the screen asks for it."""

import time
from typing import NamedTuple

from import_records import session

from environment.report import step


class DryRun(NamedTuple):
    customers: int
    seconds: float
    steps: int


def measure(database: str) -> DryRun:
    """Try a draft that asks more for its tiers, in the company with most customers."""
    with step("Dry-run of a policy"), session.environment(database) as env:
        company = env["res.company"].browse(1)
        draft = env["customer.value.policy"]._published(company).copy()
        for line in draft.tier_ids.filtered("threshold"):
            line.write({"threshold": line.threshold + 2, "keep_threshold": line.keep_threshold + 2})
        env.cr.commit()
        started = time.perf_counter()
        trial = env["customer.value.trial"].browse(
            env["customer.value.trial"].with_company(company).start_trial(draft.id)
        )
        steps = 0
        while trial.action_step()["state"] == "running":
            steps += 1
        seconds = time.perf_counter() - started
        if trial.state != "done":
            raise SystemExit(f"The dry-run failed: {trial.error}")
        result = DryRun(trial.customer_count, seconds, steps + 1)
        draft.unlink()
        env.cr.commit()
    return result
