"""The readiness view: what a country has, pilots or lacks, from its pack and, where it is here, from its registry.

Read next: `domain/policy/readiness.py`.
Source: requirements R-GLB-14, R-TWN-08.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.adopted import AdoptedFault
from counterfoil.application.queries.law import basis_view, text_view
from counterfoil.application.queries.readiness_ground import adopted_pack, ground_of
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.laws import Laws
from counterfoil.domain.policy.readiness import Evidence, Ground, GroupCount, Line, State, counted, readiness

RULEBOOK: Final = "readiness"
"""The pack that holds the criteria."""
COUNTRIES_MAX: Final = 60
View = dict[str, Any]


class ReadinessFault(StrEnum):
    NOTHING_KNOWN = "readiness.nothing_known"
    RULEBOOK_ABSENT = "readiness.rulebook_absent"
    TOO_MANY = "readiness.too_many"


def readiness_of(laws: Laws, *, jurisdiction: str, sight: Sight | None, on: date) -> View | Refusal:
    """Every line with its state, its evidence and what to do next.

    Args:
        laws: Where the rulebook and the pack of the jurisdiction are found.
        jurisdiction: Its code or the id of its pack.
        sight: A look at its registry; None asks the pack alone.
        on: The day of the answer; what was recorded for a later day does not count.
    """
    criteria = laws.law(RULEBOOK)
    if criteria is None:
        return Refusal(ReadinessFault.RULEBOOK_ABSENT, {"pack": RULEBOOK})
    ground = None if sight is None else ground_of(sight, criteria, on)
    adopted = None if ground is None else adopted_pack(ground)
    law = laws.law(jurisdiction.lower() if adopted is None else str(adopted["pack"]))
    if law is None and adopted is not None:
        return Refusal(AdoptedFault.NOT_LOADED, {"pack": adopted["pack"], "version": adopted["version"]})
    if law is not None and not law.jurisdiction:
        law = None
    if law is None and sight is None:
        return Refusal(ReadinessFault.NOTHING_KNOWN, {"jurisdiction": jurisdiction[:40]})
    lines = readiness(criteria, law, ground, on)
    states = Counter(line.state for line in lines)
    return {
        "jurisdiction": jurisdiction.upper() if law is None else law.jurisdiction,
        "on": on.isoformat(),
        "law": None if law is None else {**_pack(law), "title": text_view(law.title)},
        "adopted": None if adopted is None else dict(adopted),
        "rulebook": _pack(criteria),
        "registry": None if sight is None else _registry(sight),
        "lines": [_line(line, criteria, law) for line in lines],
        "counts": {state.value: states[state] for state in State},
        "groups": [] if law is None else [_group(each, law) for each in counted(law, lines, on)],
        "unplaced": [] if ground is None else _unplaced(ground, lines),
    }


def compared(laws: Laws, codes: Sequence[str], *, on: date) -> View | Refusal:
    """Several countries beside each other, each by its pack alone."""
    codes = list(dict.fromkeys(code.upper() for code in codes))
    if len(codes) > COUNTRIES_MAX:
        return Refusal(ReadinessFault.TOO_MANY, {"countries": len(codes), "countries_max": COUNTRIES_MAX})
    views: list[View] = []
    for code in codes:
        view = readiness_of(laws, jurisdiction=code, sight=None, on=on)
        if isinstance(view, Refusal):
            return view
        views.append(view)
    countries = [{"jurisdiction": view["jurisdiction"], **view["law"], "counts": view["counts"]} for view in views]
    head = views[0]["lines"] if views else []
    rows = [
        {
            **{name: line[name] for name in ("criterion", "group", "label")},
            "states": {view["jurisdiction"]: view["lines"][place]["state"] for view in views},
            "doubtful": [view["jurisdiction"] for view in views if view["lines"][place]["doubtful"]],
        }
        for place, line in enumerate(head)
    ]
    return {"on": on.isoformat(), "countries": countries, "lines": rows}


def group_count(view: Mapping[str, Any], name: str) -> int:
    """How many parts that one rule of the pack names the country has, such as `four_gaps`."""
    return next((int(each["has"]) for each in view["groups"] if each["name"] == name), 0)


def _pack(law: Law) -> View:
    return {"pack": law.pack, "version": law.version}


def _registry(sight: Sight) -> View:
    registry = sight.registry
    row = sight.reading.last_checkpoint()
    return {
        "registry": registry.registry,
        "name": registry.name,
        "origin": registry.origin,
        "demonstration": registry.demonstration,
        "entries": 0 if row is None else row.size,
    }


def _line(line: Line, criteria: Law, law: Law | None) -> View:
    rule = line.criterion.content
    return {
        "criterion": line.name,
        "group": rule.group.value,
        "label": text_view(line.criterion.basis.label),
        "state": line.state.value,
        "shadow": line.shadow,
        "doubtful": line.doubtful,
        "evidence": [_evidence(each, law) for each in line.evidence],
        "next": [] if line.state in (State.HAS, State.NOT_APPLICABLE) else list(rule.next),
        "asked_by": basis_view(line.criterion.basis, criteria),
    }


def _evidence(evidence: Evidence, law: Law | None) -> View:
    view: View = {"means": evidence.means.value, "state": evidence.state.value, "on": evidence.on.isoformat()}
    if evidence.basis is not None:
        view["rule"] = basis_view(evidence.basis, law)
    if evidence.shown is not None:
        view |= {"entry": evidence.shown.entry, "record": evidence.shown.kind, "key": evidence.shown.key}
    if evidence.document:
        view["document"] = evidence.document
    return view


def _group(count: GroupCount, law: Law) -> View:
    return {
        "name": count.rule.name,
        "label": text_view(count.rule.basis.label),
        "has": count.has,
        "of": count.of,
        "criteria": [*count.rule.content.lacks, *count.rule.content.pilots],
        "rule": basis_view(count.rule.basis, law),
    }


def _unplaced(ground: Ground, lines: Sequence[Line]) -> list[View]:
    """Statements on what no criterion asks: told, so that a slip of the pen does not count in silence for nothing."""
    known = {line.name for line in lines}
    return [
        {"criterion": said.criterion, "entry": said.shown.entry}
        for said in ground.statements
        if said.criterion not in known
    ]
