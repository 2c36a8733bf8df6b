"""What the runs cost: first full run and floor in turns, a full run without changes, incremental runs."""

import random
import time
from collections.abc import Callable
from typing import NamedTuple

import floor
import judged_sql
import worker
from check import Check
from import_records import bulk, session
from worker import Run

from environment.report import step

#: Shares of customers that an incremental run finds dirty.
DIRTY = (0.01, 0.001)


class Runs(NamedTuple):
    floors: list[tuple[float, str]]  # seconds, and which way it was done
    firsts: list[Run]
    without_totals: Run  # a first full run while the database keeps no totals
    unchanged: Run
    incremental: dict[float, tuple[int, Run]]  # share -> marked customers, the run
    disagreements: dict[str, int]  # column -> customers whom floor and product judge differently
    left_out: list[str]
    calibration: float
    check: Check  # of the profiles right after a first run


def measure(database: str, rounds: int, check: Callable[[], Check]) -> Runs:
    calibration = _publish(database)
    floors: list[tuple[float, floor.Variant]] = []
    firsts: list[Run] = []
    with step("First full run, no totals kept"):
        _forget(database)
        _keep_totals(database, False)
        without_totals = worker.measure(database, "full")
        _keep_totals(database, True)
    for round_ in range(rounds):
        with step(f"First full run, round {round_ + 1}"):
            _forget(database)
            firsts.append(worker.measure(database, "full"))
        with step(f"Floor, round {round_ + 1}"):
            # After the first round only the fastest way is worth repeating.
            variants = [min(floors)[1]] if floors else floor.VARIANTS
            floors += _floor(database, variants)
    with step("Comparing with brute force"):
        checked = check()
    with session.environment(database) as env:
        disagreements = floor.differences(env)
        floor.drop_tables(env)
    tables = "customer_profile, customer_profile_total, customer_transition"
    session.maintain(database, f"VACUUM ANALYZE {tables}")
    with step("Full run when nothing changed"):
        unchanged = worker.measure(database, "full")
    incremental = {}
    for share in DIRTY:
        marked = _dirty(database, share)
        with step(f"Incremental run, {marked:,} customers marked"):
            incremental[share] = marked, worker.measure(database, "incremental")
    return Runs(
        [(seconds, variant.name) for seconds, variant in floors],
        firsts,
        without_totals,
        unchanged,
        incremental,
        disagreements,
        floor.columns()[1],
        calibration,
        checked,
    )


def _publish(database: str) -> float:
    """Give every company a policy calibrated on its documents; the seconds it took."""
    started = time.perf_counter()
    with step("Policies, calibrated"), session.environment(database) as env:
        for company in env["res.company"].search([]):
            policy = env["customer.value.policy"].create({"company_id": company.id})
            if not policy._calibrate(company._customer_today()):
                raise SystemExit(f"{company.name} has too few customers to calibrate a policy.")
            policy.action_publish()
    return time.perf_counter() - started


def _forget(database: str) -> None:
    """As if no customer had ever been computed, nor the market measured."""
    with session.environment(database) as env:
        # Truncating fires no trigger that counts rows: what these append to goes, too.
        env.cr.execute(
            "TRUNCATE customer_profile, customer_profile_total, customer_profile_month,"
            " customer_transition, customer_mark CASCADE"
        )
        env.cr.execute("DELETE FROM customer_market")


def _keep_totals(database: str, kept: bool) -> None:
    with session.environment(database) as env:
        action = "ENABLE" if kept else "DISABLE"
        env.cr.execute(f"ALTER TABLE customer_profile {action} TRIGGER USER")


def _floor(database: str, variants) -> list[tuple[float, floor.Variant]]:
    """Seconds of each variant of the floor. ANALYZE belongs to neither: autovacuum does it for both."""
    seconds = []
    with session.environment(database) as env:
        as_of = env["res.company"].browse(1)._customer_today()
        judged = judged_sql.judged_customers(env, as_of)
        for variant in variants:
            floor.create_tables(env)
            env.cr.commit()
            started = time.perf_counter()
            floor.run(env, judged, variant)
            seconds.append((time.perf_counter() - started, variant))
    return seconds


def _dirty(database: str, share: float) -> int:
    """New invoices of yesterday for a share of the customers, marked as posting them does."""
    with session.environment(database) as env:
        cr = env.cr
        bulk.create_staging(env)
        cr.execute(
            "SELECT company_id, partner_id FROM customer_profile ORDER BY company_id, partner_id"
        )
        pairs = cr.fetchall()
        chosen = random.Random(share).sample(pairs, max(1, round(share * len(pairs))))
        cr.execute_values(
            """
            INSERT INTO bulk_document (number, company_id, partner_id, move_type, day, amount,
                                       currency_id)
            SELECT v.number, v.company_id, v.partner_id, 'out_invoice', CURRENT_DATE - 1,
                   100 + v.number %% 900, c.currency_id
              FROM (VALUES %s) v (number, company_id, partner_id)
              JOIN res_company c ON c.id = v.company_id
            """,
            [(number, *pair) for number, pair in enumerate(sorted(chosen), start=1)],
            page_size=len(chosen),
        )
        bulk.post(env)
        cr.execute_values(
            "INSERT INTO customer_mark (company_ref, partner_ref) VALUES %s",
            chosen,
            page_size=10_000,
        )
    return len(chosen)
