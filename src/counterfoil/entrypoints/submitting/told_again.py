"""A report that is filed, beside the same report told anew from the register as of its own day: equal, and complete?

Only the JSON that a report command wrote can be compared. One that was written elsewhere says nothing that the register
could confirm, so it counts as differing, and is filed with a public reason only.

Source: 2/CMA.3 annex paras. 18-19, 21-23 (what a report must tell); requirement R-A62-21.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from counterfoil.application.queries.ctf_table4 import ctf_table4, table_json
from counterfoil.application.queries.initial_report import initial_report
from counterfoil.application.queries.regular_information import regular_information
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.flow import Basis
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.domain.reporting.summary_json import REPORT as SUMMARY_REPORT
from counterfoil.entrypoints.reports.narrative_files import json_bytes
from counterfoil.entrypoints.submitting.aef_bytes import json_of

_BESIDE: Final = frozenset({"files", "demonstration"})
"""Marks around the report, which another way of asking for it may put differently."""
_LABELLED: Final = ("elements", "indicators", "lines")
"""Lists whose rows bear words for the eye, which another release may put differently."""


@dataclass(frozen=True, slots=True)
class ToldAgain:
    """What the comparison says. `gaps` are the elements, or the lines of a table, that lack something."""

    differs: bool
    gaps: tuple[str, ...] = ()


def told_again(sight: Sight, kind: ReportKind, values: Mapping[str, Any]) -> ToldAgain | Refusal:
    """Compare the values of a report's JSON with the register. Refuses what the register cannot tell at all."""
    asked = _question(kind, values)
    if asked is None:
        return ToldAgain(differs=True)
    own = _summary(sight, **asked) if kind is ReportKind.SUMMARY else _narrative(sight, kind, **asked)
    if isinstance(own, Refusal):
        return own
    gaps = own.get("gaps", ())
    return ToldAgain(_bare(own) != _bare(values), tuple(dict.fromkeys(_places(gaps))))


def says(values: Mapping[str, Any]) -> str | None:
    """The kind that a report's JSON names for itself; None for a file of another origin."""
    said = values.get("report")
    if said is None:
        return None
    return ReportKind.SUMMARY.value if said == SUMMARY_REPORT else str(said)[:40]


def approaches_in(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The cooperative approaches that a report tells of."""
    rows = values.get("approaches")
    found = [row.get("id") for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return tuple(each for each in found if isinstance(each, str))


def year_in(values: Mapping[str, Any]) -> Any:
    """The year that a report tells of: a structured summary lists those of its columns, and is about the last."""
    years = values.get("years")
    if says(values) in (None, ReportKind.SUMMARY.value) and isinstance(years, list) and years:
        return years[-1]
    return values.get("year")


def _question(kind: ReportKind, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was asked of the register when the report was made, as far as the file tells it."""
    if says(values) != kind.value:
        return None
    year = year_in(values)
    try:
        asked: dict[str, Any] = {"party": str(values["party"]), "as_of": date.fromisoformat(values["as_of"])}
        if kind is ReportKind.SUMMARY:
            asked["basis"] = Basis(values["ctf_year_basis"])
    except (KeyError, TypeError, ValueError):
        return None
    if type(year) is not int or not 1 <= year <= date.max.year:
        return None
    told = approaches_in(values)
    if kind is not ReportKind.SUMMARY:
        asked["approach"] = told[0] if len(told) == 1 else ""
    return {**asked, "year": year}


def _narrative(sight: Sight, kind: ReportKind, **asked: Any) -> Mapping[str, Any] | Refusal:
    if kind is ReportKind.REGULAR:
        report = regular_information(sight, **asked)
    else:
        report = initial_report(sight, updated=kind is ReportKind.UPDATED_INITIAL, **asked)
    return report if isinstance(report, Refusal) else _read(json_bytes(report, sight.registry))


def _summary(sight: Sight, **asked: Any) -> Mapping[str, Any] | Refusal:
    table = ctf_table4(sight, **asked)
    return table if isinstance(table, Refusal) else _read(json.dumps(table_json(table, registry={})).encode())


def _read(data: bytes) -> Mapping[str, Any]:
    """The values as a file gives them, so that both sides went the same way."""
    found = json_of(data)
    assert isinstance(found, Mapping)
    return found


def _bare(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without the words around them."""
    bare = {name: value for name, value in values.items() if name not in _BESIDE}
    for name in _LABELLED:
        if isinstance(bare.get(name), list):
            bare[name] = [_unlabelled(row) for row in bare[name]]
    return bare


def _unlabelled(row: Any) -> Any:
    return {name: value for name, value in row.items() if name != "label"} if isinstance(row, Mapping) else row


def _places(gaps: Any) -> Iterator[str]:
    for gap in gaps:
        place = gap["element"] if "element" in gap else f"{gap['line']}"
        approach = gap.get("cooperative_approach")
        yield f"{approach} {place}" if approach else place
