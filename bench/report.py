"""The table of what was to be reached and what was measured, as Markdown."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from boards import Boards
from care import Care
from check import Check
from database import Size
from dry_run import DryRun
from posting import Posting
from runs import Runs
from screens import OVERVIEW, Screen

GIB = 2**30


class Row(NamedTuple):
    work: str
    must: str
    measured: str
    ratio: str
    holds: bool | None  # None: for information


class Results(NamedTuple):
    size: Size
    machine: str
    loads: list[float]
    runs: Runs
    posting: Posting
    screens: list[Screen]
    dry_run: DryRun
    care: Care


def rows(results: Results) -> Iterator[Row]:
    yield from _run_rows(results.runs)
    yield from _posting_rows(results.posting)
    yield from _screen_rows(results.screens)
    yield _dry_run_row(results.dry_run)
    yield from _care_rows(results.care)
    memory = max(run.memory for run in results.runs.firsts)
    yield Row(
        "memory of a first full run above idle",
        "≤ 1 GiB",
        f"{memory / 2**20:.0f} MiB",
        f"{memory / GIB:.2f}",
        memory <= GIB,
    )


def _run_rows(runs: Runs) -> Iterator[Row]:
    base, way = min(runs.floors)
    first = min(run.seconds for run in runs.firsts)
    unchanged = runs.unchanged
    yield Row(f"floor: SQL alone ({way})", "–", _seconds(base), "1.00", None)
    yield Row(
        "full run, first time",
        "≤ 1.5 × floor",
        f"{_seconds(first)}, {runs.firsts[0].queries} queries",
        f"{first / base:.2f} × floor",
        first <= 1.5 * base,
    )
    bare = runs.without_totals.seconds
    yield Row(
        "full run, first time, no totals kept",
        "–",
        _seconds(bare),
        f"totals: {first / bare - 1:+.1%}",
        None,
    )
    yield Row(
        "full run, nothing changed",
        "≤ 0.5 × first full run, 0 rows written",
        f"{_seconds(unchanged.seconds)}, {unchanged.written} rows written",
        f"{unchanged.seconds / first:.2f} × first",
        unchanged.seconds <= 0.5 * first and unchanged.written == 0,
    )
    for share, (marked, run) in runs.incremental.items():
        judged = share == 0.01  # with fewer, what every run costs outweighs what its customers do
        yield Row(
            f"incremental run, {share:.1%} dirty ({marked:,})",
            "≤ 3 % of the full run" if judged else "in proportion",
            f"{_seconds(run.seconds)}, {run.read:,} read, {run.queries} queries",
            f"{run.seconds / first:.2%} of first",
            run.seconds <= 0.03 * first if judged else None,
        )


def _posting_rows(posting: Posting) -> Iterator[Row]:
    whole, bare = posting.whole, posting.without_hooks
    extra = whole.queries - bare.queries
    yield Row(
        "posting an invoice: time",
        "≤ 2 % more",
        f"{whole.milliseconds:.1f} ms, {bare.milliseconds:.1f} ms without the hooks",
        f"{bare.slower:+.1%} ± {bare.uncertainty:.1%}",
        bare.slower <= 0.02,
    )
    yield Row(
        "posting an invoice: queries",
        "1 insert more",
        f"{whole.queries:.0f}, {bare.queries:.0f} without the hooks",
        f"{extra:+.0f}",
        extra <= 1,
    )
    if posting.index:
        indexless = posting.without_index
        yield Row(
            "posting an invoice: the index on documents",
            "–",
            f"{whole.milliseconds:.1f} ms, {indexless.milliseconds:.1f} ms without it;"
            f" {posting.index_size / 2**20:.0f} MiB",
            f"{indexless.slower:+.1%} ± {indexless.uncertainty:.1%}",
            None,
        )


def _screen_rows(screens: list[Screen]) -> Iterator[Row]:
    """Against Contacts' own: a list against its list, grouped against grouped."""
    seconds = {screen.name: screen.seconds for screen in screens}
    base = seconds["Contacts: list"]
    for screen in screens:
        must, holds = "–", None
        if screen.name == OVERVIEW:
            must, holds = "≤ 1 s", screen.seconds <= 1
        elif screen.name.startswith("Customers"):
            must, holds = "≤ Contacts' list", screen.seconds <= base
        yield Row(
            f"opening {screen.name}",
            must,
            f"{1000 * screen.seconds:.0f} ms, {screen.queries} queries",
            f"{screen.seconds / base:.2f} × Contacts' list",
            holds,
        )


