"""Procedures: steps in their order, and acts that wait for a step, such as national approval before a standard.

A procedure whose steps are stages is the life of an activity; `domain/activities/cycle.py` makes a table of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.basis import Text
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import In
from counterfoil.domain.policy.figure import Figure
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, asks, refused
from counterfoil.domain.policy.stages import Clock, Gate, LifeAct, Stage


class CycleFault(StrEnum):
    STEP_UNKNOWN = "policy.cycle.step_unknown"
    STEP_MISSING = "policy.cycle.step_missing"
    STEP_DONE = "policy.cycle.step_done"


@dataclass(frozen=True, slots=True)
class CycleRule:
    """`steps` in their order, with a label each. `gates`: an act waits until this step is done.

    With `stages`, some of the steps are stages of an activity's life, each taken only from the one before it (or back).
    `needs`: what entering a stage, or an act of the life, waits for. `within`: how long a stage or a clock may take.
    `stops`: what a suspension stops beside issuance. `crediting_max`, in years, by the type of mitigation, `_fixed`
    added for a period that is never renewed; `renewals_max` likewise, as counts. `one_step`: an activity may still be
    registered without its earlier stages. Source: ADR-0028.
    """

    cycle: str
    steps: tuple[str, ...]
    labels: Mapping[str, Text]
    gates: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    within: Annotated[Mapping[str, Figure], In("days|months|years|year")] = field(default_factory=dict)
    stops: tuple[str, ...] = ()
    crediting_max: Annotated[Mapping[str, Figure], In("years|year")] = field(default_factory=dict)
    renewals_max: Annotated[Mapping[str, Figure], In("count")] = field(default_factory=dict)
    one_step: bool = False


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


def unknown_words(rule: CycleRule) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Words about the life of an activity that mean nothing: the key, the word, and the words that are known there."""
    early = tuple(stage.value for stage in Stage if stage not in (Stage.CLOSED, Stage.WITHDRAWN))
    acts = (LifeAct.FIRST_TRANSFER.value, LifeAct.MONITOR.value, LifeAct.VERIFY.value)
    needing = (*(stage.value for stage in Stage), *(act.value for act in LifeAct))
    timed = (*early, *(clock.value for clock in Clock))
    credited = tuple(f"{kind}{fixed}" for kind in ("reduction", "removal") for fixed in ("", "_fixed"))
    gates = tuple(gate.value for gate in Gate)
    for key, words, known in (
        ("stages", tuple(rule.stages), rule.steps),
        ("stages", tuple(rule.stages.values()), early),
        ("needs", tuple(rule.needs), needing),
        ("needs", tuple(gate for named in rule.needs.values() for gate in named), gates),
        ("within", tuple(rule.within), timed),
        ("stops", rule.stops, acts),
        ("crediting_max", tuple(rule.crediting_max), credited),
        ("renewals_max", tuple(rule.renewals_max), credited),
    ):
        yield from ((key, word, known) for word in words if word not in known)


CYCLE: Final = Kind("cycle", CycleRule, frozenset(Act), decide, acts_of=acts_of)
