"""Pathways in which an activity may be placed: Article 6.2, 6.4 or 6.8, a results payment, a scheme at home, or a mix.

Source: Paris Agreement, arts. 6.2, 6.4 and 6.8.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.basis import Text
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import FACT, Names
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, asks, refused

PATHWAY_FACT: Final = "pathway"


class PathwayFault(StrEnum):
    UNKNOWN = "policy.pathway.unknown"
    MORE_THAN_WHOLE = "policy.pathway.more_than_whole"


@dataclass(frozen=True, slots=True)
class PathwayRule:
    """One pathway, or a mix of several.

    `asks`: what the law of the country is asked, as kinds of rules by act. `provides`: kinds of rules that the law of
    the country must hold. `without`: facts that the pathway has no use for, so that no rule asks for them.

    `parts` makes a mix: its pathways, each with the answers that hold of that part alone. `tonnes`: facts with the
    tonnes of the parts, which together are at most the fact `whole`. `warns` is told with the pathway.
    """

    code: str
    asks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provides: tuple[str, ...] = ()
    without: Annotated[tuple[str, ...], Names(FACT)] = ()
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tonnes: Annotated[tuple[str, ...], Names(FACT)] = ()
    whole: Annotated[str, Names(FACT)] = ""
    warns: Text | None = None


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Whether there is such a pathway, and whether the parts of a mix are no more than the whole."""
    if not clauses:
        return
    if asked.missing(PATHWAY_FACT):
        yield asks("pathway", clauses[0].basis, (PATHWAY_FACT,))
        return
    code = asked.word(PATHWAY_FACT)
    named = [clause for clause in clauses if clause.content.code == code]
    if named:
        yield _weighed(named[0], asked)
    else:
        known = ", ".join(clause.content.code for clause in clauses)
        yield refused("pathway", law.silence(on), PathwayFault.UNKNOWN, {"pathway": code, "known": known})


def _weighed(clause: Clause, asked: Asked) -> Ruling:
    """No tonne is in two parts: the tonnes of all parts fit into the whole."""
    rule: PathwayRule = clause.content
    if not rule.whole:
        return allowed("pathway", clause.basis)
    if missing := asked.missing(rule.whole, *rule.tonnes):
        return asks("pathway", clause.basis, missing)
    together = sum(asked.whole(fact) for fact in rule.tonnes)
    if together > asked.whole(rule.whole):
        facts: dict[str, JSON] = {"pathway": rule.code, "together_t": together, "whole_t": asked.whole(rule.whole)}
        return refused("pathway", clause.basis, PathwayFault.MORE_THAN_WHOLE, facts)
    return allowed("pathway", clause.basis)


PATHWAY: Final = Kind("pathway", PathwayRule, frozenset({Act.PLACE}), decide)
