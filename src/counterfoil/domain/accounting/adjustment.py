"""The adjustment book: what first transfers add to a Party's emissions balance and what uses take from it.

The book is double entry like the unit book. A first transfer adds to the host and waits; a use, or a cancellation for
other purposes or for overall mitigation, closes what waited. Over all Parties and years, additions minus subtractions
equal what was closed for OIMP and OMGE plus what was first transferred and not used.

Read next: `domain/accounting/emissions_balance.py`.
Source: 2/CMA.3 annex paras. 7-16; 4/CMA.6 para. 17; ADR-0003.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.accounting.unit_facts import Status, unit_facts
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Holding
from counterfoil.domain.ledger.entry import ADJUSTMENTS, Posting
from counterfoil.domain.units.identifier import UnitClass, unit_class

AWAITING_USE: Final = "awaiting-use"


class Closing(StrEnum):
    """How a first transferred unit ends other than by NDC use. Cancelled without a purpose, it stays unused."""

    OIMP = "closed:oimp"
    OMGE = "closed:omge"
    UNUSED = "closed:unused"


def added(party: Party, vintage: int) -> str:
    return f"ndc:{party}:{vintage}:added"


def subtracted(party: Party, year: int) -> str:
    return f"ndc:{party}:{year}:subtracted"


def year_of(account: str, party: str) -> int | None:
    """The year of an account that stands for additions to a Party's balance or subtractions from it; else None.

    >>> year_of("ndc:CHE:2025:subtracted", "CHE"), year_of("awaiting-use", "CHE")
    (2025, None)
    """
    match account.split(":"):
        case ["ndc", owner, year, "added" | "subtracted"] if owner == party:
            return int(year)
    return None


def first_transfer_postings(
    *, party: Party, vintage: int, quantity: int, commodity: str, closing: Closing | None = None
) -> tuple[Posting, ...]:
    """Add to the host's balance in the year of the vintage, whatever the day of the event.

    Args:
        closing: Set when the event itself ends the unit (use or cancellation for OIMP, cancellation for OMGE).

    Source: 2/CMA.3 annex para. 8(a) (addition of the quantity authorized and first transferred), paras. 13-16.
    """
    return (
        Posting(ADJUSTMENTS, commodity, added(party, vintage), quantity),
        Posting(ADJUSTMENTS, commodity, AWAITING_USE if closing is None else closing.value, -quantity),
    )


def use_postings(*, party: Party, year: int, quantity: int, commodity: str) -> tuple[Posting, ...]:
    """Take from the using Party's balance in the year of use. Acquisition and holding have no effect.

    Source: 2/CMA.3 annex para. 8(b) (subtraction of the quantity used).
    """
    return (
        Posting(ADJUSTMENTS, commodity, AWAITING_USE, quantity),
        Posting(ADJUSTMENTS, commodity, subtracted(party, year), -quantity),
    )


def closing_postings(*, closing: Closing, quantity: int, commodity: str) -> tuple[Posting, ...]:
    """Close what waited for use, without any Party's balance moving."""
    return (
        Posting(ADJUSTMENTS, commodity, AWAITING_USE, quantity),
        Posting(ADJUSTMENTS, commodity, closing.value, -quantity),
    )


def awaiting_use_by_units(holdings: Iterable[Holding], *, party: str) -> dict[str, int]:
    """What the adjustment book of one registry must await, by commodity, told by the unit book alone.

    Own units that are first transferred and not ended here wait; foreign units ended here have been answered. The
    balance of `awaiting-use` with its sign turned must equal the difference: two paths for one number (ADR-0003).
    """
    waiting: dict[str, int] = {}
    for holding in holdings:
        facts = unit_facts(holding.facts)
        if facts.status is not Status.FIRST_TRANSFERRED:
            continue
        of = unit_class(holding.unit_class)
        assert isinstance(of, UnitClass)
        ended = role(holding.account) is AccountRole.TERMINAL
        sign = (of.party == party and not ended) - (of.party != party and ended)
        commodity = facts.metric.commodity
        waiting[commodity] = waiting.get(commodity, 0) + sign * holding.serials.size
    return waiting


@dataclass(frozen=True, slots=True)
class YearAdjustments:
    """One Party's additions and subtractions for one year, both as magnitudes, in the commodity's unit."""

    added: int = 0
    subtracted: int = 0

    @property
    def net(self) -> int:
        """The corresponding adjustment of the year, before any averaging: plus makes the balance worse."""
        return self.added - self.subtracted


def by_year(party: Party, balances: Iterable[tuple[str, int]]) -> dict[int, YearAdjustments]:
    """A Party's adjustments by year, from (account, balance) pairs of one commodity of the adjustment book."""
    years: dict[int, YearAdjustments] = {}
    for account, balance in balances:
        words = account.split(":")
        if words[0] != "ndc" or words[1] != party:
            continue
        year = int(words[2])
        known = years.get(year, YearAdjustments())
        if words[3] == "added":
            years[year] = YearAdjustments(known.added + balance, known.subtracted)
        else:
            years[year] = YearAdjustments(known.added, known.subtracted - balance)
    return dict(sorted(years.items()))
