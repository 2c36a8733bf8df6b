"""The receipt of a demand focus: what the customer did, what is ordinary, and what that speaks for.

Made from what was stored with the decision, so that it can be added up again whatever happened since.
"""

from typing import NamedTuple

from ...tools.demand_focus import SPEAKS_FOR, Signal


class Line(NamedTuple):
    """One thing that the customer does.

    ``speaks_for`` names the focus and its points; empty where it is only ordinary.
    """

    key: str
    name: str
    value: str
    ordinary: str
    speaks_for: str
    points: str


class Total(NamedTuple):
    """One focus with its points, and whether it is the answer."""

    text: str
    chosen: bool


class FocusReceipt:
    """Lines and sentences of one receipt, in the language of ``env``."""

    def __init__(self, env, evidence: dict | None, formats):
        self.env = env
        self._told = evidence or {}
        self._formats = formats
        foci = env["customer.demand.focus"].sudo().with_context(active_test=False).search([])
        self._names = {str(focus.id): focus.name for focus in foci}
        self._by_code = {focus.code: focus.name for focus in foci}

    def lines(self) -> list[Line]:
        """What there is evidence of; nothing about what the customer never did."""
        told = self._told
        made = []
        if told.get("compared"):
            made.append(self._prices())
        if told.get("lines"):
            made.append(self._discounts())
        if told.get("pairs"):
            made.append(self._lift())
        if told.get("orders"):
            made.append(self._rush())
        if told.get("breadth") and told["ordinary"].get("breadth"):
            made.append(self._breadth())
        return made + self._voices()

    def totals(self, chosen_id) -> list[Total]:
        """The points of each focus that anything speaks for, most first."""
        foci = sorted(self._told.get("foci", {}).items(), key=lambda item: -item[1]["score"])
        return [
            Total(
                self.env._(
                    "%(focus)s %(points)s", focus=self._names[key], points=self._number(f["score"])
                ),
                key == str(chosen_id),
            )
            for key, f in foci
            if key in self._names and f["score"]
        ]

    def lead(self) -> tuple[str, float, float] | None:
        """The first focus, its points, and its lead; None where nothing speaks."""
        foci = sorted(
            ((f["score"], key) for key, f in self._told.get("foci", {}).items()), reverse=True
        )
        if not foci or not foci[0][0]:
            return None
        second = foci[1][0] if len(foci) > 1 else 0
        return self._names.get(foci[0][1], ""), foci[0][0], foci[0][0] - second

    # ---- one line each -------------------------------------------------------------------------

    def _line(self, key, name, value, ordinary, *signals: Signal) -> Line:
        """:param signals: of these at most one speaks"""
        points = self._told.get("points", {})
        speaking = next((s for s in signals if points.get(s.name.lower())), None)
        if speaking is None:
            return Line(key, name, value, ordinary, "", "")
        focus = self._by_code.get(SPEAKS_FOR[speaking], "")
        return Line(key, name, value, ordinary, focus, self._number(points[speaking.name.lower()]))

    def _prices(self) -> Line:
        told = self._told
        return self._line(
            "lines",
            self.env._("Prices paid"),
            self.env._(
                "dearer than %(share)s of comparable products (lines: %(count)s)",
                share=self._formats.percent(told["position"] or 0),
                count=self._number(told["compared"]),
            ),
            self.env._("%s is ordinary here.", self._formats.percent(told["ordinary"]["place"])),
            Signal.PAYS_MORE,
            Signal.PAYS_LESS,
        )

    def _discounts(self) -> Line:
        told = self._told
        return self._line(
            "discounts",
            self.env._("Discounts"),
            self.env._(
                "%(part)s of %(count)s lines with a discount",
                part=self._number(told["discounted"]),
                count=self._number(told["lines"]),
            ),
            self.env._(
                "%s of all lines is ordinary here.",
                self._formats.percent(told["ordinary"]["discounted"]),
            ),
            Signal.DISCOUNTED,
        )

    def _lift(self) -> Line:
        told = self._told
        return self._line(
            "discounts",
            self.env._("With a discount"),
            self.env._(
                "%(times)s times the quantity it buys without one (pairs of lines: %(count)s)",
                times=self._formats.number(2 ** (told["lift"] or 0), 2),
                count=self._number(told["pairs"]),
            ),
            self.env._("As much as without is ordinary."),
            Signal.LIFT,
        )

    def _rush(self) -> Line:
        told = self._told
        ordinary = told["ordinary"]
        return self._line(
            "orders",
            self.env._("Speed"),
            self.env._(
                "%(part)s of %(count)s orders wanted within %(days)s days",
                part=self._number(told["rush"]),
                count=self._number(told["orders"]),
                days=self._number(ordinary["urgent"]),
            ),
            self.env._(
                "%s of all orders is ordinary here.", self._formats.percent(ordinary["rush"])
            ),
            Signal.RUSH,
        )

    def _breadth(self) -> Line:
        told = self._told
        return self._line(
            "lines",
            self.env._("Breadth"),
            self.env._(
                "buys as broadly as %s equal categories", self._formats.number(told["breadth"], 1)
            ),
            self.env._(
                "Three of four customers buy no more broadly than %s.",
                self._formats.number(told["ordinary"]["breadth"], 1),
            ),
            Signal.BREADTH,
        )

    def _voices(self) -> list[Line]:
        return [
            Line(
                "tickets",
                self.env._("What it says"),
                self.env._(
                    "about %(focus)s: complaints %(complaints)s, praise %(praise)s",
                    focus=self._names[key],
                    complaints=f["complaints"],
                    praise=f["praise"],
                ),
                "",
                self._names[key] if f["voice"] else "",
                self._number(f["voice"]) if f["voice"] else "",
            )
            for key, f in self._told.get("foci", {}).items()
            if key in self._names and (f["complaints"] or f["praise"])
        ]

    def _number(self, value: float) -> str:
        return self._formats.number(value, 1)
