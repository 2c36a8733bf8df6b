"""Entry point of every command in dev/: ``python -m commands NAME ARGUMENTS``.

Turns troubles into advice. Any other exception is a mistake of ours and keeps its trace.
"""

import errno
import importlib
import sys

from environment.report import Trouble, explain
from environment.shell import NO_SPACE

name, *arguments = sys.argv[1:]
try:
    sys.exit(importlib.import_module(f"commands.{name}").main(arguments))
except Trouble as trouble:
    explain(trouble)
    sys.exit(1)
except PermissionError as error:
    owner = "It belongs to another user; was it made by a run as root?"
    explain(
        Trouble(
            f"{error.filename} may not be changed.",
            f"{owner} Remove it, or choose another working folder:  CUSTOMER_SUCCESS_WORK=PATH",
        )
    )
    sys.exit(1)
except OSError as error:
    if error.errno != errno.ENOSPC:
        raise
    explain(Trouble("the disk is full.", NO_SPACE))
    sys.exit(1)
except KeyboardInterrupt:
    sys.exit(130)
