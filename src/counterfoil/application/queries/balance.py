"""The adjustment book of a Party: additions, subtractions and what was closed, with the cross-check from the unit book.

Source: 2/CMA.3 annex paras. 7-16; ADR-0003.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.adjustment import AWAITING_USE, Closing, awaiting_use_by_units, by_year
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import ADJUSTMENTS


class BalanceFault(StrEnum):
    OTHER_PARTY = "balance.other_party"


def balance_of(sight: Sight, party: str) -> Mapping[str, Any] | Refusal:
    """A Party's adjustments by commodity and year, before any averaging; empty years are left out."""
    own = sight.registry.party
    if party and party != own:
        return Refusal(BalanceFault.OTHER_PARTY, {"party": party[:20], "own": own})
    commodities: dict[str, list[tuple[str, int]]] = {}
    for row in sight.reading.balances():
        if row.book == ADJUSTMENTS:
            commodities.setdefault(row.commodity, []).append((row.account, row.amount))
    return {
        "party": own,
        "commodities": {
            commodity: _commodity(Party(own), dict(pairs)) for commodity, pairs in sorted(commodities.items())
        },
    }


def _commodity(party: Party, pairs: Mapping[str, int]) -> dict[str, Any]:
    years = by_year(party, pairs.items())
    return {
        "years": {
            str(year): {"added": entry.added, "subtracted": entry.subtracted, "net": entry.net}
            for year, entry in years.items()
        },
        "net": sum(entry.net for entry in years.values()),
        "awaiting_use": -pairs.get(AWAITING_USE, 0),
        "closed": {closing.name.lower(): -pairs.get(closing.value, 0) for closing in Closing},
    }


def awaiting_by_units(sight: Sight) -> dict[str, int]:
    """The cross-check of `awaiting_use` from the unit book alone; it reads every block."""
    return awaiting_use_by_units(sight.all_holdings(), party=sight.registry.party)
