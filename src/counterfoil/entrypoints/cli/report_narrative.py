"""`report initial`, `report updated-initial`, `report regular`: JSON for machines; PDF, DOCX and XLSX for people."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.emissions_balance import DayOrYear
from counterfoil.entrypoints.cli.report_filed import filed_option, or_filed
from counterfoil.entrypoints.cli.screen import OK, REFUSED
from counterfoil.entrypoints.cli.usage import Whole
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.command import Registry
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.reporting.narrative.report import NarrativeReport

    Query = Callable[..., NarrativeReport | Refusal]

SHOWN_MAX = 12
"""So many gaps are told on the screen; the files have all."""


def initial(texts: Texts) -> Command:
    return _command(texts, "cli.report.initial", or_filed(ReportKind.INITIAL, _initial))


def updated_initial(texts: Texts) -> Command:
    return _command(texts, "cli.report.updated-initial", or_filed(ReportKind.UPDATED_INITIAL, _updated))


def regular(texts: Texts) -> Command:
    return _command(texts, "cli.report.regular", or_filed(ReportKind.REGULAR, _regular))


def _command(texts: Texts, topic: str, run: Callable[..., int]) -> Command:
    return Command(
        texts,
        topic,
        run,
        [
            click.Option(["--party"], required=True, metavar="THA"),
            click.Option(["--year"], type=Whole(2021, 9999), required=True, metavar="YYYY"),
            click.Option(["--approach"], default="", metavar="CA9001"),
            click.Option(["--as-of", "as_of"], type=DayOrYear()),
            filed_option(),
            click.Option(["--out"], default=".", metavar=texts("cli.place.dir")),
        ],
    )


def _initial(desk: Desk, **options: Any) -> int:
    from counterfoil.application.queries.initial_report import initial_report

    return _run(desk, initial_report, **options)


def _updated(desk: Desk, **options: Any) -> int:
    from functools import partial

    from counterfoil.application.queries.initial_report import initial_report

    return _run(desk, partial(initial_report, updated=True), **options)


def _regular(desk: Desk, **options: Any) -> int:
    from counterfoil.application.queries.regular_information import regular_information

    return _run(desk, regular_information, **options)


def _run(desk: Desk, query: "Query", *, party: str, year: int, approach: str, as_of: date | None, out: str) -> int:
    """Fold the journal and write every file from one report. A report with gaps is a marked draft, and ends with 1."""
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking, told

    with looking(desk.directory) as sight:
        report = told(query(sight, party=party, year=year, as_of=as_of or today(), approach=approach))
        registry = sight.registry
    return _written(desk, report, registry, Path(out))


def _written(desk: Desk, report: "NarrativeReport", registry: "Registry", out: Path) -> int:
    from counterfoil.entrypoints.reports.narrative_files import json_bytes
    from counterfoil.entrypoints.reports.report_files import narrative_files

    files = narrative_files(report, registry, out)
    if desk.screen.as_json:
        desk.screen.json({**json.loads(json_bytes(report, registry)), "files": [str(each) for each in files]})
    else:
        _told(desk, report, files)
    return OK if report.complete else REFUSED


def _told(desk: Desk, report: "NarrativeReport", files: list[Path]) -> None:
    from counterfoil.entrypoints.reports.answers import gap_text
    from counterfoil.entrypoints.reports.words import Words

    screen = desk.screen
    for each in files:
        screen.say("cli.report.summary.done", file=each)
    if report.complete:
        screen.say("cli.report.narrative.complete")
        return
    words = Words(screen.texts)
    for gap in report.gaps[:SHOWN_MAX]:
        place = " ".join(part for part in (gap.approach, gap.element) if part)
        title = words.title(gap.element)
        screen.say("cli.report.narrative.gap", place=place, title=title, text=gap_text(gap, words))
    if len(report.gaps) > SHOWN_MAX:
        screen.say("cli.report.narrative.more", count=len(report.gaps) - SHOWN_MAX)
    screen.say("cli.report.narrative.gaps", count=len(report.gaps))
