"""Numbers, amounts and days as a person of the user's language reads them."""

from babel.numbers import format_percent

from odoo.tools import format_date, formatLang
from odoo.tools.misc import get_lang


class Formats:
    """How evidence is written for one user and one company's currency."""

    def __init__(self, env, currency):
        self._env = env
        self._currency = currency

    def money(self, amount: float) -> str:
        """An amount to the last decimal of its currency."""
        return formatLang(self._env, amount, currency_obj=self._currency)

    def limit(self, amount: float) -> str:
        """A bare amount: without the currency, and without decimals where it has none to show."""
        return self.number(amount, self._currency.decimal_places)

    def number(self, value: float, digits: int = 4) -> str:
        """A number with as many decimals as it needs, ``digits`` at most."""
        needed = next(n for n in range(digits + 1) if n == digits or round(value, n) == value)
        return formatLang(self._env, value, digits=needed)

    def fixed(self, value: float, digits: int) -> str:
        return formatLang(self._env, value, digits=digits)

    def percent(self, share: float) -> str:
        locale = get_lang(self._env).code
        return format_percent(share, format="#,##0.#%", locale=locale)

    def day(self, day) -> str:
        return format_date(self._env, day, date_format="medium") if day else "—"
