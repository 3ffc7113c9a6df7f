"""A report as it would be told now, and everything that is missing from it, in words, for who mends it.

The gaps are those that the report itself marks; a structured summary is held against the annual information as well,
as it is before it is filed. Only the press's own process imports this module.
Source: 2/CMA.3 annex paras. 18-19, 21-23.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

from counterfoil.application.queries.ctf_table4 import ctf_table4
from counterfoil.application.queries.initial_report import initial_report
from counterfoil.application.queries.regular_information import regular_information
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.ctf_completeness import gaps
from counterfoil.domain.accounting.ctf_lines import LINES
from counterfoil.domain.accounting.ctf_table4 import Table4
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.domain.reporting.narrative.completeness import Gap
from counterfoil.domain.reporting.narrative.report import NarrativeReport
from counterfoil.entrypoints.bootstrap import Folder, aef_format, open_for_reading
from counterfoil.entrypoints.http.press import Facts
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.reports.answers import gap_text, way_out
from counterfoil.entrypoints.reports.report_files import summary_values
from counterfoil.entrypoints.reports.summary_paper import SummaryGap, summary_gaps
from counterfoil.entrypoints.reports.words import Words
from counterfoil.entrypoints.submitting.filing import Asked, prepared

UNSAID: Final = "-"
"""Stands for the reason that is given when the filing is signed; without one, known issues would end the making."""
Told: TypeAlias = NarrativeReport | Table4
_LINES: Final = {line.number: line.key for line in LINES}
_NARRATIVES: Final[dict[ReportKind, Callable[..., NarrativeReport | Refusal]]] = {
    ReportKind.INITIAL: initial_report,
    ReportKind.UPDATED_INITIAL: partial(initial_report, updated=True),
    ReportKind.REGULAR: regular_information,
}


def drafted(folder: Path, facts: Facts, target: Path) -> Refusal | None:
    """Write what is missing as JSON, or say why there is no such report at all."""
    words = Words(Texts(str(facts["language"])))
    with open_for_reading(Folder(folder)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        told = told_of(sight, facts)
        if isinstance(told, Refusal):
            return told
        found = _summary(sight, told, facts, words) if isinstance(told, Table4) else _narrative(told, words)
    target.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return None


def told_of(sight: Sight, facts: Facts) -> Told | Refusal:
    """The report that the facts name, as the register tells it."""
    kind = ReportKind(str(facts["kind"]))
    day = date.fromisoformat(str(facts["on"]))
    asked: dict[str, Any] = {"party": str(facts["party"]), "year": int(str(facts["year"])), "as_of": day}
    if kind is ReportKind.SUMMARY:
        return ctf_table4(sight, **asked)
    return _NARRATIVES[kind](sight, **asked, approach=str(facts["approach"] or ""))


def _narrative(report: NarrativeReport, words: Words) -> dict[str, Any]:
    answered = sum(each.statement is not None or not each.gaps for each in report.answered)
    return {
        "complete": report.complete,
        "approaches": [each.id for each in report.approaches],
        "gaps": [_gap(each, words) for each in report.gaps],
        "findings": [],
        "answered": answered,
        "elements": len(report.answered),
    }


def _gap(gap: Gap, words: Words) -> dict[str, Any]:
    return {
        "kind": gap.kind.value,
        "element": gap.element,
        "approach": gap.approach,
        "detail": gap.detail,
        "place": gap.element.removeprefix("R."),
        "title": words.title(gap.element),
        "years": "",
        "provision": gap.provision,
        "text": gap_text(gap, words),
        "way_out": way_out(gap, words),
    }


def _summary(sight: Sight, table: Table4, facts: Facts, words: Words) -> dict[str, Any]:
    """The gaps of the table, and what the checks of the platform would say to it beside the annual information."""
    found = gaps(table)
    main = f"ctf4-{table.facts.party}-{table.facts.year}.json"
    data = json.dumps(summary_values(table, sight.registry), ensure_ascii=False).encode()
    asked = Asked(
        kind=ReportKind.SUMMARY,
        party=table.facts.party,
        year=table.facts.year,
        approaches=(),
        version=str(facts["version"]),
        files={main: data},
        despite=UNSAID,
    )
    report = prepared(sight, asked, aef_format()).report
    rows = [] if report is None else replace(report, lang=words.language).as_json()["findings"]
    return {
        "complete": not found,
        "approaches": [],
        "gaps": [_line(each, words) for each in summary_gaps(found, words)],
        "findings": [row for row in rows if row["file"] == main],
        "answered": 0,
        "elements": 0,
    }


def _line(gap: SummaryGap, words: Words) -> dict[str, Any]:
    return {
        "kind": gap.kind,
        "element": "",
        "approach": "",
        "detail": gap.reason,
        "place": str(gap.line),
        "title": words(f"ctf4.line.{_LINES[gap.line]}"),
        "years": words.listed([str(year) for year in gap.years]) if gap.years else "",
        "provision": "",
        "text": gap.text,
        "way_out": gap.way_out,
    }
