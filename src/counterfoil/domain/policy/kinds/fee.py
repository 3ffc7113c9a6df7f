"""Fees for acts: an amount for the act, or for each tonne."""

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
from counterfoil.domain.policy.figure import MONEY, Figure, minor
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Amount, Rounding, Ruling, allowed, asks, refused, unknown_value

PAID: Final = "fee_paid."
"""Facts of this beginning say what was paid or waived for the fee of a rule, in minor units; the engine knows them."""
BEFORE_ACT: Final = "before_act"


class FeeFault(StrEnum):
    UNPAID = "policy.fee.unpaid"


class Per(StrEnum):
    ACT = "act"
    TONNE = "tonne"


@dataclass(frozen=True, slots=True)
class FeeRule:
    """`amount` is money, such as 500 USD; `per` says for what: for the act, or for each tonne of it.

    With `before_act` the act waits until the fee is paid or waived.
    """

    payer: str
    recipient: str
    amount: Annotated[Figure, In(MONEY)]
    per: Per = Per.ACT
    before_act: bool = False


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """The fee in minor units, rounded up. A fee is told; it stops the act only where it is due before it."""
    del law, on
    for clause in clauses:
        yield _fee(clause, asked)


def _fee(clause: Clause, asked: Asked) -> Ruling:
    rule: FeeRule = clause.content
    if rule.amount.quantity is None:
        return unknown_value("fee", clause.basis, rule.amount)
    if rule.per is Per.TONNE and asked.missing("quantity_t"):
        return asks("fee", clause.basis, ("quantity_t",))
    times = asked.whole("quantity_t") if rule.per is Per.TONNE else 1
    due = rule.amount.amount * minor(rule.amount.unit) * times
    whole = -(-due.numerator // due.denominator)
    amount = Amount(clause.name, whole, f"{rule.amount.unit} minor", rule.recipient, Rounding.UP)
    notes: tuple[tuple[str, str], ...] = (("payer", rule.payer),)
    if not rule.before_act:
        return allowed("fee", clause.basis, rule.amount, amounts=(amount,), notes=notes)
    name = f"{PAID}{clause.name}"
    settled = asked.whole(name) if name in asked.facts else 0
    if settled < whole:
        facts: dict[str, JSON] = {"amount": whole, "settled": settled, "currency": rule.amount.unit}
        return refused("fee", clause.basis, FeeFault.UNPAID, facts, rule.amount, amounts=(amount,))
    notes = (*notes, (BEFORE_ACT, str(whole)))
    return allowed("fee", clause.basis, rule.amount, amounts=(amount,), notes=notes)


FEE: Final = Kind("fee", FeeRule, frozenset(Act), decide, acts_required=True)
