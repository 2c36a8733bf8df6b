"""Run the lints that Odoo runs on itself (its module ``test_lint``), restricted to this addon.

    python -m inside.odoo_lint DATABASE CONFIGURATION STAGED_ADDON

They were written for the whole of Odoo: those that walk modules are told that there is only this
one, those that walk the registry have their findings about other modules dropped. Prints problems;
status 1 if there are any.
"""

import contextlib
import importlib
import logging
import os
import re
import subprocess
import sys
import unittest
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import odoo.init  # noqa: F401  `import odoo` alone lacks what Odoo's command line sets up
from odoo.modules import Manifest
from odoo.modules.registry import Registry
from odoo.tools import config

ADDON = "customer_success"
TESTS = "odoo.addons.test_lint.tests"

STATIC = {
    "test_dunderinit": "TestDunderinit",
    "test_i18n": "TestI18n.test_user_content_as_prop_is_translatable",
    "test_jstranslate": "TestJsTranslations.test_js_translations",
    "test_manifests": "ManifestLinter",
    "test_onchange_domains": "TestOnchangeDomains",
    "test_orm_import": "TestDunderinit",
    "test_pofile": "PotLinter",
    "test_test_holes": "TestTestHoles",
}
REGISTRY = {
    "test_index": "TestIndex",
    "test_naming": "TestNaming",
    "test_override_signatures": "TestLintOverrideSignatures",
    "test_routes": "RoutesLinter",
}
"""Module of test_lint, and the class (or a test of it) that judges files, or the registry."""

PYLINT = (
    "eval-used,function-redefined,gettext-placeholders,gettext-repr,gettext-variable,missing-gettext,"
    "raise-unlink-override,sql-injection,undefined-variable,unreachable,used-before-assignment"
)
"""The messages Odoo's own ``test_pylint`` enables."""


class Findings(unittest.TestResult):
    """Collects failures; those of a sub-test about another module are not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []

    def _add(self, test: unittest.TestCase, error: tuple, about: str = "") -> None:
        text = about + (str(error[1]).strip() or error[0].__name__)
        lines = [line for line in text.splitlines() if line.strip()]
        self.problems.append(f"{test.id().removeprefix(TESTS + '.')}: " + "\n    ".join(lines))

    def addFailure(self, test, err):
        self._add(test, err)

    def addError(self, test, err):
        self._add(test, err)

    def addSubTest(self, test, subtest, err):
        if err is not None and subtest.params.get("module", ADDON) == ADDON:
            self._add(
                test, err, "".join(f"{name} {value}: " for name, value in subtest.params.items())
            )


class OnlyWarnings(logging.Handler):
    """Some of Odoo's lints do not fail but log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(TESTS):
            self.messages.append(record.getMessage())


@contextlib.contextmanager
def only_this_addon(modules: list) -> Iterator[None]:
    """Let the lints believe that this addon is the only one."""
    manifest = Manifest.for_addon(ADDON)
    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.object(Manifest, "all_addon_manifests", lambda *_: [manifest]))
        for module in modules:
            if hasattr(module, "get_modules"):
                stack.enter_context(patch.object(module, "get_modules", lambda: [ADDON]))
        yield


def run_tests(chosen: dict[str, str]) -> list[str]:
    findings, warnings = Findings(), OnlyWarnings()
    logging.getLogger().addHandler(warnings)
    modules = [importlib.import_module(f"{TESTS}.{name}") for name in chosen]
    suite = unittest.TestSuite(
        unittest.defaultTestLoader.loadTestsFromName(f"{TESTS}.{name}.{tests}")
        for name, tests in chosen.items()
    )
    with only_this_addon(modules):
        suite.run(findings)
    return findings.problems + warnings.messages


def about_us(problems: list[str], registry: Registry) -> list[str]:
    """Of a list of fields or routes, keep what this addon defines."""
    ours = {
        str(field)
        for model in registry.values()
        for field in model._fields.values()
        if field._module == ADDON
    }
    kept = []
    for problem in problems:
        if "should be indexed" in problem:
            lines = [line for line in problem.splitlines() if line.strip().split(" ")[0] in ours]
            kept += [f"test_index: needs an index: {line.strip()}" for line in lines]
        elif "duplicating the existing routing" in problem:
            kept += [problem] if f"odoo.addons.{ADDON}." in problem else []
        else:
            kept.append(problem)
    return kept


def run_pylint(stage: Path) -> list[str]:
    """Odoo's own pylint checkers: translations, SQL injection, unlink overrides."""
    checkers = Path(importlib.import_module(TESTS).__file__).parent
    plugins = (
        "_pylint_path_setup",
        "_odoo_checker_sql_injection",
        "_odoo_checker_gettext",
        "_odoo_checker_unlink_override",
    )
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pylint", f"--rcfile={os.devnull}", "--score=n", "--reports=n"),
            *("--disable=all", f"--enable={PYLINT}", f"--load-plugins={','.join(plugins)}"),
            *("--msg-template={path}:{line}: {symbol}: {msg}", str(stage)),
        ],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(checkers), *config["addons_path"]]),
            "ADDONS_PATH": os.pathsep.join(config["addons_path"]),
        },
        cwd=stage.parent,
    )
    if done.returncode == 0:
        return []
    lines = (done.stdout or done.stderr).splitlines()
    return [f"pylint: {line}" for line in lines if line.strip() and not re.match(r"\*+ ", line)]


def main(database: str, configuration: str, stage: Path) -> int:
    config.parse_config(
        ["-c", configuration, "-d", database, "--log-level=warn", "--no-http"], setup_logging=True
    )
    registry = Registry(database)
    problems = [*run_tests(STATIC), *about_us(run_tests(REGISTRY), registry), *run_pylint(stage)]
    print("\n".join(f"odoo-lint: {problem}" for problem in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]).resolve()))
