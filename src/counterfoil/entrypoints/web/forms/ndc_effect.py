"""What an act does to a Party's adjustments: the years that it touches, before and after, by the adjustment book.

The corresponding adjustment of a year adds what was first transferred and subtracts what was used (2/CMA.3 annex
para. 8), so its change is known exactly and at once; the emissions balance follows it by the method of the period.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

ADJUSTMENTS: Final = "adjustments"
_ACCOUNT: Final = re.compile(r"ndc:(?P<party>[^:]+):(?P<year>\d{4}):(?P<side>added|subtracted)\Z")


@dataclass(frozen=True, slots=True)
class NdcEffect:
    """One year of one Party in one commodity. `added` and `subtracted` are pairs of before and after, as magnitudes."""

    party: str
    year: int
    commodity: str
    added: tuple[int, int]
    subtracted: tuple[int, int]

    @property
    def change(self) -> int:
        """What the year's adjustment changes by: above zero, the emissions balance rises."""
        return (self.added[1] - self.added[0]) - (self.subtracted[1] - self.subtracted[0])


def ndc_effect(balances: Iterable[Mapping[str, Any]]) -> tuple[NdcEffect, ...]:
    """The years whose adjustments a preview changes, in order."""
    sides: dict[tuple[str, int, str], dict[str, tuple[int, int]]] = {}
    for each in balances:
        found = _ACCOUNT.match(each["account"]) if each["book"] == ADJUSTMENTS else None
        if found is not None:
            key = (found["party"], int(found["year"]), each["commodity"])
            # A side of the book is a credit or a debit; people read how much of it there is.
            sides.setdefault(key, {})[found["side"]] = (abs(each["before"]), abs(each["after"]))
    return tuple(
        NdcEffect(*key, told.get("added", (0, 0)), told.get("subtracted", (0, 0)))
        for key, told in sorted(sides.items())
    )
