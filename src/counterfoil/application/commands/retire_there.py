"""What a proposal may ask for the units once they arrive: to be used at once, towards the acquiring Party's NDC.

Read next: `use_on_arrival.py`. Source: 2/CMA.3 annex paras. 1(d), 8(b), 20(a).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Context
from counterfoil.domain.kernel.refusal import Refusal

NDC: Final = "ndc"


class ArrivalFault(StrEnum):
    PURPOSE_UNKNOWN = "use_on_arrival.purpose_unknown"
    YEAR_NOT_REACHED = "use_on_arrival.year_not_reached"


@dataclass(frozen=True, slots=True)
class RetireThere:
    """What the units are for once they arrive: the acquiring Party's NDC, in a calendar year. No other purpose yet."""

    year: int
    purpose: str = NDC


def retirable(retire: RetireThere | None, context: Context) -> Refusal | None:
    """What the source asks of it: a purpose that there is, and a year that has come. The rest is the other side's."""
    if retire is None:
        return None
    if retire.purpose != NDC:
        return Refusal(ArrivalFault.PURPOSE_UNKNOWN, {"purpose": retire.purpose[:20]})
    if retire.year > context.on.year:
        return Refusal(ArrivalFault.YEAR_NOT_REACHED, {"year": retire.year, "on": context.on.isoformat()})
    return None
