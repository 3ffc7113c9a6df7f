"""A scheme's list of eligible units by host, programme and methodology. A unit must match one entry in force."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import CODE, Names
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, asks, refused


class EligibilityFault(StrEnum):
    NOT_LISTED = "policy.eligibility.not_listed"


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """One entry. Empty `methodologies`: every methodology of the programme that is not in `excluded`."""

    scheme: str
    hosts: Annotated[tuple[str, ...], Names(CODE)]
    programmes: tuple[str, ...] = ()
    methodologies: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Only schemes that have a list ask for it. Where one entry fits, that entry answers."""
    own = [clause for clause in clauses if clause.content.scheme == asked.word("scheme")]
    if not own:
        return
    if missing := asked.missing("origin", "standard", "methodology"):
        yield asks("eligibility", own[0].basis, missing)
        return
    fitting = [clause for clause in own if _fits(clause.content, asked)]
    if fitting:
        yield allowed("eligibility", fitting[0].basis)
        return
    facts = {name: asked.word(name) for name in ("scheme", "origin", "standard", "methodology")}
    yield refused("eligibility", law.silence(on), EligibilityFault.NOT_LISTED, {**facts})


def _fits(rule: EligibilityRule, asked: Asked) -> bool:
    methodology = asked.word("methodology")
    return (
        asked.word("origin") in rule.hosts
        and asked.word("standard") in rule.programmes
        and (not rule.methodologies or methodology in rule.methodologies)
        and methodology not in rule.excluded
    )


ELIGIBILITY: Final = Kind("eligibility", EligibilityRule, frozenset({Act.SURRENDER}), decide)
