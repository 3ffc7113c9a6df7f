"""Types of units: their size, whether they may leave the country or be listed, and what they may be used for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import FACT, In, Names
from counterfoil.domain.policy.figure import Figure
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, asks, refused


class UnitTypeFault(StrEnum):
    UNKNOWN = "policy.unit_type.unknown"
    NOT_EXPORTABLE = "policy.unit_type.not_exportable"
    NOT_LISTABLE = "policy.unit_type.not_listable"
    CONDITION_UNMET = "policy.unit_type.condition_unmet"
    USE_NOT_OPEN = "policy.unit_type.use_not_open"


@dataclass(frozen=True, slots=True)
class UnitTypeRule:
    """`size`: what one unit stands for. `export_needs`: facts that must be yes before it leaves the country.

    `uses`: what it may be used for at home; empty means that this rule does not say. `legal_class`: a word of the law.
    """

    code: str
    size: Annotated[Figure, In("t|kg")]
    exportable: bool = False
    listable: bool = False
    export_needs: Annotated[tuple[str, ...], Names(FACT)] = ()
    uses: tuple[str, ...] = ()
    legal_class: str = ""
    reversible: bool = False


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """A type that the law does not know cannot leave the country, be listed or be used."""
    foreign = asked.word("origin") not in ("", law.jurisdiction)
    limited = any(clause.content.uses for clause in clauses)
    if not clauses or (asked.act is Act.USE and asked.missing("unit_type") and (foreign or not limited)):
        return
    if asked.missing("unit_type"):
        yield asks("unit_type", clauses[0].basis, ("unit_type",))
        return
    code = asked.word("unit_type")
    named = [clause for clause in clauses if clause.content.code == code]
    if named:
        yield _permitted(named[0], asked)
    elif asked.act is not Act.USE:
        # A foreign unit may be used: recognition and compliance decide on it, not the list of national types.
        known = ", ".join(clause.content.code for clause in clauses)
        yield refused("unit_type", law.silence(on), UnitTypeFault.UNKNOWN, {"unit_type": code, "known": known})


def _permitted(clause: Clause, asked: Asked) -> Ruling:
    rule: UnitTypeRule = clause.content
    facts = {"unit_type": rule.code}
    match asked.act:
        case Act.FIRST_TRANSFER:
            return _export(clause, asked)
        case Act.LIST if not rule.listable:
            return refused("unit_type", clause.basis, UnitTypeFault.NOT_LISTABLE, {**facts})
        case Act.USE if rule.uses and asked.missing("use"):
            return asks("unit_type", clause.basis, ("use",))
        case Act.USE if rule.uses and asked.word("use") not in rule.uses:
            said = {**facts, "use": asked.word("use"), "open": ", ".join(rule.uses)}
            return refused("unit_type", clause.basis, UnitTypeFault.USE_NOT_OPEN, {**said})
    return allowed("unit_type", clause.basis)


def _export(clause: Clause, asked: Asked) -> Ruling:
    rule: UnitTypeRule = clause.content
    if not rule.exportable:
        return refused("unit_type", clause.basis, UnitTypeFault.NOT_EXPORTABLE, {"unit_type": rule.code})
    if missing := asked.missing(*rule.export_needs):
        return asks("unit_type", clause.basis, missing)
    unmet = [fact for fact in rule.export_needs if not asked.yes(fact)]
    if unmet:
        facts = {"unit_type": rule.code, "condition": unmet[0]}
        return refused("unit_type", clause.basis, UnitTypeFault.CONDITION_UNMET, {**facts})
    return allowed("unit_type", clause.basis)


UNIT_TYPE_KIND: Final = Kind("unit_type", UnitTypeRule, frozenset({Act.FIRST_TRANSFER, Act.LIST, Act.USE}), decide)
