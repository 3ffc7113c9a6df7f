"""One rule of a pack, its dated versions, and the conditions under which it concerns an act."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.basis import Basis, Text
from counterfoil.domain.policy.facts import FactValue
from counterfoil.domain.policy.figure import Figure, Quantity


@dataclass(frozen=True, slots=True)
class Condition:
    """A rule concerns an act only when this fact is one of these."""

    fact: str
    one_of: frozenset[FactValue]

    def met(self, asked: Asked) -> bool:
        value = asked.facts[self.fact]
        return bool(value & self.one_of) if isinstance(value, frozenset) else value in self.one_of


@dataclass(frozen=True, slots=True)
class Clause:
    """One version of one rule. `acts` narrows the acts that its kind concerns; empty means all of them."""

    kind: str
    basis: Basis
    content: Any
    acts: frozenset[Act] = frozenset()
    when: tuple[Condition, ...] = ()

    @property
    def name(self) -> str:
        return self.basis.name


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One dated row of a value: a number with its unit, a word, or a list of words."""

    value: Quantity | str | tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Value:
    """A dated value of a pack. `requirements`: the ids of what it meets, such as `R-TWN-08`."""

    name: str
    unit: str
    label: Text
    rows: tuple[ValueRow, ...]
    requirements: tuple[str, ...] = ()

    def on(self, day: date) -> ValueRow | None:
        """The row in force on a day; None where the pack does not know."""
        return next((row for row in self.rows if day in row.basis.span), None)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and its versions, first day first. `requirements`: the ids of what it meets, such as `R-IDN-01`."""

    name: str
    kind: str
    label: Text
    versions: tuple[Clause, ...]
    requirements: tuple[str, ...] = ()

    def on(self, day: date) -> Clause | None:
        return next((clause for clause in self.versions if day in clause.basis.span), None)


def resolved(clause: Clause, values: Mapping[str, Value], day: date) -> Clause:
    """The clause with every figure that names a value replaced by the value of the day."""
    return replace(clause, content=_filled(clause.content, values, day))


def _filled(part: Any, values: Mapping[str, Value], day: date) -> Any:
    match part:
        case Figure():
            return _figure(part, values, day)
        case Mapping():
            return {key: _filled(item, values, day) for key, item in part.items()}
        case tuple():
            return tuple(_filled(item, values, day) for item in part)
    if not is_dataclass(part) or isinstance(part, type):
        return part
    return replace(part, **{field.name: _filled(getattr(part, field.name), values, day) for field in fields(part)})


def _figure(figure: Figure, values: Mapping[str, Value], day: date) -> Figure:
    if not figure.named:
        return figure
    row = values[figure.named].on(day)
    if row is None or not isinstance(row.value, Quantity):
        return figure
    return replace(figure, quantity=row.value, basis=row.basis)


def figures_of(part: Any) -> tuple[Figure, ...]:
    """Every figure in a rule's content, in the order of its fields."""
    match part:
        case Figure():
            return (part,)
        case Mapping():
            return tuple(figure for item in part.values() for figure in figures_of(item))
        case tuple():
            return tuple(figure for item in part for figure in figures_of(item))
    if not is_dataclass(part):
        return ()
    return tuple(figure for field in fields(part) for figure in figures_of(getattr(part, field.name)))


def as_fraction(value: FactValue) -> Fraction | None:
    return Fraction(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None
