"""A law as it stands on one day: asked many times about that day, it looks up its rules and values once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.law import Law


@dataclass(frozen=True, slots=True)
class DayLaw(Law):
    """The same law. About any other day it answers as the law itself does."""

    day: date = date.min
    clauses: Mapping[str, tuple[Clause, ...]] = field(default_factory=dict)

    def in_force(self, kind: str, on: date) -> Iterator[Clause]:
        if on != self.day:
            return Law.in_force(self, kind, on)
        return iter(self.clauses.get(kind, ()))


def day_law(law: Law, day: date) -> DayLaw:
    """The law with what is in force on the day, by kind."""
    kinds = dict.fromkeys(rule.kind for rule in law.rules.values())
    clauses = {kind: tuple(law.in_force(kind, day)) for kind in kinds}
    said = {each.name: getattr(law, each.name) for each in fields(Law)}
    return DayLaw(**said, day=day, clauses=clauses)
