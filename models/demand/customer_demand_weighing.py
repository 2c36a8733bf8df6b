"""One batch: facts in, foci out. SQL gathers, the kernel weighs, only what differs is written."""

import json
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ...tools import demand_facts
from ...tools.dates import from_days, to_days
from ...tools.demand_focus import (
    NOBODY,
    UNKNOWN,
    Evidence,
    Reason,
    Scores,
    Signal,
    Standing,
    hold,
    score,
    signals,
)
from ..facts.customer_facts import Restriction

#: Rows that one statement writes.
PAGE = 1_000
_ROW = (
    "profile_id", "company_id", "as_of", "computed_focus_id", "reason", "points", "confidence",
    "rival_focus_id", "rival_since", "next_look_date", "evidence", "manual_focus_id",
    "manual_reason", "manual_user_id", "manual_until",
)  # fmt: skip
_VALUES = (
    "(%s, %s, %s::date, %s::int, %s, %s::numeric, %s::numeric, %s::int, %s::date, %s::date,"
    " %s::jsonb, %s::int, %s, %s::int, %s::date)"
)


class Known(NamedTuple):
    """What is stored of one customer: of its profile, and of its row of demand if it has one."""

    profile_id: int
    partner_id: int
    shown: int | None
    since: date | None
    has_row: bool
    computed: int | None
    rival: int | None
    rival_since: date | None
    manual: int | None
    manual_reason: str | None
    manual_user: int | None
    manual_until: date | None


class Counts(NamedTuple):
    read: int
    changed: int
    moved: int


