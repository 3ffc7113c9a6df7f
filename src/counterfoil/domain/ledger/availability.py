"""Whether an account may dispose of units now.

The order of the checks is part of the contract: existence, whole range in the account, holds.
"""

from collections.abc import Sequence
from enum import StrEnum

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Hold, Holding
from counterfoil.domain.units.serials import SerialRange


class UnitsFault(StrEnum):
    UNKNOWN = "units.unknown"
    NOT_HELD = "units.not_held"
    IN_FLIGHT = "units.in_flight"
    LEFT = "units.left"
    SPENT = "units.spent"
    ON_HOLD = "units.on_hold"


def available(
    unit_class: str, first: int, last: int, *, account: str, holdings: Sequence[Holding], holds: Sequence[Hold]
) -> Refusal | None:
    """None when `account` is a holding that has every serial from `first` to `last`, and no hold touches them.

    Units in flight, abroad, used or cancelled are nobody's to dispose of, even for who names the account they stand in.

    Args:
        holdings: What the book says of the range, in order.
        holds: The holds that touch the range.
    """
    missing = first_missing(first, last, holdings)
    if missing is not None:
        return Refusal(UnitsFault.UNKNOWN, {**_named(unit_class, first, last, account), "serial": missing})
    for holding in holdings:
        if holding.account != account or role(account) is not AccountRole.HOLDING:
            facts = _named(unit_class, first, last, account)
            found = {**facts, "serials": str(holding.serials), "found": holding.account}
            return Refusal(_whereabouts(holding.account), found)
    if holds:
        facts = _named(unit_class, first, last, account)
        return Refusal(UnitsFault.ON_HOLD, {**facts, "hold": holds[0].key, "reason": holds[0].reason})
    return None


def _named(unit_class: str, first: int, last: int, account: str) -> dict[str, str]:
    return {"units": f"{unit_class} {SerialRange(first, last)}", "account": account}


def first_missing(first: int, last: int, holdings: Sequence[Holding]) -> int | None:
    """The first serial from `first` to `last` that is in no holding."""
    expected = first
    for holding in holdings:
        if holding.first > expected:
            return expected
        expected = holding.last + 1
    return expected if expected <= last else None


def _whereabouts(account: str) -> UnitsFault:
    match role(account):
        case AccountRole.TERMINAL:
            return UnitsFault.SPENT
        case AccountRole.PENDING:
            return UnitsFault.IN_FLIGHT
        case AccountRole.ABROAD:
            return UnitsFault.LEFT
        case AccountRole.HOLDING | AccountRole.SOURCE:
            return UnitsFault.NOT_HELD