def _dry_run_row(dry_run: DryRun) -> Row:
    per_100_000 = dry_run.seconds * 100_000 / dry_run.customers
    return Row(
        f"dry-run of a policy, {dry_run.customers:,} customers",
        "≤ 3 s for 100,000",
        f"{_seconds(dry_run.seconds)} in {dry_run.steps} steps",
        f"{per_100_000:.2f} s for 100,000",
        per_100_000 <= 3,
    )


def _care_rows(care: Care) -> Iterator[Row]:
    yield Row(
        "care: a loop over send_mail, without any gate",
        "–",
        f"{_seconds(care.loop)}, {care.loop_queries:.0f} queries a customer",
        "1.00",
        None,
    )
    yield Row(
        f"care: the gate over {care.customers:,} customers due at once",
        "≤ 0.1 × the loop, queries by the batch",
        f"{_seconds(care.gate)}, {care.queries} queries in {care.batches} batches",
        f"{care.gate / care.loop:.3f} × the loop",
        care.gate <= 0.1 * care.loop and care.queries <= 40 * care.batches,
    )
    whole = care.gate + care.hand_over
    yield Row(
        "care: gate and e-mails in Odoo's outbox",
        "–",
        _seconds(whole),
        f"{whole / care.loop:.2f} × the loop",
        None,
    )


def _seconds(value: float) -> str:
    return f"{value:.2f} s"


def markdown(results: Results) -> str:
    size, runs, check = results.size, results.runs, results.runs.check
    lines = [
        f"### {size.customers:,} customers, {size.documents:,} invoices",
        "",
        f"{results.machine}; load {' → '.join(map(str, results.loads))}.",
        "",
        table(rows(results)),
        "",
        _details(runs),
        "",
        _checked(check),
        _agreed(runs),
    ]
    return "\n".join(lines)


def table(measured: Iterable[Row]) -> str:
    lines = [
        "| work | must reach | measured | ratio | holds |",
        "|---|---|---|---|---|",
        *(
            f"| {row.work} | {row.must} | {row.measured} | {row.ratio} | {_mark(row.holds)} |"
            for row in measured
        ),
    ]
    return "\n".join(lines)


def board_rows(boards: Boards) -> Iterator[Row]:
    """Each board and list of ours against CRM's pipeline."""
    base = boards.pipeline
    for screen in boards.screens:
        ours = not screen.name.startswith("CRM")
        yield Row(
            f"opening {screen.name}",
            "≤ CRM's pipeline" if ours else "–",
            f"{1000 * screen.seconds:.0f} ms, {screen.queries} queries",
            f"{screen.seconds / base:.2f} × CRM's pipeline",
            screen.seconds <= base if ours else None,
        )


def _details(runs: Runs) -> str:
    fastest = min(runs.firsts, key=lambda run: run.seconds)
    sentences = [
        f"First full runs: {_listed(run.seconds for run in runs.firsts)}; floors: {_ways(runs)}.",
        f"Steps of the fastest run: {_steps(fastest.steps)}; of the unchanged one:"
        f" {_steps(runs.unchanged.steps)}.",
        f"A first run read {fastest.read:,} customers, stored {fastest.changed:,} and logged"
        f" {fastest.moved:,} moves.",
        f"Calibrating the policies took {runs.calibration:.1f} s, once.",
    ]
    return " ".join(sentences)


def _checked(check: Check) -> str:
    verdict = "no difference" if not check.wrong else f"{len(check.wrong)} DIFFERENCES"
    lines = [
        f"Against brute force: {check.customers} customers, {check.documents:,} documents: {verdict}."
    ]
    return "\n".join(lines + [f"  {line}" for line in check.wrong[:20]])


def _agreed(runs: Runs) -> str:
    text = "Floor and product stored the same"
    if runs.disagreements:
        differing = ", ".join(f"{name} {count:,}" for name, count in runs.disagreements.items())
        text = f"Floor and product differ in: {differing}"
    left = f"; the floor leaves out {', '.join(runs.left_out)}" if runs.left_out else ""
    return f"{text}{left}."


def _mark(holds: bool | None) -> str:
    return {True: "yes", False: "**no**", None: ""}[holds]


def _listed(seconds) -> str:
    return ", ".join(_seconds(value) for value in seconds)


def _ways(runs: Runs) -> str:
    return ", ".join(f"{_seconds(seconds)} ({way})" for seconds, way in runs.floors)


def _steps(steps: dict[str, float]) -> str:
    return ", ".join(f"{name} {seconds:.2f} s" for name, seconds in steps.items())