class CustomerDemand(models.Model):
    _inherit = "customer.demand"

    @api.model
    def _weigh(self, company, as_of: date, restrict: Restriction, cause="facts") -> Counts:
        """Weigh the customers that ``restrict`` selects, store what differs, log who moved.

        :param cause: why a change came, as the log says it; a person's choice says it by itself
        """
        limits = self.env["customer.demand.policy"].sudo()._for_company(company)._kernel()
        yardstick = self.env["customer.demand.yardstick"].sudo()._measure(company, as_of, limits)
        foci = self.env["customer.demand.focus"].search([("active", "=", True)])
        known = self._known(company, restrict)
        evidence, details = self._evidence(company, as_of, restrict, limits, yardstick, foci, known)
        tells = (evidence.lines + evidence.orders + evidence.voices_all > 0) | np.array(
            [row.has_row for row in known], bool
        )
        known = [row for row, told in zip(known, tells.tolist(), strict=True) if told]
        if not known:
            return Counts(0, 0, 0)
        evidence = Evidence(*(values[tells] for values in evidence))
        scores = score(evidence, yardstick._norm(), tuple(foci.mapped("code")), limits)
        standing, reasons = hold(scores, _standing(known, foci.ids), to_days(as_of), limits)
        found = _Found(evidence, scores, standing, reasons, _details(details, tells))
        told = _told(found, yardstick, foci, limits)
        rows = [
            _row(company.id, as_of, one, found, number, told[number], foci.ids, limits)
            for number, one in enumerate(known)
        ]
        changed = self._store(rows)
        moved = self._show(company, as_of, known, rows, cause)
        self.env["customer.demand"].invalidate_model()
        return Counts(len(known), changed, moved)

    # ---- facts in ------------------------------------------------------------------------------

    @api.model
    def _known(self, company, restrict: Restriction) -> list[Known]:
        """The customers of a company that ``restrict`` selects, in order of their id."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, p.partner_id, p.demand_focus_id, p.demand_focus_since,
                       d.id IS NOT NULL, d.computed_focus_id, d.rival_focus_id, d.rival_since,
                       d.manual_focus_id, d.manual_reason, d.manual_user_id, d.manual_until
                  FROM customer_profile p
                  LEFT JOIN customer_demand d ON d.profile_id = p.id
                 WHERE p.company_id = %s AND %s
                 ORDER BY p.partner_id
                """,
                company.id,
                restrict(SQL("p.partner_id")),
            )
        )
        return [Known(*row) for row in rows]

    @api.model
    def _evidence(self, company, as_of, restrict, limits, yardstick, foci, known):
        """What these customers did; and of what they said, complaints apart from praise."""
        Facts = self.env["customer.demand.facts"]
        start = as_of - timedelta(days=limits.window_days)
        customers = np.array([row.partner_id for row in known], np.int32)
        bought = _of(Facts._bought(company, start, as_of, restrict), customers)
        purchases = demand_facts.add_up(
            demand_facts.Bought(*(bought[name] for name in demand_facts.Bought._fields)),
            customers,
            yardstick._price_table(),
            limits.min_comparable,
        )
        urgent = yardstick.lead_days * limits.rush_ratio
        ordered = _of(Facts._ordered(company, start, as_of, urgent, restrict), customers)
        orders, rush = np.zeros((2, len(customers)))
        place = np.searchsorted(customers, ordered["customer"])
        orders[place], rush[place] = ordered["orders"], ordered["rush"]

        said = _of(Facts._said(company, start, as_of, restrict), customers)
        row = np.searchsorted(customers, said["customer"])
        columns = {focus_id: number for number, focus_id in enumerate(foci.ids)}
        column = np.array([columns.get(f, len(columns)) for f in said["focus"].tolist()], int)
        complaints, praise = np.zeros((2, len(customers), len(columns) + 1))
        np.add.at(complaints, (row, column), said["complaints"])
        np.add.at(praise, (row, column), said["praise"])
        voices = complaints + praise
        evidence = Evidence(
            position=purchases.position,
            compared=purchases.compared,
            discounted=purchases.discounted,
            lines=purchases.lines,
            lift=purchases.lift,
            pairs=purchases.pairs,
            rush=rush,
            orders=orders,
            breadth=purchases.breadth,
            voices=voices[:, :-1],
            voices_all=voices.sum(axis=1),
        )
        return evidence, (complaints, praise)

    # ---- decisions out -------------------------------------------------------------------------

    @api.model
    def _store(self, rows) -> int:
        """Write the rows that differ from what is stored; how many."""
        fields = SQL(", ").join(map(SQL.identifier, _ROW))
        told = [name for name in _ROW if name not in ("profile_id", "company_id", "as_of")]
        changed = 0
        for start in range(0, len(rows), PAGE):
            values = SQL(", ").join(SQL(_VALUES, *row) for row in rows[start : start + PAGE])
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO customer_demand AS kept (%(fields)s)
                    VALUES %(values)s
                        ON CONFLICT (profile_id) DO UPDATE
                       SET (as_of, %(told)s) = ROW(EXCLUDED.as_of, %(new)s)
                     WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
                    """,
                    fields=fields,
                    values=values,
                    told=SQL(", ").join(map(SQL.identifier, told)),
                    old=SQL(", ").join(SQL.identifier("kept", name) for name in told),
                    new=SQL(", ").join(SQL.identifier("excluded", name) for name in told),
                )
            )
            changed += self.env.cr.rowcount
        return changed

    @api.model
    def _show(self, company, as_of: date, known, rows, cause) -> int:
        """Put the focus on the profiles on which it is another, and log each; how many."""
        moves = []
        for one, row in zip(known, rows, strict=True):
            values = dict(zip(_ROW, row, strict=True))
            shown = values["manual_focus_id"] or values["computed_focus_id"]
            if shown == one.shown:
                continue
            if values["manual_focus_id"]:
                why = ("manual", values["manual_reason"], values["manual_user_id"])
            elif one.manual:
                why = ("manual_end", values["reason"], None)  # its last day is over
            elif cause == "manual_end":
                why = ("manual_end", values["reason"], self.env.uid)
            else:
                why = (cause if one.since else "first", values["reason"], None)
            moves.append((one.profile_id, one.shown, shown, *why, values["evidence"]))
        for start in range(0, len(moves), PAGE):
            self._write_moves(company, as_of, moves[start : start + PAGE])
        self._mark_by_hand(known, rows)
        return len(moves)

    @api.model
    def _write_moves(self, company, as_of: date, moves) -> None:
        """Only these columns of the profile: runs write the others, and its totals count neither."""
        values = SQL(", ").join(
            SQL("(%s, %s::int, %s::int, %s, %s, %s::int, %s::jsonb)", *move) for move in moves
        )
        self.env.cr.execute(
            SQL(
                """
                WITH move (profile_id, before, after, cause, reason, user_id, evidence)
                  AS (VALUES %(values)s),
                shown AS (
                    UPDATE customer_profile p
                       SET demand_focus_id = move.after, demand_focus_since = %(as_of)s
                      FROM move
                     WHERE p.id = move.profile_id
                 RETURNING p.id, p.revenue)
                INSERT INTO customer_transition (profile_id, company_id, kind, from_focus_id,
                                                 to_focus_id, at, as_of, cause, reason,
                                                 by_user_id, evidence, revenue)
                SELECT move.profile_id, %(company)s, 'focus', move.before, move.after, %(now)s,
                       %(as_of)s, move.cause, move.reason, move.user_id, move.evidence,
                       shown.revenue
                  FROM move
                  JOIN shown ON shown.id = move.profile_id
                """,
                values=values,
                as_of=as_of,
                company=company.id,
                now=self.env.cr.now(),
            )
        )
        self.env["customer.profile"].invalidate_model(["demand_focus_id", "demand_focus_since"])
        self.env["customer.transition"].invalidate_model()

    @api.model
    def _mark_by_hand(self, known, rows) -> None:
        """Say on the profile whether its focus is a person's choice, where that has changed."""
        changed = {True: [], False: []}
        manual = _ROW.index("manual_focus_id")
        for one, row in zip(known, rows, strict=True):
            if one.has_row or row[manual]:
                changed[bool(row[manual])].append(one.profile_id)
        for by_hand, ids in changed.items():
            if ids:
                self.env.cr.execute(
                    SQL(
                        "UPDATE customer_profile SET demand_focus_manual = %s WHERE id = ANY(%s)"
                        " AND demand_focus_manual IS DISTINCT FROM %s"
                        " AND (%s OR demand_focus_manual)",
                        by_hand,
                        ids,
                        by_hand,
                        by_hand,
                    )
                )
        self.env["customer.profile"].invalidate_model(["demand_focus_manual"])


