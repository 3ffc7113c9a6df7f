"""An amount of money in the smallest unit of its currency: integers only, so that no cent is invented or lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

DIGITS: Final = 2
"""Digits after the decimal point of a currency that is not in `OTHER_DIGITS`."""
OTHER_DIGITS: Final[Mapping[str, int]] = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
"""Currencies whose smallest unit is not a hundredth. Source: ISO 4217."""


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in the smallest unit of `currency` (ISO 4217): 10050 in USD is 100.50, in JPY 10,050.

    `recipient` got it and `method` says how it was computed; both may be empty only where the amount is zero.
    """

    amount: int
    currency: str
    recipient: str = ""
    method: str = ""

    @property
    def plain(self) -> str:
        """The amount as a decimal, exactly.

        >>> Money(10050, "USD").plain, Money(10050, "JPY").plain, Money(5, "KWD").plain
        ('100.50', '10050', '0.005')
        """
        digits = OTHER_DIGITS.get(self.currency, DIGITS)
        whole, part = divmod(self.amount, 10**digits)
        return f"{whole}.{part:0{digits}d}" if digits else str(whole)
