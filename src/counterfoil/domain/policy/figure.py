"""Exact numbers with units, as packs write them: `5 %`, `25 MW`, `100,000 t`, `45 SGD/t`, `2/3`, `1:1`.

No binary floats: a number is a fraction. A unit is a word of `UNITS`, a currency, or a currency for each tonne.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from counterfoil.domain.policy.basis import Basis

SHARE: Final = "share"
RATIO: Final = "ratio"
MONEY: Final = "money"
PRICE: Final = "money/t"
UNITS: Final = frozenset({SHARE, RATIO, "t", "kg", "MW", "days", "months", "years", "year", "count"})
MINOR_DIGITS: Final = {
    "CLP": 0,
    "JPY": 0,
    "KRW": 0,
    "PYG": 0,
    "RWF": 0,
    "UGX": 0,
    "VND": 0,
    "VUV": 0,
    "XAF": 0,
    "XOF": 0,
}
"""Digits of the minor unit where it is not two. Source: ISO 4217."""

_NUMBER: Final = r"(?P<number>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,9})?)"
_WRITTEN: Final = re.compile(
    rf"{_NUMBER}(?:\s*(?P<over>[/:])\s*(?P<under>[0-9]{{1,9}}))?(?:\s*(?P<unit>%|[A-Za-z][A-Za-z/]{{0,9}}))?\Z"
)
_CURRENCY: Final = re.compile(r"[A-Z]{3}\Z")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit. Money is in whole units of its currency, such as dollars."""

    amount: Fraction
    unit: str

    def __str__(self) -> str:
        if self.unit == SHARE:
            return f"{decimal(self.amount * 100)} %"
        if self.unit == RATIO:
            return f"{self.amount.numerator}:{self.amount.denominator}"
        if self.unit == "year":
            return f"{self.amount} year"  # a year is a name and no quantity: 2030, never 2,030
        return f"{decimal(self.amount)} {self.unit}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a rule: written in the rule, or taken from a value on a day. None: the pack does not know it.

    `named` is the value that the rule names, before the day is known.
    """

    quantity: Quantity | None
    basis: Basis | None = None
    named: str = ""

    @property
    def amount(self) -> Fraction:
        """The number of a figure that is known."""
        assert self.quantity is not None, "an unknown figure is refused before its number is asked for"
        return self.quantity.amount

    @property
    def unit(self) -> str:
        return self.quantity.unit if self.quantity is not None else ""


def quantity(text: str) -> Quantity | None:
    """A number with its unit, or None. A fraction such as `2/3` is a share; `1:1` is a ratio; `%` is a share.

    >>> quantity("5 %"), quantity("2/3 share").amount, str(quantity("100,000 t"))
    (Quantity(amount=Fraction(1, 20), unit='share'), Fraction(2, 3), '100,000 t')
    """
    found = _WRITTEN.match(text.strip())
    if found is None or (found["under"] and not int(found["under"])):
        return None
    amount = Fraction(found["number"].replace(",", "")) / int(found["under"] or 1)
    unit = found["unit"] or (RATIO if found["over"] == ":" else "")
    if unit == "%":
        return Quantity(amount / 100, SHARE)
    return Quantity(amount, unit) if is_unit(unit) else None


def is_unit(unit: str) -> bool:
    """Whether a word is a unit that the rules understand."""
    money, _, per = unit.partition("/")
    return unit in UNITS or (bool(_CURRENCY.match(money)) and per in ("", "t"))


def fits(unit: str, expected: str) -> bool:
    """Whether a unit is of the expected sort; `money` and `money/t` stand for any currency."""
    money, _, per = unit.partition("/")
    if expected in (MONEY, PRICE):
        return bool(_CURRENCY.match(money)) and per == ("t" if expected == PRICE else "")
    return unit == expected


def minor(currency: str) -> int:
    """How many minor units make one of the currency: 100 cents, 1 yen."""
    return int(10 ** MINOR_DIGITS.get(currency, 2))


def money_text(quantity: int, currency: str) -> str:
    """An amount in minor units as people write it: `17.50 SGD`, `1,200 JPY`."""
    each = minor(currency)
    whole, part = divmod(abs(quantity), each)
    digits = len(str(each)) - 1
    return f"{'-' if quantity < 0 else ''}{whole:,}{f'.{part:0{digits}}' if digits else ''} {currency}"


def decimal(amount: Fraction) -> str:
    """A fraction as a decimal where it ends, else as a fraction: `24.9`, `2/3`."""
    for digits in range(10):
        scaled = amount * 10**digits
        if scaled.denominator == 1:
            whole, part = divmod(abs(scaled.numerator), 10**digits)
            sign = "-" if amount < 0 else ""
            return f"{sign}{whole:,}" + (f".{part:0{digits}}" if digits else "")
    return f"{amount.numerator}/{amount.denominator}"
