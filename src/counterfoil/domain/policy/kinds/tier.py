"""Levels of approval in order, such as a state and then the federation; each may approve a part of the quantity."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, asks, refused


class TierFault(StrEnum):
    APPROVAL_MISSING = "policy.tier.approval_missing"
    QUANTITY_NOT_APPROVED = "policy.tier.quantity_not_approved"


@dataclass(frozen=True, slots=True)
class TierRule:
    """`order`: the levels, first one first."""

    order: tuple[str, ...]


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """The first level without approval is named; then the least approved quantity (`approved_t.LEVEL`) binds."""
    del law, on
    for clause in clauses:
        yield _tiers(clause, asked)


def _tiers(clause: Clause, asked: Asked) -> Ruling:
    if asked.missing("approvals"):
        return asks("tier", clause.basis, ("approvals",))
    given = asked.words("approvals")
    for level in clause.content.order:
        if level not in given:
            facts = {"level": level, "order": " → ".join(clause.content.order)}
            return refused("tier", clause.basis, TierFault.APPROVAL_MISSING, facts)
    approved = [
        (asked.whole(name), level) for level in clause.content.order if (name := f"approved_t.{level}") in asked.facts
    ]
    if approved and "quantity_t" in asked.facts and asked.whole("quantity_t") > min(approved)[0]:
        least, level = min(approved)
        facts = {"level": level, "approved_t": least, "quantity_t": asked.whole("quantity_t")}
        return refused("tier", clause.basis, TierFault.QUANTITY_NOT_APPROVED, facts)
    return allowed("tier", clause.basis)


TIER: Final = Kind(
    "tier", TierRule, frozenset({Act.REGISTER, Act.AUTHORIZE, Act.ISSUE, Act.FIRST_TRANSFER, Act.REPORT}), decide,
    acts_required=True,
)  # fmt: skip
