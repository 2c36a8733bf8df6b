"""``python -m import_records``: run by ./dev/records in the prepared environment."""

import sys
from datetime import date, timedelta

from environment.report import say, step

from . import ledger, measures, product, records, session, slow_check, tables
from .options import parse

FOUR_WEEKS = 28


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    with step(f"Reading {options.file.name}"):
        found, shift = _read(options)
    say(
        f"  {len(found.documents):,} documents of {len(found.customers):,} customers,"
        f" {found.first} to {found.last}"
    )
    days = _days(options, found, shift)
    session.start()
    with session.environment(options.database) as env:
        with step("Customers"):
            partner_ids = ledger.create_customers(env, found)
        with step("Posting through Odoo" if options.through_odoo else "Posting in bulk"):
            post = ledger.post_through_odoo if options.through_odoo else ledger.post_in_bulk
            post(env, found, partner_ids)
    session.maintain(options.database, "VACUUM ANALYZE account_move", "ANALYZE res_partner")
    with session.environment(options.database) as env:
        policy = product.publish_policy(env, days[0])
        cuts = []
        with step(f"Runs as of {len(days)} days, {days[0]} to {days[-1]}"):
            for cut in product.cuts(env, days, nightly=options.nightly):
                cuts.append(cut)
        wrong = slow_check.differences(env, found, partner_ids, days[-1], options.check)
        _say_policy(policy)
    return _report(options, found, partner_ids, cuts, wrong)


def _read(options) -> tuple[records.Records, timedelta]:
    found = records.read(options.file, options.map, options.limit)
    shift = timedelta(0)
    if options.shift_to_yesterday:
        yesterday = date.today() - timedelta(1)  # noqa: DTZ011 it is the developer's own yesterday
        shift = yesterday - found.last
        found = records.shifted(found, shift.days)
    if options.make_credits:
        found = records.with_credits(found, options.make_credits)
    return found, shift


def _days(options, found: records.Records, shift: timedelta) -> list[date]:
    """The days to compute as of. The last is the end of the data; a quarter before it is what follows."""
    if options.as_of:
        return sorted(day + shift for day in options.as_of)
    end = found.last - timedelta(measures.QUARTER)
    half = (end - found.first).days // 2
    every = options.every or (FOUR_WEEKS if FOUR_WEEKS * (options.cuts - 1) <= half else 0)
    every = every or max(1, half // max(1, options.cuts - 1))
    return [end - timedelta(every * n) for n in reversed(range(options.cuts))]


def _say_policy(policy) -> None:
    kernel = policy._kernel()
    say(
        f"\nPolicy, calibrated on {policy.calibrated_count:,} customers as of {policy.calibrated_on}:"
        f" recency {list(kernel.recency_cuts)}, purchases {list(kernel.frequency_cuts)},"
        f" money {list(kernel.money_cuts)}"
    )


def _report(options, found, partner_ids, cuts, wrong) -> int:
    spend = measures.Spend(found, partner_ids)
    stage_rows = measures.stage_rows(cuts, spend, found.last)
    judged = sum(cut.as_of + timedelta(measures.QUARTER) <= found.last for cut in cuts)
    say("\n" + tables.runs(cuts))
    say(tables.tiers(measures.tier_rows(cuts, spend, found.last, product.TIERS), cuts[-1].as_of))
    say(tables.stages(stage_rows, judged))
    conditions = tables.verdict(stage_rows, measures.changes(cuts))
    facts_hold = (
        f"facts of {min(options.check, len(partner_ids)):,} customers as of {cuts[-1].as_of} equal to"
        " the cent what the records add up to",
        not wrong,
    )
    for sentence, holds in [*conditions, *tables.nights(cuts), facts_hold]:
        say(f"{'holds' if holds else 'FAILS'}  {sentence}")
    for line in wrong[:20]:
        say(f"       {line}")
    say()
    for table in tables.faces(cuts[-1], options.show):
        say(table)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