class _Found(NamedTuple):
    evidence: Evidence
    scores: Scores
    standing: Standing
    reasons: np.ndarray
    details: tuple  # complaints and praise, customers x (foci and none)


def _of(rows: np.ndarray, customers: np.ndarray) -> np.ndarray:
    """Rows of these customers alone: one may have documents and no profile yet."""
    return rows[np.isin(rows["customer"], customers)]


def _details(details, tells) -> tuple:
    return tuple(part[tells] for part in details)


def _standing(known, foci_ids) -> Standing:
    """Foci by their column. One that is archived is held no longer: it has none."""
    column = {focus_id: number for number, focus_id in enumerate(foci_ids)}

    def rival(row):
        if not row.rival_since:
            return NOBODY
        return column.get(row.rival, NOBODY) if row.rival else UNKNOWN

    return Standing(
        np.array([column.get(row.computed, UNKNOWN) for row in known], int),
        np.array([rival(row) for row in known], int),
        np.array([to_days(row.rival_since) if row.rival_since else 0 for row in known], int),
    )


def _row(company_id, as_of, one, found, number, told, foci_ids, limits) -> tuple:
    """The values of :data:`_ROW` for one customer."""
    focus = int(found.standing.focus[number])
    rival, since = int(found.standing.rival[number]), int(found.standing.since[number])
    rival_since = from_days(since) if rival != NOBODY else None
    manual = (one.manual, one.manual_reason, one.manual_user, one.manual_until)
    if not one.manual or (one.manual_until and one.manual_until < as_of):
        manual = (None, None, None, None)
    looks = [rival_since + timedelta(days=limits.hold_days)] if rival_since else []
    if manual[3]:
        looks.append(manual[3] + timedelta(days=1))
    return (
        one.profile_id,
        company_id,
        as_of,
        foci_ids[focus] if focus != UNKNOWN else None,
        Reason(int(found.reasons[number])).name.lower(),
        round(float(found.scores.score[number, focus]), 2) if focus != UNKNOWN else 0,
        round(float(found.scores.confidence[number, focus]), 4) if focus != UNKNOWN else 0,
        foci_ids[rival] if rival >= 0 else None,
        rival_since,
        min(looks, default=None),
        json.dumps(told),
        *manual,
    )


def _told(found: _Found, yardstick, foci, limits) -> list[dict]:
    """The evidence of each customer, with all that is needed to add it up again."""
    heard = signals(found.evidence, yardstick._norm(), limits)
    points = {
        signal.name.lower(): 100 * strength * number / (number + limits.prior_weight)
        for signal, (strength, number) in heard.items()
        if signal is not Signal.VOICE
    }
    strength, number = heard[Signal.VOICE]
    voice = 100 * strength * (number / (number + limits.prior_weight))[:, None]
    complaints, praise = found.details
    ordinary = {
        "discounted": round(yardstick.discounted, 4),
        "rush": round(yardstick.rush, 4),
        "urgent": round(yardstick.lead_days * limits.rush_ratio, 2),
        "breadth": round(yardstick.breadth, 2),
        "place": round(yardstick.place, 4),
        "days": limits.window_days,
    }
    figures = {
        name: np.round(getattr(found.evidence, name), 4).tolist()
        for name in Evidence._fields
        if name != "voices"
    }
    points = {name: np.round(values, 2).tolist() for name, values in points.items()}
    rows = []
    for row in range(len(found.reasons)):
        told = {
            name: None if values[row] != values[row] else values[row]
            for name, values in figures.items()
        }
        told["ordinary"] = ordinary
        told["points"] = {name: values[row] for name, values in points.items() if values[row]}
        told["foci"] = {
            str(focus_id): {
                "score": round(float(found.scores.score[row, column]), 2),
                "evidence": round(float(found.scores.evidence[row, column]), 2),
                "confidence": round(float(found.scores.confidence[row, column]), 4),
                "complaints": int(complaints[row, column]),
                "praise": int(praise[row, column]),
                "voice": round(float(voice[row, column]), 2),
            }
            for column, focus_id in enumerate(foci.ids)
            if found.scores.score[row, column] or complaints[row, column] or praise[row, column]
        }
        rows.append(told)
    return rows
