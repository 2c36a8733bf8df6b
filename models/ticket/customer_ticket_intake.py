"""The opinion box's door: who filled in a form like a person, and how many come from one place."""

import logging
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import single_email_re
from odoo.tools.mail import email_normalize
from odoo.tools.misc import consteq, hmac

_logger = logging.getLogger(__name__)

#: A person needs so many seconds at least, and sends a form within a day.
QUICKEST, LONGEST = 3, 24 * 3600
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class CustomerTicketIntake(models.Model):
    """What came through opinion boxes lately, without a word of it: only from where and when.

    An address is kept as a keyed hash and forgotten after two days. Once a limit is reached one row
    says so until the limit's time is over; further messages write nothing at all, so a flood grows
    neither the table nor the log. Requests served at the same moment do not see each other: as many
    messages as there are workers may come through beyond a limit.
    """

    _name = "customer.ticket.intake"
    _description = "Message to an Opinion Box"
    _order = "id desc"

    team_id = fields.Many2one(
        "customer.ticket.team", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    address_hash = fields.Char("From", required=True, readonly=True)
    at = fields.Datetime(required=True, readonly=True)
    refused = fields.Selection(
        [("address", "Too many from one address"), ("box", "Too many in one box")],
        readonly=True,
        help="Empty: taken.",
    )

    _address_idx = models.Index("(address_hash, at)")
    _box_idx = models.Index("(team_id, at)")
    _at_idx = models.Index("(at)")

    @api.model
    def _admit(self, team, address: str, now: datetime | None = None) -> str | bool:
        """Whether one more message is taken; counted when it is, else which limit refuses it."""
        now = now or fields.Datetime.now()
        company, Intake = team.sudo().company_id, self.sudo()
        place = hmac(Intake.env, "customer.ticket.intake", address)
        of_address = [("address_hash", "=", place), ("at", ">", now - _HOUR)]
        of_address += [("company_id", "=", company.id)]
        of_box = [("team_id", "=", team.id), ("at", ">", now - _DAY)]
        values = {
            "team_id": team.id,
            "company_id": company.id,
            "address_hash": place,
            "at": now,
        }
        for limit, most, domain in (
            ("address", company.customer_opinions_per_hour, of_address),
            ("box", company.customer_opinions_per_day, of_box),
        ):
            if Intake.search_count([*domain, ("refused", "=", False)], limit=most) < most:
                continue
            if not Intake.search_count([*domain, ("refused", "=", limit)], limit=1):
                Intake.create({**values, "refused": limit})
                _logger.info(
                    "Opinion box of team %s: limit of %s per %s reached", team.id, most, limit
                )
            return limit
        Intake.create(values)
        return False

    @api.autovacuum
    def _gc_intake(self):
        limit = fields.Datetime.now() - 2 * _DAY
        self.sudo().search([("at", "<", limit)], limit=10_000).unlink()

    # ---- forms ---------------------------------------------------------------------------------

    @api.model
    def _stamp(self, team, now: datetime | None = None) -> str:
        """When a form was shown, signed: nobody makes one up."""
        seconds = str(int((now or fields.Datetime.now()).timestamp()))
        return f"{seconds}.{self._signature(team, seconds)}"

    @api.model
    def _signature(self, team, seconds: str) -> str:
        return hmac(self.sudo().env, "customer.ticket.intake.form", (team.id, seconds))

    @api.model
    def _stamp_age(self, team, stamp: str, now: datetime | None = None) -> float | None:
        """Seconds since the form was shown; nothing when the stamp is not ours."""
        seconds, __, signature = (stamp or "").partition(".")
        expected = self._signature(team, seconds)
        if not seconds.isdecimal() or not consteq(signature.encode(), expected.encode()):
            return None
        return (now or fields.Datetime.now()).timestamp() - int(seconds)

    @api.model
    def _looks_human(self, team, stamp: str, trap: str) -> bool:
        """A field that people do not see is empty, and the form was open long enough to be read."""
        age = self._stamp_age(team, stamp)
        return not trap and age is not None and QUICKEST <= age <= LONGEST

    @api.model
    def _plain_address(self, text: str) -> str | bool:
        """One e-mail address and nothing else; false for anything that could carry more."""
        text = (text or "").strip()
        if not single_email_re.match(text) or any(not sign.isprintable() for sign in text):
            return False
        return email_normalize(text)
