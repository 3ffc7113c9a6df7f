"""Which authority may do which acts, and which acts one authority must never hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, noted, refused


class RoleFault(StrEnum):
    NOT_ENTITLED = "policy.role.not_entitled"


@dataclass(frozen=True, slots=True)
class RoleRule:
    """`may`: acts of the authority. `never`: acts that the same authority must hold under no other rule.

    `tasks` names what it does beside acts of the registry, such as holding money.
    """

    authority: str
    may: tuple[Act, ...] = ()
    never: tuple[Act, ...] = ()
    tasks: tuple[str, ...] = ()


def acts_of(rule: RoleRule) -> frozenset[Act]:
    """Only the acts that the authority may do."""
    return frozenset(rule.may)


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Where the law names who may act, another authority is refused; without a name, it says who may."""
    del law, on
    entitled = [clause for clause in clauses if asked.act in clause.content.may]
    if not entitled:
        return
    authority = asked.word("authority")
    named = [clause for clause in entitled if clause.content.authority == authority]
    if named:
        yield allowed("role", named[0].basis)
    elif authority:
        facts = {"authority": authority, "entitled": ", ".join(clause.content.authority for clause in entitled)}
        yield refused("role", entitled[0].basis, RoleFault.NOT_ENTITLED, {**facts, "act": asked.act.value})
    else:
        for clause in entitled:
            yield noted("role", clause.basis, notes=(("authority", clause.content.authority),))


ROLE: Final = Kind("role", RoleRule, frozenset(Act), decide, acts_of=acts_of)
