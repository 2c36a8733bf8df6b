"""What ``./dev/test`` checks, one module each: ``run(options)`` returns the problems found.

Cheap ones come first, so that a slip costs a second and not ten minutes.
"""

from typing import NamedTuple


class Options(NamedTuple):
    """What was asked on the command line."""

    expression: str = ""
    """pytest's ``-k``: run only the tests it selects."""
    fresh: bool = False
    """Rebuild the test database even when the addon has not changed."""
