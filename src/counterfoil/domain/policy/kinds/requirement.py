"""Conditions that an act must meet, as far as they are a yes, a no, a bound or a list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import ANY, FACT, In, Names
from counterfoil.domain.policy.figure import Figure
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, asks, noted, refused, unknown_value


class RequirementFault(StrEnum):
    UNMET = "policy.requirement.unmet"


@dataclass(frozen=True, slots=True)
class RequirementRule:
    """`needs`: facts that must be yes. `forbids`: facts that must be no. `at_least`, `at_most`: bounds, both included.

    `one_of`, `none_of`: lists of words. `advice`: the requirement is told and does not refuse.
    """

    needs: Annotated[tuple[str, ...], Names(FACT)] = ()
    forbids: Annotated[tuple[str, ...], Names(FACT)] = ()
    at_least: Annotated[Mapping[str, Figure], In(ANY), Names(FACT)] = field(default_factory=dict)
    at_most: Annotated[Mapping[str, Figure], In(ANY), Names(FACT)] = field(default_factory=dict)
    one_of: Annotated[Mapping[str, tuple[str, ...]], Names(FACT)] = field(default_factory=dict)
    none_of: Annotated[Mapping[str, tuple[str, ...]], Names(FACT)] = field(default_factory=dict)
    advice: bool = False


def facts_of(rule: RequirementRule) -> tuple[str, ...]:
    """Every fact that the requirement asks for."""
    return (*rule.needs, *rule.forbids, *rule.at_least, *rule.at_most, *rule.one_of, *rule.none_of)


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Each requirement answers for itself; its first unmet condition is named."""
    del law, on
    for clause in clauses:
        yield _required(clause, asked)


def _required(clause: Clause, asked: Asked) -> Ruling:
    rule: RequirementRule = clause.content
    if missing := asked.missing(*facts_of(rule)):
        return asks("requirement", clause.basis, missing)
    bounds = (*rule.at_least.values(), *rule.at_most.values())
    for bound in bounds:
        if bound.quantity is None:
            return unknown_value("requirement", clause.basis, bound)
    unmet = next(_unmet(rule, asked), None)
    if unmet is None:
        return allowed("requirement", clause.basis, *bounds)
    if rule.advice:
        return noted("requirement", clause.basis, *bounds, notes=(("unmet", unmet),))
    return refused("requirement", clause.basis, RequirementFault.UNMET, {"condition": unmet}, *bounds)


def _unmet(rule: RequirementRule, asked: Asked) -> Iterator[str]:
    yield from (fact for fact in rule.needs if not asked.yes(fact))
    yield from (f"{fact} = no" for fact in rule.forbids if asked.yes(fact))
    for fact, bound in rule.at_least.items():
        if asked.number(fact) < bound.amount:
            yield f"{fact} ≥ {bound.quantity}"
    for fact, bound in rule.at_most.items():
        if asked.number(fact) > bound.amount:
            yield f"{fact} ≤ {bound.quantity}"
    for fact, words in rule.one_of.items():
        if not asked.words(fact) <= set(words):
            yield f"{fact} ∈ {', '.join(words)}"
    for fact, words in rule.none_of.items():
        if asked.words(fact) & set(words):
            yield f"{fact} ∉ {', '.join(words)}"


REQUIREMENT: Final = Kind("requirement", RequirementRule, frozenset(Act), decide, acts_required=True)
