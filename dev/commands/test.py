"""./dev/test: every test, browser tests included, and every lint.

./dev/test                       everything, in the order below
./dev/test --only lint           one of them, or several: --only kernels --only lint
./dev/test --only odoo -k tier   the tests whose name matches, as pytest's -k
"""

import argparse
import importlib
import sys
import time
from types import ModuleType

from checks import Options
from environment.report import Trouble, explain, say

CHECKS = {
    "kernels": "kernels",
    "lint": "lint",
    "wheel": "wheel",
    "odoo": "suite",
    "odoo-lint": "odoo_lint",
    "i18n": "i18n",
    "lifecycle": "lifecycle",
}
"""Name on the command line and module in dev/checks, cheap ones first."""
SHOWN = 60
"""How many problems of one check are worth printing before they are only counted."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="./dev/test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", action="append", choices=CHECKS, metavar="NAME", help=", ".join(CHECKS)
    )
    parser.add_argument(
        "-k", dest="expression", default="", help="run only tests that match (pytest's -k)"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="rebuild the test database in any case"
    )
    options = parser.parse_args(arguments)
    only = options.only or (["odoo"] if options.expression else list(CHECKS))
    chosen = [name for name in CHECKS if name in only]

    results = [_check(name, Options(options.expression, options.fresh)) for name in chosen]
    say("\n" + "=" * 72)
    for name, seconds, problems in results:
        verdict = f"{problems} problems" if problems else "good"
        say(f"{'✗' if problems else '✓'} {name:<10} {seconds:6.1f} s   {verdict}")
    return 1 if any(problems for _, _, problems in results) else 0


def _check(name: str, options: Options) -> tuple[str, float, int]:
    check: ModuleType = importlib.import_module(f"checks.{CHECKS[name]}")
    say(f"\n== {check.TITLE} " + "=" * max(0, 68 - len(check.TITLE)))
    started = time.monotonic()
    try:
        problems = check.run(options)
    except Trouble as trouble:
        explain(trouble)
        problems = [trouble.what]
    else:
        for problem in problems[:SHOWN]:
            print(f"✗ {problem}", file=sys.stderr)
        if len(problems) > SHOWN:
            print(f"✗ and {len(problems) - SHOWN} more", file=sys.stderr)
        sys.stderr.flush()
    return name, time.monotonic() - started, len(problems)
