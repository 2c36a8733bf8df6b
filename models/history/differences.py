"""Why a past day reads otherwise today: what became known, or was changed, after it."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytz

from odoo.tools import SQL

from ..common.customer_run import FIGURE_KINDS
from ..evidence.formats import Formats

#: Documents listed by name; the others are counted.
LISTED = 20
#: How far back the ledger of computations is complete.
LEDGER_KEPT = timedelta(days=390)


class Differences:
    """Looks for what makes ``profile`` on ``day`` another one than was known then.

    Documents are named to those alone who may read them.

    :param begin: the day on which the log of the company begins
    """

    def __init__(self, profile, day: date, begin: date | None):
        self.env = profile.env
        self.profile = profile
        self.company = profile.company_id
        self.day = day
        self.begin = begin or day
        self._timezone = self.company._customer_timezone()

    def reasons(self) -> list[dict]:
        """Each with a ``code``, a sentence, and the documents it is about."""
        found = [
            *self._documents(),
            *self._merged(),
            *self._by_hand(),
            *self._rules(),
            *self._pauses(),
        ]
        return [reason for reason in found if reason]

    # ---- documents -----------------------------------------------------------------------------

    def _documents(self) -> list[dict | None]:
        if self.company.customer_fact_source == "order":
            return [
                self._about(
                    "late_order",
                    "sale.order",
                    self._late_orders(),
                    self.env._("Orders entered later than the day they are dated:"),
                ),
                *self._about_moves(("out_refund",)),
            ]
        return self._about_moves(("out_invoice", "out_refund"))

    def _about_moves(self, types) -> list[dict | None]:
        late = self._late_moves(types)
        undone = self._moves(
            types,
            SQL(
                "m.state <> 'posted' AND m.posted_before AND m.write_date >= %s",
                self._end(self.begin),
            ),
        )
        posted_late = [move for move in self._touched_moves(types) if move not in late]
        labels = {
            "late_invoice": self.env._("Invoices entered later than the day they are dated:"),
            "late_credit": self.env._("Credit notes entered later than the day they are dated:"),
        }
        return [
            *(
                self._about(code, "account.move", self._of_type(late, move_type), labels[code])
                for code, move_type in (
                    ("late_invoice", "out_invoice"),
                    ("late_credit", "out_refund"),
                )
            ),
            self._about(
                "undone",
                "account.move",
                undone,
                self.env._("Documents cancelled or reset to draft since:"),
            ),
            self._about(
                "touched",
                "account.move",
                posted_late,
                self.env._("Documents posted, or reset and posted again, later than their day:"),
            ),
        ]

    def _of_type(self, ids, move_type) -> list[int]:
        moves = self.env["account.move"].sudo().browse(ids)
        return moves.filtered(lambda move: move.move_type == move_type).ids

    def _moves(self, types, condition: SQL) -> list[int]:
        self.env.flush_all()
        return [
            move_id
            for (move_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT m.id
                      FROM account_move m
                     WHERE m.company_id = %(company)s
                       AND m.commercial_partner_id = %(partner)s
                       AND m.move_type IN %(types)s
                       AND m.invoice_date <= %(day)s
                       AND %(condition)s
                     ORDER BY m.invoice_date DESC, m.id DESC
                    """,
                    company=self.company.id,
                    partner=self.profile.partner_id.id,
                    types=types,
                    day=self.day,
                    condition=condition,
                )
            )
        ]

    def _late_moves(self, types) -> list[int]:
        """Posted documents made on a later day than theirs, and after the log had begun."""
        return self._moves(
            types,
            SQL(
                "m.state = 'posted' AND m.create_date >= %s AND %s > m.invoice_date",
                self._end(self.begin),
                self._local(SQL("m.create_date")),
            ),
        )

    def _touched_moves(self, types) -> list[int]:
        """Documents whose state was changed on a later day than theirs, as their tracking has it."""
        return self._moves(
            types,
            SQL(
                """
                m.state = 'posted'
                AND EXISTS (SELECT
                              FROM mail_message message
                              JOIN mail_tracking_value value ON value.mail_message_id = message.id
                              JOIN ir_model_fields field ON field.id = value.field_id
                             WHERE message.model = 'account.move'
                               AND message.res_id = m.id
                               AND field.name = 'state'
                               AND message.date >= %s
                               AND %s > m.invoice_date)
                """,
                self._end(self.begin),
                self._local(SQL("message.date")),
            ),
        )

    def _late_orders(self) -> list[int]:
        self.env.flush_all()
        return [
            order_id
            for (order_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT o.id
                      FROM sale_order o
                      JOIN res_partner p ON p.id = o.partner_id
                     WHERE o.company_id = %(company)s
                       AND p.commercial_partner_id = %(partner)s
                       AND o.state = 'sale'
                       AND o.date_order < %(end)s
                       AND o.create_date >= %(begin)s
                       AND %(created)s > %(ordered)s
                     ORDER BY o.date_order DESC, o.id DESC
                    """,
                    company=self.company.id,
                    partner=self.profile.partner_id.id,
                    end=self._end(self.day),
                    begin=self._end(self.begin),
                    created=self._local(SQL("o.create_date")),
                    ordered=self._local(SQL("o.date_order")),
                )
            )
        ]

    def _about(self, code, model, ids, text) -> dict | None:
        if not ids:
            return None
        Documents = self.env[model]
        visible = Documents.browse()
        if Documents.has_access("read"):
            visible = Documents.search([("id", "in", ids)]).sorted(lambda d: ids.index(d.id))
        return {
            "code": code,
            "text": text,
            "model": model,
            "ids": visible.ids,
            "documents": [
                {"id": document.id, "name": document.display_name} for document in visible[:LISTED]
            ],
            "more": len(ids) - len(visible[:LISTED]),
        }

    # ---- the rest ------------------------------------------------------------------------------

    def _merged(self) -> list[dict]:
        """Two logs in one: an entry that does not begin where the one before it ended."""
        for kind in ("tier", "stage"):
            log = self.env["customer.transition"].search(
                [("profile_id", "=", self.profile.id), ("kind", "=", kind)], order="as_of, id"
            )
            chain = pairwise(log)
            if "merge" in log.mapped("cause") or any(
                later[f"from_{kind}_id"] != earlier[f"to_{kind}_id"] for earlier, later in chain
            ):
                return [
                    _said(
                        "merged",
                        self.env._(
                            "Contacts were merged into this one: its history holds entries of each, "
                            "its documents are those of all."
                        ),
                    )
                ]
        return []

    def _by_hand(self) -> list[dict]:
        if not self.env["customer.transition"].search_count(
            [
                ("profile_id", "=", self.profile.id),
                ("kind", "in", ("tier", "stage")),
                ("cause", "in", ("manual", "manual_end")),
            ],
            limit=1,
        ):
            return []
        return [
            _said(
                "by_hand",
                self.env._(
                    "A tier or stage was set by hand. A choice that changed nothing on its day is not "
                    "in the history, and is not repeated here."
                ),
            )
        ]

    def _rules(self) -> list[dict]:
        """Limits and the kind of documents that count, changed since the log began."""
        runs = self.env["customer.run"].sudo()
        form = Formats(self.env, self.company.currency_id)
        words = {
            "limits": self.env._(
                "The lifecycle limits were changed since; stages are judged again by today's:"
            ),
            "source": self.env._("Other documents count as purchases since:"),
        }
        reasons = []
        for code, text in words.items():
            days = set(
                runs.search(
                    [
                        ("company_id", "=", self.company.id),
                        ("reason", "=", code),
                        ("as_of", ">=", self.begin),
                    ]
                ).mapped("as_of")
            )
            if code == "limits":
                days |= self._days_of_tracking()
            if days:
                listed = ", ".join(form.day(day) for day in sorted(days))
                reasons.append(_said(code, f"{text} {listed}"))
        return reasons

    def _days_of_tracking(self) -> set[date]:
        limits = self.env["customer.lifecycle.policy"].sudo()._for_company(self.company)
        changes = limits.message_ids.filtered("tracking_value_ids").mapped("date")
        timezone = pytz.timezone(self._timezone)
        days = {pytz.utc.localize(moment).astimezone(timezone).date() for moment in changes}
        return {day for day in days if day >= self.begin}

    def _pauses(self) -> list[dict]:
        """Days on which nothing was computed: a wait that began on one is known from a later day on."""
        start = max(self.begin, self.company._customer_today() - LEDGER_KEPT)
        runs = self.env["customer.run"].sudo()
        ran = set(
            runs.search(
                [
                    ("company_id", "=", self.company.id),
                    ("state", "=", "done"),
                    ("kind", "in", FIGURE_KINDS),
                    ("as_of", ">=", start),
                    ("as_of", "<=", self.day),
                ]
            ).mapped("as_of")
        )
        days = (self.day - start).days + 1
        missed = [start + timedelta(days=n) for n in range(days)]
        missed = [day for day in missed if day not in ran]
        if not missed:
            return []
        form = Formats(self.env, self.company.currency_id)
        return [
            _said(
                "pauses",
                self.env._(
                    "Nothing was computed on %(count)s days, the last of them %(day)s. What changed on "
                    "such a day was noticed later.",
                    count=len(missed),
                    day=form.day(missed[-1]),
                ),
            )
        ]

    # ---- time ----------------------------------------------------------------------------------

    def _end(self, day: date) -> datetime:
        """When a day of the company is over, as the database counts time."""
        midnight = datetime.combine(day + timedelta(days=1), time.min)
        local = pytz.timezone(self._timezone).localize(midnight)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _local(self, moment: SQL) -> SQL:
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, self._timezone)


def _said(code: str, text: str) -> dict:
    return {"code": code, "text": text, "model": False, "ids": [], "documents": [], "more": 0}
