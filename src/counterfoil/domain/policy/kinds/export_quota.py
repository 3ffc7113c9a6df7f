"""Quotas for export by level: a nation's from its surplus, a sector's from the nation's, an enterprise's excess."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Amount, Ruling, allowed, asks, refused


class QuotaFault(StrEnum):
    ABOVE_ROOM = "policy.quota.above_room"
    EXCEEDED = "policy.quota.exceeded"
    LEVEL_UNKNOWN = "policy.quota.level_unknown"


class QuotaBasis(StrEnum):
    """What bounds the quota of one level."""

    SURPLUS = "surplus"
    """Achieved reductions less the target; nothing below zero."""
    PARENT = "parent"
    """What is left of the quota of the level above."""
    EXCESS = "excess"
    """Reductions beyond the benchmark, and what is left of the level above."""
    DECISION = "decision"
    """Whatever the authority sets."""


@dataclass(frozen=True, slots=True)
class ExportQuotaRule:
    """`levels`: what bounds the quota of each level, such as nation, sector, enterprise."""

    levels: Mapping[str, QuotaBasis]


_FACTS: Final = {
    QuotaBasis.SURPLUS: ("achieved_t", "target_t"),
    QuotaBasis.PARENT: ("parent_quota_t", "allocated_t"),
    QuotaBasis.EXCESS: ("excess_t", "parent_quota_t", "allocated_t"),
    QuotaBasis.DECISION: (),
}


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Setting a quota is bounded by its level; an authorization draws the balance of its quota down."""
    del law, on
    for clause in clauses:
        yield _set(clause, asked) if asked.act is Act.SET_QUOTA else _drawn(clause, asked)


def _set(clause: Clause, asked: Asked) -> Ruling:
    if asked.missing("level"):
        return asks("export_quota", clause.basis, ("level",))
    levels = clause.content.levels
    level = asked.word("level")
    if level not in levels:
        facts = {"level": level, "known": ", ".join(levels)}
        return refused("export_quota", clause.basis, QuotaFault.LEVEL_UNKNOWN, {**facts})
    bound = levels[level]
    if missing := asked.missing("quota_t", *_FACTS[bound]):
        return asks("export_quota", clause.basis, missing)
    if bound is QuotaBasis.DECISION:
        return allowed("export_quota", clause.basis)
    room = quota_room(bound, asked)
    amounts = (Amount("quota_max", room, "t"),)
    if asked.whole("quota_t") > room:
        facts = {"level": level, "quota_t": str(asked.whole("quota_t")), "room_t": str(room)}
        return refused("export_quota", clause.basis, QuotaFault.ABOVE_ROOM, {**facts}, amounts=amounts)
    return allowed("export_quota", clause.basis, amounts=amounts)


def quota_room(bound: QuotaBasis, asked: Asked) -> int:
    """The largest quota that the level may have, whole tonnes, never below zero."""
    if bound is QuotaBasis.SURPLUS:
        return max(0, asked.whole("achieved_t") - asked.whole("target_t"))
    left = max(0, asked.whole("parent_quota_t") - asked.whole("allocated_t"))
    return left if bound is QuotaBasis.PARENT else min(left, max(0, asked.whole("excess_t")))


def _drawn(clause: Clause, asked: Asked) -> Ruling:
    if missing := asked.missing("quota_t", "quota_used_t", "quantity_t"):
        return asks("export_quota", clause.basis, missing)
    left = asked.whole("quota_t") - asked.whole("quota_used_t")
    quantity = asked.whole("quantity_t")
    if quantity > left:
        facts = {"quantity_t": quantity, "quota_t": asked.whole("quota_t"), "left_t": left}
        return refused("export_quota", clause.basis, QuotaFault.EXCEEDED, {**facts})
    return allowed("export_quota", clause.basis, amounts=(Amount("quota_left", left - quantity, "t"),))


EXPORT_QUOTA: Final = Kind("export_quota", ExportQuotaRule, frozenset({Act.SET_QUOTA, Act.AUTHORIZE}), decide)
