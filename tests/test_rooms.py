"""The house rules that a machine can check: who imports whom, and what nobody may forget."""

import ast
import sys
from pathlib import Path

from odoo.tests import TransactionCase, tagged

ADDON = Path(__file__).parent.parent
MODELS = ADDON / "models"


def imported(path: Path) -> list[str]:
    """Dotted names of what a file imports; the addon's own modules begin with ``here``."""
    package = path.parent.relative_to(ADDON).parts
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ["here", *package[: len(package) - node.level + 1]] if node.level else []
            base += node.module.split(".") if node.module else []
            names += [".".join([*base, alias.name]) for alias in node.names]
    return names


def rooms() -> list[str]:
    """Packages of models, in the order in which they are imported."""
    tree = ast.parse((MODELS / "__init__.py").read_text())
    return [alias.name for node in tree.body for alias in node.names]


@tagged("post_install", "-at_install")
class TestRooms(TransactionCase):
    def test_every_package_of_models_is_imported(self):
        folders = {path.parent.name for path in MODELS.glob("*/__init__.py")}
        self.assertEqual(set(rooms()), folders)
        self.assertFalse(
            [p.name for p in MODELS.glob("*.py") if p.name != "__init__.py"], "models live in rooms"
        )

    def test_a_package_calls_only_packages_above_it(self):
        order = rooms()
        self.assertEqual(order[0], "common")
        wrong = []
        for path in MODELS.glob("*/*.py"):
            room = path.parent.name
            for name in imported(path):
                parts = name.split(".")
                if parts[:2] == ["here", "models"] and order.index(parts[2]) > order.index(room):
                    wrong.append(f"{room}/{path.name} imports {parts[2]}")
        self.assertFalse(wrong)

    def test_the_reader_of_imports_reads_them(self):
        """The test above is only as good as this."""
        names = imported(MODELS / "run" / "customer_run_batch.py")
        self.assertIn("here.models.facts.customer_facts.among", names)
        self.assertIn("here.tools.judgement", names)
        self.assertIn("here.models.run.customer_run", imported(MODELS / "run" / "__init__.py"))

    def test_kernels_import_nothing_of_odoos(self):
        for path in (ADDON / "tools").glob("*.py"):
            for name in imported(path):
                with self.subTest(file=path.name, imports=name):
                    first, *rest = name.split(".")
                    if first == "here":
                        self.assertEqual(rest[0], "tools", "kernels know nothing else of the addon")
                    else:
                        self.assertIn(first, sys.stdlib_module_names | {"numpy", "scipy"})

    def test_every_test_file_is_run(self):
        """Odoo's own runner knows a test file only when ``tests/__init__.py`` imports it."""
        tree = ast.parse((ADDON / "tests" / "__init__.py").read_text())
        known = {alias.name for node in tree.body for alias in node.names}
        files = {path.stem for path in (ADDON / "tests").glob("test_*.py")}
        self.assertEqual(files - known, set())
        self.assertEqual({name for name in known - files if name.startswith("test_")}, set())

    def test_no_conftest(self):
        self.assertFalse(list(ADDON.glob("tests/**/conftest.py")) + list(ADDON.glob("conftest.py")))

    def test_every_model_has_access_rules(self):
        own = [
            name
            for name, model in self.env.registry.items()
            if model._original_module == "customer_success" and not model._abstract
        ]
        self.assertIn("customer.profile", own)
        guarded = set(self.env["ir.model.access"].search([]).mapped("model_id.model"))
        self.assertEqual(set(own) - guarded, set())

    def test_every_model_of_a_company_has_a_company_rule(self):
        """Whatever carries a company is seen in that company alone."""
        rules = self.env["ir.rule"].search([("groups", "=", False), ("active", "=", True)])
        ruled = {
            rule.model_id.model for rule in rules if "company_ids" in (rule.domain_force or "")
        }
        for name, model in self.env.registry.items():
            if model._original_module != "customer_success" or model._abstract or model._transient:
                continue
            if "company_id" in model._fields:
                with self.subTest(name):
                    self.assertIn(name, ruled)
