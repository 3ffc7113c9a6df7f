"""What an owner allows an exchange to deliver: a standing mandate, or an instruction for one trade.

No unit of a trade moves without one. The owner's own words lie in the evidence store, by their SHA-256. A mandate ends
by its last day, by its quantity or by its withdrawal; what was delivered under it stays delivered.

Source: requirement R-CMP-04.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import DIGEST, NAME
from counterfoil.domain.kernel.refusal import Refusal

MANDATE: Final = "sale_mandate"


class MandateFault(StrEnum):
    ID_UNREADABLE = "mandate.id_unreadable"
    ALREADY_GIVEN = "mandate.already_given"
    UNCLEAR = "mandate.unclear"
    UNKNOWN = "mandate.unknown"
    WITHDRAWN = "mandate.withdrawn"
    NOT_COVERING = "mandate.not_covering"


class Uncovered(StrEnum):
    """What of a trade a mandate does not cover."""

    ACCOUNT = "account"
    EXCHANGE = "exchange"
    TRADE = "trade"
    UNIT_CLASS = "unit_class"
    DAY = "day"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True)
class Mandate:
    """`trade` and `unit_class` narrow it where they are given. `quantity_max` and `delivered` count units."""

    id: str
    account: str
    exchange: str
    document: str
    quantity_max: int
    given_on: date
    last_day: date
    unit_class: str = ""
    trade: str = ""
    delivered: int = 0
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What shall be delivered: units of one class for one trade."""

    exchange: str
    trade: str
    account: str
    unit_class: str
    quantity: int


def readable_mandate(mandate: Mandate) -> Refusal | None:
    """Whether a mandate has a usable name, an end, a quantity, and the owner's words behind it."""
    if not NAME.match(mandate.id):
        return Refusal(MandateFault.ID_UNREADABLE, {"mandate": mandate.id[:80]})
    fit = DIGEST.match(mandate.document) and mandate.quantity_max > 0 and mandate.last_day >= mandate.given_on
    return None if fit else Refusal(MandateFault.UNCLEAR, {"mandate": mandate.id})


def withdrawn(mandate: Mandate, *, on: date) -> Mandate | Refusal:
    """The mandate after its owner took it back, which happens once."""
    if mandate.withdrawn_on is not None:
        facts = {"mandate": mandate.id, "on": mandate.withdrawn_on.isoformat()}
        return Refusal(MandateFault.WITHDRAWN, {**facts})
    return replace(mandate, withdrawn_on=on)


def delivered(mandate: Mandate, delivery: Delivery, *, on: date) -> Mandate | Refusal:
    """The mandate after one more delivery, or the first thing in which it does not cover it."""
    if mandate.withdrawn_on is not None:
        facts = {"mandate": mandate.id, "on": mandate.withdrawn_on.isoformat()}
        return Refusal(MandateFault.WITHDRAWN, {**facts})
    what = _uncovered(mandate, delivery, on)
    if what is not None:
        return Refusal(MandateFault.NOT_COVERING, {"mandate": mandate.id, "trade": delivery.trade, "what": what.value})
    return replace(mandate, delivered=mandate.delivered + delivery.quantity)


def _uncovered(mandate: Mandate, delivery: Delivery, on: date) -> Uncovered | None:
    if mandate.account != delivery.account:
        return Uncovered.ACCOUNT
    if mandate.exchange != delivery.exchange:
        return Uncovered.EXCHANGE
    if mandate.trade not in ("", delivery.trade):
        return Uncovered.TRADE
    if mandate.unit_class not in ("", delivery.unit_class):
        return Uncovered.UNIT_CLASS
    if not mandate.given_on <= on <= mandate.last_day:
        return Uncovered.DAY
    if mandate.delivered + delivery.quantity > mandate.quantity_max:
        return Uncovered.QUANTITY
    return None
