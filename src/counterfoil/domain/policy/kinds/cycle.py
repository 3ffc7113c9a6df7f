"""Procedures: steps in their order, and acts that wait for a step, such as national approval before a standard."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.basis import Text
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, asks, refused


class CycleFault(StrEnum):
    STEP_UNKNOWN = "policy.cycle.step_unknown"
    STEP_MISSING = "policy.cycle.step_missing"
    STEP_DONE = "policy.cycle.step_done"


@dataclass(frozen=True, slots=True)
class CycleRule:
    """`steps` in their order, with a label each. `gates`: an act waits until this step is done."""

    cycle: str
    steps: tuple[str, ...]
    labels: Mapping[str, Text]
    gates: Mapping[str, str] = field(default_factory=dict)


def acts_of(rule: CycleRule) -> frozenset[Act]:
    """Taking a step, and the acts that wait for one."""
    return frozenset({Act.ADVANCE, *(act for act in Act if act.value in rule.gates)})


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """No step before the one ahead of it, none twice, and no act before its step."""
    del law, on
    for clause in clauses:
        if asked.act is Act.ADVANCE:
            if not asked.word("cycle") or asked.word("cycle") == clause.content.cycle:
                yield _advance(clause, asked)
        elif asked.act.value in clause.content.gates:
            yield _gate(clause, asked)


def _advance(clause: Clause, asked: Asked) -> Ruling:
    rule: CycleRule = clause.content
    if missing := asked.missing("cycle", "step", "done"):
        return asks("cycle", clause.basis, missing)
    step, done = asked.word("step"), asked.words("done")
    facts = {"cycle": rule.cycle, "step": step}
    if step not in rule.steps:
        return refused("cycle", clause.basis, CycleFault.STEP_UNKNOWN, {**facts, "known": ", ".join(rule.steps)})
    if step in done:
        return refused("cycle", clause.basis, CycleFault.STEP_DONE, {**facts})
    return _ahead(clause, rule.steps[: rule.steps.index(step)], done, step)


def _gate(clause: Clause, asked: Asked) -> Ruling:
    rule: CycleRule = clause.content
    if asked.missing("done"):
        return asks("cycle", clause.basis, ("done",))
    last = rule.gates[asked.act.value]
    return _ahead(clause, rule.steps[: rule.steps.index(last) + 1], asked.words("done"), asked.act.value)


def _ahead(clause: Clause, steps: Sequence[str], done: frozenset[str], wanted: str) -> Ruling:
    for step in steps:
        if step not in done:
            facts = {"cycle": clause.content.cycle, "step": wanted, "missing": step}
            return refused("cycle", clause.basis, CycleFault.STEP_MISSING, {**facts})
    return allowed("cycle", clause.basis)


CYCLE: Final = Kind("cycle", CycleRule, frozenset(Act), decide, acts_of=acts_of)
