"""The gate through which units leave: open, surplus only, positive list, capped share, a decision, or closed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.kernel.share import share_down
from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.basis import Text
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import FACT, In, Names
from counterfoil.domain.policy.figure import SHARE, Figure
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Amount, Rounding, Ruling, allowed, asks, refused, unknown_value


class ExportFault(StrEnum):
    CLOSED = "policy.export.closed"
    NO_SURPLUS = "policy.export.no_surplus"
    ABOVE_SURPLUS = "policy.export.above_surplus"
    NOT_ON_LIST = "policy.export.not_on_list"
    CAP_EXCEEDED = "policy.export.cap_exceeded"
    CLASS_UNKNOWN = "policy.export.class_unknown"
    NOT_DECIDED = "policy.export.not_decided"


class Gate(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    SURPLUS_ONLY = "surplus_only"
    """Only what was achieved beyond the NDC target of the nation or sector."""
    POSITIVE_LIST = "positive_list"
    """Only listed types of activity."""
    SHARE_CAP = "share_cap"
    """At most a share of the activity's verified reductions, by class of project."""
    DECISION = "decision"
    """Whatever an authority decides; `decision` names the fact that says it did."""


@dataclass(frozen=True, slots=True)
class ExportGateRule:
    """`listed`: types of activity with a label each. `caps`: the largest share by class of project."""

    gate: Gate
    listed: Mapping[str, Text] = field(default_factory=dict)
    caps: Annotated[Mapping[str, Figure], In(SHARE)] = field(default_factory=dict)
    decision: Annotated[str, Names(FACT)] = ""


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Every gate in force must be open. A country without a gate says nothing here."""
    del law, on
    for clause in clauses:
        yield _gate(clause, asked)


def _gate(clause: Clause, asked: Asked) -> Ruling:
    rule: ExportGateRule = clause.content
    match rule.gate:
        case Gate.OPEN:
            return allowed("export_gate", clause.basis)
        case Gate.CLOSED:
            return refused("export_gate", clause.basis, ExportFault.CLOSED, {})
        case Gate.SURPLUS_ONLY:
            return _surplus(clause, asked)
        case Gate.POSITIVE_LIST:
            return _listed(clause, asked)
        case Gate.SHARE_CAP:
            return _capped(clause, asked)
        case Gate.DECISION:
            return _decided(clause, asked)


def _surplus(clause: Clause, asked: Asked) -> Ruling:
    if missing := asked.missing("achieved_t", "target_t", "quantity_t"):
        return asks("export_gate", clause.basis, missing)
    surplus = asked.whole("achieved_t") - asked.whole("target_t")
    facts = {"achieved_t": asked.whole("achieved_t"), "target_t": asked.whole("target_t"), "surplus_t": surplus}
    if surplus <= 0:
        return refused("export_gate", clause.basis, ExportFault.NO_SURPLUS, {**facts})
    if asked.whole("quantity_t") > surplus:
        quantity = {"quantity_t": asked.whole("quantity_t")}
        return refused("export_gate", clause.basis, ExportFault.ABOVE_SURPLUS, {**facts, **quantity})
    return allowed("export_gate", clause.basis, amounts=(Amount("surplus", surplus, "t"),))


def _listed(clause: Clause, asked: Asked) -> Ruling:
    if asked.missing("activity_type"):
        return asks("export_gate", clause.basis, ("activity_type",))
    listed = clause.content.listed
    if asked.word("activity_type") not in listed:
        facts = {"activity_type": asked.word("activity_type"), "listed": ", ".join(listed)}
        return refused("export_gate", clause.basis, ExportFault.NOT_ON_LIST, {**facts})
    return allowed("export_gate", clause.basis)


def _capped(clause: Clause, asked: Asked) -> Ruling:
    """The cap is rounded down to whole tonnes: what stays in the country is never less than the law says."""
    if missing := asked.missing("project_class", "verified_t", "exported_t", "quantity_t"):
        return asks("export_gate", clause.basis, missing)
    caps, project_class = clause.content.caps, asked.word("project_class")
    if project_class not in caps:
        facts = {"project_class": project_class, "known": ", ".join(caps)}
        return refused("export_gate", clause.basis, ExportFault.CLASS_UNKNOWN, {**facts})
    cap = caps[project_class]
    if cap.quantity is None:
        return unknown_value("export_gate", clause.basis, cap)
    most = share_down(asked.whole("verified_t"), cap.amount)
    amounts = (Amount("export_max", most, "t", rounding=Rounding.DOWN),)
    if asked.whole("exported_t") + asked.whole("quantity_t") > most:
        facts = {"share": str(cap.quantity), "export_t_max": str(most), "quantity_t": str(asked.whole("quantity_t"))}
        return refused("export_gate", clause.basis, ExportFault.CAP_EXCEEDED, {**facts}, cap, amounts=amounts)
    return allowed("export_gate", clause.basis, cap, amounts=amounts)


def _decided(clause: Clause, asked: Asked) -> Ruling:
    decision = clause.content.decision
    if asked.missing(decision):
        return asks("export_gate", clause.basis, (decision,))
    if not asked.yes(decision):
        return refused("export_gate", clause.basis, ExportFault.NOT_DECIDED, {"decision": decision})
    return allowed("export_gate", clause.basis)


EXPORT_GATE: Final = Kind("export_gate", ExportGateRule, frozenset({Act.AUTHORIZE, Act.FIRST_TRANSFER}), decide)
