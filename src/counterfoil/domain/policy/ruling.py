"""What one rule answers about one act, and on what it stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.basis import Basis
from counterfoil.domain.policy.figure import Figure


class PolicyFault(StrEnum):
    """What any rule may lack."""

    FACT_MISSING = "policy.fact_missing"
    VALUE_UNKNOWN = "policy.value_unknown"


class Outcome(StrEnum):
    """Allowed: this rule has nothing against it. Noted: the rule says something and decides nothing."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    ASKS = "asks"
    """A fact is missing, so the rule cannot answer. The act may not be done on it."""
    NOTED = "noted"


class Rounding(StrEnum):
    EXACT = "exact"
    UP = "up"
    DOWN = "down"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Amount:
    """A whole number of a unit (`t`, or minor units such as `SGD minor`), for somebody.

    `rounding` says how it became whole. Amounts of one ruling whose `part` is true sum to what was divided.
    """

    name: str
    quantity: int
    unit: str
    recipient: str = ""
    rounding: Rounding = Rounding.EXACT
    part: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """One answer. `basis` names the rule first, then each value that it used."""

    outcome: Outcome
    kind: str
    basis: tuple[Basis, ...]
    refusal: Refusal | None = None
    amounts: tuple[Amount, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    """Words that the rule says, such as the event of first transfer: (key, word)."""

    @property
    def doubtful(self) -> tuple[Basis, ...]:
        """Placeholders and general knowledge that stand behind this answer."""
        return tuple(basis for basis in self.basis if basis.doubtful)


NOTHING: Final[tuple[Ruling, ...]] = ()


def known(figures: Iterable[Figure]) -> tuple[Basis, ...]:
    """The bases of the values that were used; a number written in the rule stands on the rule."""
    return tuple(figure.basis for figure in figures if figure.basis is not None)


def allowed(
    kind: str,
    basis: Basis,
    *figures: Figure,
    amounts: Iterable[Amount] = (),
    notes: Iterable[tuple[str, str]] = (),
) -> Ruling:
    return Ruling(Outcome.ALLOWED, kind, (basis, *known(figures)), amounts=tuple(amounts), notes=tuple(notes))


def noted(kind: str, basis: Basis, *figures: Figure, notes: Iterable[tuple[str, str]] = ()) -> Ruling:
    return Ruling(Outcome.NOTED, kind, (basis, *known(figures)), notes=tuple(notes))


def refused(
    kind: str, basis: Basis, fault: StrEnum, facts: dict[str, JSON], *figures: Figure, amounts: Iterable[Amount] = ()
) -> Ruling:
    """A refusal always says which rule and which provision, beside the facts of its own text."""
    said: dict[str, JSON] = {**facts, "rule": basis.name, "pack": basis.pack, "provision": basis.provision}
    return Ruling(Outcome.REFUSED, kind, (basis, *known(figures)), refusal=Refusal(fault, said), amounts=tuple(amounts))


def asks(kind: str, basis: Basis, missing: Iterable[str]) -> Ruling:
    """The rule cannot answer without these facts."""
    names = tuple(missing)
    said: dict[str, JSON] = {"facts": ", ".join(names), "rule": basis.name, "pack": basis.pack}
    return Ruling(Outcome.ASKS, kind, (basis,), refusal=Refusal(PolicyFault.FACT_MISSING, said), missing=names)


def unknown_value(kind: str, basis: Basis, figure: Figure) -> Ruling:
    """The rule names a value that the pack does not know for the day."""
    return refused(kind, basis, PolicyFault.VALUE_UNKNOWN, {"value": figure.named})


def first_unknown(figures: Iterable[Figure]) -> Iterator[Figure]:
    return (figure for figure in figures if figure.quantity is None)


def verdict(rulings: Iterable[Ruling]) -> Outcome:
    """Refused if one rule refuses, open if one asks for a fact, else allowed."""
    outcomes = {ruling.outcome for ruling in rulings}
    if Outcome.REFUSED in outcomes:
        return Outcome.REFUSED
    return Outcome.ASKS if Outcome.ASKS in outcomes else Outcome.ALLOWED
