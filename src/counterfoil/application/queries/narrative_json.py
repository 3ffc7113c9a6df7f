"""A narrative report as JSON for machines: answers, facts, gaps and sources, in one stable order.

Labels in both languages are added where they are shown. Two exports of the same journal and day are the same bytes.
"""

from collections.abc import Callable, Mapping
from typing import Any

from counterfoil.domain.accounting.flow import SplitRow
from counterfoil.domain.kernel.record import to_json
from counterfoil.domain.reporting.narrative.completeness import Gap
from counterfoil.domain.reporting.narrative.report import Answered, ApproachFacts, NarrativeReport
from counterfoil.domain.reporting.narrative.statement import Statement

Label = Callable[[str], Mapping[str, str]]
"""The title of an element in both languages, by its key."""
LINES = {"first_transferred": 6, "oimp": 7, "used": 8}


def narrative_json(report: NarrativeReport, *, label: Label, registry: Mapping[str, Any]) -> dict[str, Any]:
    """The whole report. `registry` brings what the edge knows of it, such as the mark of a demonstration."""
    account = report.account
    return {
        "report": report.kind.value,
        **registry,
        "party": report.party,
        "year": report.year,
        **({} if report.covers is None else {"covers": report.covers}),
        "as_of": report.as_of.isoformat(),
        "period": {"first": report.period.first, "last": report.period.last},
        "complete": report.complete,
        "assumed": list(report.assumed),
        "ndc": None if report.ndc is None else to_json(report.ndc),
        "method": None if account is None else to_json(account),
        "metrics": list(report.metrics),
        "approaches": [_approach(each) for each in report.approaches],
        "elements": [_element(each, label) for each in report.answered],
        "full_texts": dict(sorted(report.full_texts.items())),
        "gaps": [gap_json(gap) for gap in report.gaps],
    }


def _element(answered: Answered, label: Label) -> dict[str, Any]:
    element = answered.element
    told: dict[str, Any] = {
        "element": element.key,
        "number": element.number,
        "provision": element.provision,
        "need": element.need.value,
        "label": dict(label(element.key)),
    }
    if element.per_approach:
        told["cooperative_approach"] = answered.approach
    if answered.asked is not None:
        told["applies"] = answered.asked
    if answered.statement is not None:
        told["answer"] = statement_json(answered.statement)
    told["gaps"] = [gap_json(gap) for gap in answered.gaps]
    return told


def statement_json(statement: Statement) -> dict[str, Any]:
    """An answer; parts that it does not have are left out."""
    value: Any = to_json(statement)
    kept = {name: part for name, part in value.items() if part not in (None, "", [], {}, False)}
    for name in ("party", "element", "approach"):
        kept.pop(name, None)
    if not statement.years:
        kept.pop("unit", None)
    return kept


def gap_json(gap: Gap) -> dict[str, Any]:
    return {
        "kind": gap.kind.value,
        "element": gap.element,
        "provision": gap.provision,
        "cooperative_approach": gap.approach or None,
        "detail": gap.detail or None,
    }


def _approach(facts: ApproachFacts) -> dict[str, Any]:
    return {
        "id": facts.id,
        "title": facts.title,
        "participants": list(facts.participants),
        "first_transfer_definition": facts.first_transfer_definition or None,
        "mitigation_outcomes": [each.value for each in facts.classes],
        "activities": to_json(facts.activities),
        "authorizations": to_json(facts.events),
        "partner_authorizations": to_json(facts.foreign),
        "authorized_entities": to_json(facts.entities),
        "cancelled_for_omge": to_json(facts.omge),
        "given_for_adaptation": to_json(facts.adaptation),
        "amounts": [_amount(row) for row in facts.split],
    }


def _amount(row: SplitRow) -> dict[str, Any]:
    return {
        "line": LINES[row.kind.value],
        "year": row.year,
        "sector": row.sector,
        "transferring_party": row.transferring,
        "acquiring_or_using_party": row.using,
        "vintage": row.vintage,
        "unit": row.commodity.removeprefix("metric:"),
        "quantity": row.quantity,
    }
