"""What an activity must be to suit a pathway, and what speaks for a pathway without deciding."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.basis import Text
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import FACT, Names
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, asks, noted, refused


class SuitabilityFault(StrEnum):
    UNSUITED = "policy.pathway.unsuited"


@dataclass(frozen=True, slots=True)
class SuitabilityRule:
    """`needs`: facts that must be yes. `forbids`: facts that must be no. `one_of`: words of which a fact is one.

    `known`: facts that must be answered, whatever the answer, because another law decides on them.
    `weight` above zero: the rule excludes nothing; where it is met, it speaks for the pathway with that weight.
    `otherwise`: what would change the answer.
    """

    needs: Annotated[tuple[str, ...], Names(FACT)] = ()
    forbids: Annotated[tuple[str, ...], Names(FACT)] = ()
    one_of: Annotated[Mapping[str, tuple[str, ...]], Names(FACT)] = field(default_factory=dict)
    known: Annotated[tuple[str, ...], Names(FACT)] = ()
    weight: int = 0
    otherwise: Text | None = None


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Each rule answers for itself. One with a weight is told, and a fact that it lacks holds nothing up."""
    del law, on
    for clause in clauses:
        yield _leaning(clause, asked) if clause.content.weight > 0 else _suited(clause, asked)


def weight(clause: Clause, asked: Asked) -> int:
    """How much a rule speaks for the pathway: its weight where it is met, else nothing."""
    rule: SuitabilityRule = clause.content
    met = not asked.missing(*_facts(rule)) and next(_unmet(rule, asked), None) is None
    return rule.weight if met else 0


def _suited(clause: Clause, asked: Asked) -> Ruling:
    rule: SuitabilityRule = clause.content
    unmet = next(_unmet(rule, asked), None)
    if unmet is not None:
        return refused("suitability", clause.basis, SuitabilityFault.UNSUITED, {"condition": unmet})
    if missing := asked.missing(*_facts(rule)):
        return asks("suitability", clause.basis, missing)
    return allowed("suitability", clause.basis)


def _leaning(clause: Clause, asked: Asked) -> Ruling:
    told = noted("suitability", clause.basis, notes=(("weight", str(weight(clause, asked))),))
    return replace(told, missing=asked.missing(*_facts(clause.content)))


def _facts(rule: SuitabilityRule) -> tuple[str, ...]:
    return (*rule.needs, *rule.forbids, *rule.one_of, *rule.known)


def _unmet(rule: SuitabilityRule, asked: Asked) -> Iterator[str]:
    """The conditions that an answer contradicts; a fact that is not known contradicts nothing."""
    yield from (f"{fact} = yes" for fact in rule.needs if not asked.missing(fact) and not asked.yes(fact))
    yield from (f"{fact} = no" for fact in rule.forbids if asked.yes(fact))
    for fact, words in rule.one_of.items():
        if not asked.missing(fact) and not asked.words(fact) <= set(words):
            yield f"{fact} = {' | '.join(words)}"


SUITABILITY: Final = Kind("suitability", SuitabilityRule, frozenset({Act.PLACE}), decide)
