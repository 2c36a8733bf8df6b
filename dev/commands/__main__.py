"""Entry point of every command in dev/: ``python -m commands NAME ARGUMENTS``.

Turns troubles into advice. Any other exception is a mistake of ours and keeps its trace.
"""

import importlib
import sys

from environment.report import Trouble, explain

name, *arguments = sys.argv[1:]
try:
    sys.exit(importlib.import_module(f"commands.{name}").main(arguments))
except Trouble as trouble:
    explain(trouble)
    sys.exit(1)
except KeyboardInterrupt:
    sys.exit(130)
