"""A pack as a whole: its law, what it says about itself, and its cases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.policy.asked import Asked
from counterfoil.domain.policy.basis import Basis, Text
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.permits import permits
from counterfoil.domain.policy.ruling import Outcome, Ruling, verdict

STANDS_ON: Final = ("rule", "pack", "provision")
"""Facts of every refusal that say on what it stands, and nothing of the act."""


class PackKind(StrEnum):
    JURISDICTION = "jurisdiction"
    RULEBOOK = "rulebook"
    MECHANISM = "mechanism"
    PROGRAMME = "programme"
    LIST = "list"
    """A buyer's or a standard's list of conditions: rules about `accept`, and no law."""


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence that the law must bear out: these facts on this day, this answer.

    `fault` is the code of the first refusal; `amounts` must be among the amounts; `doubtful` says that a placeholder or
    general knowledge stands behind the answer.
    """

    says: Text
    on: date
    asked: Asked
    expect: Outcome
    fault: str = ""
    rule: str = ""
    amounts: Mapping[str, int] | None = None
    doubtful: bool | None = None
    requirements: tuple[str, ...] = ()
    """The ids of what the sentence shows, such as `R-SGP-03`."""


@dataclass(frozen=True, slots=True)
class Pack:
    """`covers` and `leaves_out`: what a lawyer is told first."""

    law: Law
    covers: tuple[Text, ...]
    leaves_out: tuple[Text, ...]
    cases: tuple[Case, ...] = ()

    @property
    def id(self) -> str:
        return self.law.pack


def failure(case: Case, law: Law) -> tuple[str, str] | None:
    """What was expected and what came, where the two differ; None where the case holds."""
    rulings = permits(law, case.asked, case.on)
    expected, found = _answers(case, rulings)
    for want, got in zip(expected, found, strict=True):
        if want != got:
            return want, got
    return None


def _answers(case: Case, rulings: tuple[Ruling, ...]) -> tuple[list[str], list[str]]:
    """The parts of an answer that the case speaks of, as expected and as found, most telling first."""
    refusal = first_refusal(rulings)
    expected, found = [str(case.expect)], [str(verdict(rulings))]
    if found != expected:
        found = [f"{found[0]} ({_why(rulings, refusal)})"]
    if case.fault:
        expected.append(case.fault)
        found.append(str(refusal.refusal.code) if refusal is not None and refusal.refusal is not None else "-")
    if case.rule:
        expected.append(case.rule)
        deciding = [refusal] if refusal is not None else list(rulings)
        names = {basis.name for ruling in deciding for basis in ruling.basis}
        found.append(case.rule if case.rule in names else ", ".join(sorted(names)) or "-")
    amounts = {amount.name: amount.quantity for ruling in rulings for amount in ruling.amounts}
    for name, quantity in (case.amounts or {}).items():
        expected.append(f"{name} = {quantity}")
        found.append(f"{name} = {amounts[name]}" if name in amounts else _others(amounts))
    if case.doubtful is not None:
        expected.append(f"doubtful = {case.doubtful}")
        found.append(f"doubtful = {bool(doubtful(rulings))}")
    return expected, found


def _others(amounts: Mapping[str, int]) -> str:
    """The amounts that there are, by the names under which a case may ask for them."""
    return ", ".join(f"{name} = {quantity}" for name, quantity in amounts.items()) or "no amount"


def _why(rulings: tuple[Ruling, ...], refusal: Ruling | None) -> str:
    """The refusal and its rule, the facts that are asked for, or the rules that had nothing against it."""
    if refusal is None or refusal.refusal is None:
        names = dict.fromkeys(ruling.basis[0].name for ruling in rulings if ruling.outcome is Outcome.ALLOWED)
        return ", ".join(names) or "no rule of the pack answers"
    if refusal.outcome is Outcome.ASKS:
        missing = dict.fromkeys(name for ruling in rulings for name in ruling.missing)
        return f"{refusal.basis[0].name}: {', '.join(missing)}?"
    facts = (f"{name} = {fact}" for name, fact in refusal.refusal.facts.items() if name not in STANDS_ON)
    return "; ".join((str(refusal.refusal.code), refusal.basis[0].name, ", ".join(facts))).removesuffix("; ")


def first_refusal(rulings: tuple[Ruling, ...]) -> Ruling | None:
    """The ruling that a user sees first: the first refusal, else the first question."""
    for outcome in (Outcome.REFUSED, Outcome.ASKS):
        for ruling in rulings:
            if ruling.outcome is outcome:
                return ruling
    return None


def doubtful(rulings: tuple[Ruling, ...]) -> list[str]:
    """Names of the placeholders and general knowledge that stand behind rulings which decide."""
    deciding = [ruling for ruling in rulings if ruling.outcome is not Outcome.NOTED]
    return sorted({basis.name for ruling in deciding for basis in ruling.doubtful})


def bases(law: Law) -> Iterator[Basis]:
    """Every dated row and version of a law."""
    for value in law.values.values():
        yield from (row.basis for row in value.rows)
    for rule in law.rules.values():
        yield from (clause.basis for clause in rule.versions)
