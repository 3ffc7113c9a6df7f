"""The emissions balance of the years that an act touches, as it is and as it would be; and the room that is left.

The balance of a year is its covered emissions plus its corresponding adjustment. Under averaging an act changes the
average of all elapsed years, so that each moves by its share. Source: 2/CMA.3 annex paras. 7-8.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any, Final

from counterfoil.application.queries.earlier import EarlierFault
from counterfoil.application.queries.emissions_balance import party_balance
from counterfoil.application.queries.party_accounts import Gather, party_accounts
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.ctf_lines import TONNES
from counterfoil.domain.accounting.emissions_balance import Method
from counterfoil.domain.accounting.period_account import PERIOD_ACCOUNT
from counterfoil.domain.authorizations.quota import QUOTA
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.forms.ndc_effect import NdcEffect

RUNNING: Final = "running"
YEAR_OPEN: Final = "year_open"
"""Why a year has no balance yet: it is not over."""
BEING_READ: Final = "being_read"
"""Soon after a start the journal is still being read."""
FIRST_TRANSFERRED: Final = "first_transferred_quantity"
_CENTS: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Balance:
    """One year of this registry's Party: the balance before and after in tonnes, or why it cannot be determined."""

    year: int
    before: Decimal | int | None = None
    after: Decimal | int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What a quota or a letter of authorization still leaves: used before and after, of how much in all."""

    kind: str
    key: str
    before: int
    after: int
    of: int | None

    @property
    def left(self) -> int | None:
        return None if self.of is None else self.of - self.after


def balances_of(
    sight: Sight, effects: Iterable[NdcEffect], on: date, gather: Gather = party_accounts
) -> tuple[Balance, ...]:
    """The balances of the own Party's years that an act touches. Another Party's are that Party's to know."""
    registry = sight.registry
    own = [each for each in effects if each.party == registry.party and each.commodity == TONNES and each.change]
    if not own or not registry.is_party:
        return ()
    found = party_balance(sight, party=registry.party, as_of=on, gather=gather)
    if isinstance(found, Refusal):
        reason = BEING_READ if found.code == EarlierFault.BEING_READ else str(found.code)
        return tuple(Balance(each.year, reason=reason) for each in own)
    basis = (sight.record(PERIOD_ACCOUNT, str(found["period"])) or {}).get("basis", "")
    return tuple(_balance(each, found, basis) for each in own)


def _balance(effect: NdcEffect, found: Mapping[str, Any], basis: str) -> Balance:
    years: Mapping[str, Any] = found["years"]
    said = years.get(str(effect.year))
    if said is None:
        return Balance(effect.year, reason=YEAR_OPEN)
    before = said["balance"]
    if isinstance(before, Mapping) and "exact" not in before:
        return Balance(effect.year, reason=next(iter(before.values())))
    exact = Fraction(before["exact"]) if isinstance(before, Mapping) else Fraction(before)
    return Balance(effect.year, _shown(exact), _shown(exact + _share(effect, found, basis)))


def _share(effect: NdcEffect, found: Mapping[str, Any], basis: str) -> Fraction:
    """By how much the act moves the balance of its own year."""
    if found["method"] != Method.AVERAGING.value:
        return Fraction(effect.change)
    first = int(str(found["period"]).partition("-")[0])
    elapsed = effect.year - first + 1 if basis == RUNNING else len(found["years"])
    return Fraction(effect.change, elapsed)


def _shown(value: Fraction) -> Decimal | int:
    """Whole tonnes as they are; a share of one rounded half to even, for reading only."""
    if value.denominator == 1:
        return value.numerator
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_CENTS, ROUND_HALF_EVEN)


def rooms_of(sight: Sight, records: Sequence[Mapping[str, Any]]) -> tuple[Room, ...]:
    """The quotas and letters of which a preview's records use something."""
    return tuple(found for each in records if (found := _room(sight, each)) is not None)


def _room(sight: Sight, record: Mapping[str, Any]) -> Room | None:
    kind, key, before, after = (record[name] for name in ("kind", "key", "before", "after"))
    if kind == QUOTA and isinstance(after, Mapping):
        used = [0 if each is None else each["allocated_t"] + each["drawn_t"] for each in (before, after)]
        return Room("quota", key, used[0], used[1], after["quantity_t"])
    if kind == FIRST_TRANSFERRED and isinstance(after, int):
        letter = sight.record("authorization", key) or {}
        return Room("authorization", key, before or 0, after, letter.get("authorized_quantity"))
    return None
