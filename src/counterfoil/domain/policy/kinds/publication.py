"""Who may read a field: the public, the partner of an agreement, or the national authorities alone."""

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


class PublicationFault(StrEnum):
    NOT_FOR_READER = "policy.publication.not_for_reader"


class Reader(StrEnum):
    PUBLIC = "public"
    PARTNER = "partner"
    NATIONAL = "national"


WIDTH: Final = (Reader.PUBLIC, Reader.PARTNER, Reader.NATIONAL)
"""Widest circle first: what the public may read, everybody may read."""


@dataclass(frozen=True, slots=True)
class PublicationRule:
    """`otherwise` is the circle of every field that no list names."""

    otherwise: Reader
    public: tuple[str, ...] = ()
    partner: tuple[str, ...] = ()
    national: tuple[str, ...] = ()


def circle(rule: PublicationRule, field: str) -> Reader:
    """The widest circle that may read a field."""
    lists = {Reader.NATIONAL: rule.national, Reader.PARTNER: rule.partner, Reader.PUBLIC: rule.public}
    return next((reader for reader, fields in lists.items() if field in fields), rule.otherwise)


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """A reader outside the circle is refused; a field in several lists has the narrowest circle."""
    del law, on
    for clause in clauses:
        if missing := asked.missing("field", "reader"):
            yield asks("publication", clause.basis, missing)
            continue
        widest = circle(clause.content, asked.word("field"))
        if asked.word("reader") in WIDTH[WIDTH.index(widest) :]:
            yield allowed("publication", clause.basis, notes=(("circle", widest.value),))
        else:
            facts = {"field": asked.word("field"), "reader": asked.word("reader"), "circle": widest.value}
            yield refused("publication", clause.basis, PublicationFault.NOT_FOR_READER, {**facts})


PUBLICATION: Final = Kind("publication", PublicationRule, frozenset({Act.PUBLISH}), decide)
