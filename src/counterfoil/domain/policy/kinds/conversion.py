"""Giving up units of one type for units of another: what it needs, and what it does in both ledgers.

No unit is created or lost: the ratio must turn tonnes into as many tonnes, which is checked when the pack is loaded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import FACT, In, Names
from counterfoil.domain.policy.figure import Figure
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Amount, Ruling, allowed, asks, refused, unknown_value

EFFECT: Final = "effect"
"""The key of the note that says what happens in the two ledgers."""
CANCELLED, ISSUED, LABELLED = "cancelled", "issued", "labelled"


class ConversionFault(StrEnum):
    NOT_PROVIDED = "policy.conversion.not_provided"
    FIRST_TRANSFERRED = "policy.conversion.first_transferred"
    NO_CANCELLATION_PROOF = "policy.conversion.no_cancellation_proof"
    CONDITION_UNMET = "policy.conversion.condition_unmet"
    NOT_WHOLE = "policy.conversion.not_whole"


class Effect(StrEnum):
    """What happens in the two ledgers."""

    CANCEL_AND_ISSUE = "cancel_and_issue"
    """Cancelled in the ledger it came from, issued in this one. Only before first transfer, and against proof."""
    SAME_LEDGER = "same_ledger"
    """One ledger; the old form is cancelled and the new one issued in one entry."""
    LABEL = "label"
    """The unit stays where it is and carries a label; nothing is issued."""


@dataclass(frozen=True, slots=True)
class ConversionRule:
    """`ratio`: units received for each unit given up, received first, so that `1:2` gives one for two.

    `both_ways`: the same arrangement also leads back.
    """

    from_types: tuple[str, ...]
    to_type: str
    effect: Effect
    ratio: Annotated[Figure | None, In("ratio")] = None
    needs: Annotated[tuple[str, ...], Names(FACT)] = ()
    both_ways: bool = False


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """A conversion that no rule provides for is refused. Types are not converted by themselves."""
    silence = law.silence(on)
    if missing := asked.missing("from_type", "to_type", "quantity_t"):
        yield asks("conversion", clauses[0].basis if clauses else silence, missing)
        return
    pair = (asked.word("from_type"), asked.word("to_type"))
    for clause in clauses:
        if leads(clause.content, *pair):
            yield _converted(clause, asked)
            return
    facts = {"from_type": pair[0], "to_type": pair[1]}
    yield refused("conversion", silence, ConversionFault.NOT_PROVIDED, {**facts})


def leads(rule: ConversionRule, source: str, target: str) -> bool:
    """Whether the rule leads from one type to another."""
    there = source in rule.from_types and target == rule.to_type
    return there or (rule.both_ways and source == rule.to_type and target in rule.from_types)


def _converted(clause: Clause, asked: Asked) -> Ruling:
    rule: ConversionRule = clause.content
    guards = ("first_transferred", "cancellation_proof") if rule.effect is Effect.CANCEL_AND_ISSUE else ()
    if missing := asked.missing(*guards, *rule.needs):
        return asks("conversion", clause.basis, missing)
    types: dict[str, JSON] = {"from_type": asked.word("from_type"), "to_type": asked.word("to_type")}
    if guards and asked.yes("first_transferred"):
        return refused("conversion", clause.basis, ConversionFault.FIRST_TRANSFERRED, {**types})
    if guards and not asked.yes("cancellation_proof"):
        return refused("conversion", clause.basis, ConversionFault.NO_CANCELLATION_PROOF, {**types})
    unmet = [fact for fact in rule.needs if not asked.yes(fact)]
    if unmet:
        return refused("conversion", clause.basis, ConversionFault.CONDITION_UNMET, {**types, "condition": unmet[0]})
    if rule.effect is Effect.LABEL:
        labelled = Amount(LABELLED, asked.whole("quantity_t"), "t")
        return allowed("conversion", clause.basis, amounts=(labelled,), notes=((EFFECT, rule.effect.value),))
    return _issued(clause, asked)


def _issued(clause: Clause, asked: Asked) -> Ruling:
    """Cancelled units and issued units. A quantity that does not come out whole is refused, never rounded."""
    rule: ConversionRule = clause.content
    assert rule.ratio is not None, "checked when the pack is loaded"
    if rule.ratio.quantity is None:
        return unknown_value("conversion", clause.basis, rule.ratio)
    back = asked.word("from_type") not in rule.from_types
    quantity = asked.whole("quantity_t")
    issued = quantity / rule.ratio.amount if back else quantity * rule.ratio.amount
    if issued.denominator != 1:
        return refused(
            "conversion",
            clause.basis,
            ConversionFault.NOT_WHOLE,
            {"quantity_t": quantity, "ratio": str(rule.ratio.quantity)},
            rule.ratio,
        )
    amounts = (
        Amount(CANCELLED, quantity, asked.word("from_type")),
        Amount(ISSUED, issued.numerator, asked.word("to_type")),
    )
    return allowed("conversion", clause.basis, rule.ratio, amounts=amounts, notes=((EFFECT, rule.effect.value),))


CONVERSION_KIND: Final = Kind("conversion", ConversionRule, frozenset({Act.CONVERT}), decide)
