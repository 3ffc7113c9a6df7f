"""The lowest price at which the host lets units be sold, or a reference price that is only told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import In
from counterfoil.domain.policy.figure import PRICE, Figure, minor
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, asks, noted, refused, unknown_value

NAME: Final = "price_floor"


class PriceFloorFault(StrEnum):
    BELOW = "policy.price_floor.below"
    OTHER_CURRENCY = "policy.price_floor.other_currency"


@dataclass(frozen=True, slots=True)
class PriceFloorRule:
    """`least`: the price of one tonne, such as `"30 SGD/t"`. `advice`: a reference price, told and never refusing.

    Prices are compared in one currency; the engine has no rates of exchange.
    """

    least: Annotated[Figure, In(PRICE)]
    advice: bool = False


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """A price below the floor is refused, an unknown one is asked for. A reference price is told. Source: R-FRI-04."""
    del law, on
    for clause in clauses:
        yield _judged(clause, asked)


def _judged(clause: Clause, asked: Asked) -> Ruling:
    rule: PriceFloorRule = clause.content
    if rule.least.quantity is None:
        return unknown_value(NAME, clause.basis, rule.least)
    missing = asked.missing("price", "currency")
    if missing and not rule.advice:
        return asks(NAME, clause.basis, missing)
    currency = rule.least.unit.partition("/")[0]
    least = rule.least.amount * minor(currency)
    reference = ("least", str(rule.least.quantity))
    if missing or (rule.advice and asked.word("currency") != currency):
        return noted(NAME, clause.basis, rule.least, notes=(reference, ("price", "open")))
    if asked.word("currency") != currency:
        facts = {"currency": asked.word("currency"), "least": str(rule.least.quantity)}
        return refused(NAME, clause.basis, PriceFloorFault.OTHER_CURRENCY, {**facts}, rule.least)
    if asked.whole("price") >= least:
        return allowed(NAME, clause.basis, rule.least)
    if rule.advice:
        return noted(NAME, clause.basis, rule.least, notes=(reference, ("price", "below")))
    said: dict[str, JSON] = {"price": asked.whole("price"), "currency": currency, "least": str(rule.least.quantity)}
    return refused(NAME, clause.basis, PriceFloorFault.BELOW, said, rule.least)


PRICE_FLOOR: Final = Kind(
    NAME,
    PriceFloorRule,
    frozenset({Act.TRADE, Act.TRANSFER, Act.FIRST_TRANSFER, Act.ACQUIRE, Act.LIST}),
    decide,
    acts_required=True,
)
