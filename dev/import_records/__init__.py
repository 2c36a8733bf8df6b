"""Real purchase records as posted invoices of a fresh database, and what the addon makes of them.

``./dev/records --help`` is the way in. ``session`` and ``bulk`` are also what bench/ builds on.
"""
