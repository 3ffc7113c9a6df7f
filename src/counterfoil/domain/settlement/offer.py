"""An offer inside the registry: units that one account offers to another, or to any, until a day.

Offered units stay where they are and go nowhere else until the offer is accepted, withdrawn, or its last day is over:
then they are free again by themselves. The price is sealed; the journal shows its hash only. Nothing here pays.

Source: requirement R-CMP-04; 2/CMA.3 annex para. 29 (records of a registry).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.settlement.trade import is_price

OFFER: Final = "offer"
OFFERED: Final = "offered"
"""The fact of units that are offered: the name of the offer, and its last day."""
DAYS_MAX: Final = 366
"""The longest time for which units may be offered."""
_CURRENCY: Final = re.compile(r"[A-Z]{3}\Z")


class OfferFault(StrEnum):
    NAME_TAKEN = "offer.name_taken"
    DAY_UNFIT = "offer.day_unfit"
    PRICE_NOT_SEALED = "offer.price_not_sealed"
    UNITS_OFFERED = "offer.units_offered"
    UNKNOWN = "offer.unknown"
    ENDED = "offer.ended"
    LAPSED = "offer.lapsed"
    OTHER_ACCOUNT = "offer.other_account"


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Offer:
    """Units `first` to `last` of a class, offered by `account` to the account `to`; empty means to any other.

    `until` is the last day on which it can be accepted.
    """

    id: str
    account: str
    to: str
    unit_class: str
    first: int
    last: int
    currency: str
    offered_on: date
    until: date
    state: OfferState = OfferState.OPEN
    buyer: str = ""
    ended_on: date | None = None

    @property
    def quantity(self) -> int:
        return self.last - self.first + 1

    @property
    def flag(self) -> list[str]:
        """What stands on the offered units."""
        return [self.id, self.until.isoformat()]


def readable_offer(offer: Offer, *, sealed: object) -> Refusal | None:
    """Whether an offer can be kept: it ends within a year, and its price is sealed, in minor units of its currency."""
    if not 0 <= (offer.until - offer.offered_on).days <= DAYS_MAX:
        days = {"until": offer.until.isoformat(), "on": offer.offered_on.isoformat()}
        return Refusal(OfferFault.DAY_UNFIT, {"offer": offer.id, "days_max": DAYS_MAX, **days})
    if not is_price(sealed) or not _CURRENCY.match(offer.currency):
        return Refusal(OfferFault.PRICE_NOT_SEALED, {"offer": offer.id})
    return None


def standing_offer(facts: Mapping[str, Any], on: date | None) -> str:
    """The name of the offer that keeps units with these facts on a day; empty where none does.

    >>> standing_offer({"offered": ["O-1", "2026-03-31"]}, date(2026, 3, 31))
    'O-1'
    >>> standing_offer({"offered": ["O-1", "2026-03-31"]}, date(2026, 4, 1))
    ''
    """
    flag = facts.get(OFFERED)
    if not flag or (on is not None and on.isoformat() > flag[1]):
        return ""
    return str(flag[0])


def accepted(offer: Offer, *, buyer: str, on: date) -> Offer | Refusal:
    """The offer after its acceptance, which happens once, in time, and by whom it was made to."""
    if offer.state is OfferState.OPEN and on > offer.until:
        return Refusal(OfferFault.LAPSED, {"offer": offer.id, "until": offer.until.isoformat()})
    if offer.to not in ("", buyer):
        return Refusal(OfferFault.OTHER_ACCOUNT, {"offer": offer.id, "account": buyer[:120]})
    return _open(offer) or replace(offer, state=OfferState.ACCEPTED, buyer=buyer, ended_on=on)


def withdrawn_offer(offer: Offer, *, on: date) -> Offer | Refusal:
    """The offer after it was taken back; one that has lapsed may still be tidied away."""
    return _open(offer) or replace(offer, state=OfferState.WITHDRAWN, ended_on=on)


def _open(offer: Offer) -> Refusal | None:
    if offer.state is OfferState.OPEN:
        return None
    ended = offer.ended_on.isoformat() if offer.ended_on is not None else "-"
    return Refusal(OfferFault.ENDED, {"offer": offer.id, "state": offer.state.value, "on": ended})
