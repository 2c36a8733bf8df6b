"""Every test that was written must have run.

Test runners lose tests silently: a file that is not imported, a browser that is missing, a class
that the loader does not consider. So the tests written are read from the source, the tests run from
the report, and the two are compared.
"""

import ast
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from environment import paths

FOLDERS = ("tests", "tools/tests")

ALLOWED_SKIPS: dict[str, str] = {}
"""Regular expressions of ``module.Class.method: reason`` that may be skipped, each with why."""


class Written(NamedTuple):
    """A class in a test file: its own tests and the classes it inherits from, by name."""

    module: str
    name: str
    bases: tuple[str, ...]
    tests: tuple[str, ...]


def written() -> list[Written]:
    """All classes with tests, from the source text alone."""
    found = []
    for folder in FOLDERS:
        for path in sorted((paths.REPOSITORY / folder).rglob("*.py")):
            module = ".".join(path.relative_to(paths.REPOSITORY).with_suffix("").parts)
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef):
                    found.append(_class(module, node))
    return found


def _class(module: str, node: ast.ClassDef) -> Written:
    bases = tuple(
        base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
        for base in node.bases
    )
    methods = (
        each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return Written(
        module,
        node.name,
        bases,
        tuple(each.name for each in methods if each.name.startswith("test")),
    )


def _heirs(name: str, classes: Iterable[Written]) -> set[str]:
    """The class and all that inherit from it: a mixin's tests run under its heirs' names."""
    heirs = {name}
    while True:
        more = {each.name for each in classes if heirs.intersection(each.bases)} - heirs
        if not more:
            return heirs
        heirs |= more


def problems(report: Path) -> list[str]:
    """Compare what was written with pytest's JUnit report."""
    ran: set[tuple[str, str]] = set()
    skipped: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        module, _, name = case.get("classname", "").rpartition(".")
        module = module.removeprefix("odoo.addons.").removeprefix(f"{paths.ADDON}.")
        skip = case.find("skipped")
        if skip is None:
            ran.add((name, case.get("name", "")))
        else:
            skipped[f"{module}.{name}.{case.get('name')}"] = skip.get("message", "")
    found = [
        f"skipped: {test}: {reason}"
        for test, reason in skipped.items()
        if not any(re.search(pattern, f"{test}: {reason}") for pattern in ALLOWED_SKIPS)
    ]
    classes = written()
    for each in classes:
        heirs = _heirs(each.name, classes)
        for test in each.tests:
            label = f"{each.module}.{each.name}.{test}"
            if label not in skipped and not any((heir, test) in ran for heir in heirs):
                found.append(f"written but not run: {label}")
    return found
