"""One line of the readiness view: what is asked of a country, and what counts as evidence. Told, never decided on.

Source: 2/CMA.3 annex para. 4; requirement R-GLB-14.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.kinds.party import PartyStatus
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling


class Group(StrEnum):
    """The parts of the view, in their order."""

    PARTICIPATION = "participation"
    SYSTEM = "system"
    LAW = "law"
    REGISTRY = "registry"


class Shows(StrEnum):
    """What records can show: that something works, or that it is tried out."""

    HAS = "has"
    PILOTS = "pilots"


@dataclass(frozen=True, slots=True)
class CriterionRule:
    """What counts as evidence, beside a statement of an authority, which counts for every criterion.

    `law`: kinds of rules; one rule in force of one of them is enough. `decisive`: kinds of these whose rules say by
    their presence, where none fits, that it is missing. `records`: kinds of records in the books, of which each must be
    there. Behind a kind stand conditions such as `may=authorize`, of which one is enough; `&` joins several into one,
    `!=` is not. `attested`: a letter of the participation responsibilities. `apart`: who is not asked. `shadow`: whose
    evidence is a shadow that does not count. `next`: what to run, without `counterfoil`.
    """

    group: Group
    next: tuple[str, ...]
    law: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decisive: tuple[str, ...] = ()
    records: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    records_show: Shows = Shows.HAS
    attested: str = ""
    apart: tuple[PartyStatus, ...] = ()
    shadow: tuple[PartyStatus, ...] = ()


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """No act is asked of it."""
    del clauses, asked, law, on
    yield from ()


CRITERION: Final = Kind("criterion", CriterionRule, frozenset(), decide)
