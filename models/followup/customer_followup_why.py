"""Why a card is on the board: a stored code with its arguments, said in the reader's language."""

from collections.abc import Callable

from odoo import api, fields, models
from odoo.tools import format_date


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    why = fields.Char("Why Now", compute="_compute_why")

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_why(self):
        texts = self._why_texts()
        for followup in self:
            followup.why = self._say(texts, followup.reason)

    @api.model
    def _say(self, texts: dict[str, Callable], reason) -> str:
        """One sentence; never an error, whatever an older or a newer version stored."""
        arguments = dict(reason or {})
        text = texts.get(arguments.pop("code", None))
        try:
            return text(arguments) if text else self.env._("Asked for by another program.")
        except (KeyError, TypeError, ValueError):
            return self.env._("Asked for by another program.")

    @api.model
    def _why_texts(self) -> dict[str, Callable[[dict], str]]:
        """Code -> what makes a sentence of the arguments stored beside it.

        Another package adds its own::

            def _why_texts(self):
                return super()._why_texts() | {
                    "moved": lambda a: self.env._("Fell from tier %(tier)s.", tier=a["tier"]),
                }
        """
        return {
            "manual": lambda a: a.get("text") or self.env._("Planned by hand."),
            "logged": lambda a: self.env._("Entered afterwards."),
        }

    @api.model
    def _day(self, text) -> str:
        """A stored date for a sentence, as its reader writes dates."""
        return format_date(self.env, text) if text else ""
