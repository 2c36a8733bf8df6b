"""The kernels stay kernels: no Odoo, no clock, nothing beyond the standard library and numpy."""

import ast
import sys
from pathlib import Path
from unittest import TestCase

ROOT = Path(__file__).parents[1]
ALLOWED = {"numpy", "scipy"}
CLOCK = {"now", "today", "utcnow", "time"}


class TestPurity(TestCase):
    def modules(self):
        for path in sorted(ROOT.glob("*.py")):
            yield path.name, ast.parse(path.read_text(encoding="utf-8"))

    def test_imports(self):
        for name, tree in self.modules():
            for node in ast.walk(tree):
                found = []
                if isinstance(node, ast.Import):
                    found = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    found = [node.module]
                for module in found:
                    with self.subTest(file=name, module=module):
                        top = module.split(".")[0]
                        self.assertTrue(top in ALLOWED or top in sys.stdlib_module_names)

    def test_time_is_an_argument(self):
        for name, tree in self.modules():
            calls = {
                node.func.attr
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            }
            with self.subTest(file=name):
                self.assertFalse(calls & CLOCK)
