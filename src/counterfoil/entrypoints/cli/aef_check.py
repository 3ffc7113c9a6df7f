"""`aef check`: the consistency checks on workbooks of any origin, one by one and against each other."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from counterfoil.entrypoints.cli import aef_diff
from counterfoil.entrypoints.cli.aef_files import WORKBOOK_PROFILES
from counterfoil.entrypoints.cli.columns import wrapped
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.language import Texts
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault, Screen
from counterfoil.entrypoints.cli.usage import OneOf

if TYPE_CHECKING:
    from counterfoil.application.queries.aef_check import CheckReport, NamedRaw
    from counterfoil.domain.reporting.finding import Finding
    from counterfoil.domain.reporting.records import Records

FILES_MAX: Final = 2_000
_MARKS: Final = {"B": "✗", "I": "✗", "N": "?", "W": "!"}


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"check": _check, "diff": aef_diff.command}
    return Contents(texts, "cli.aef", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _check(texts: Texts) -> Command:
    files = click.Argument(["files"], nargs=-1, required=True, metavar="FILE...")
    records = click.Option(["--records"], metavar="FILE", multiple=True)
    profile = click.Option(["--profile"], type=OneOf(*WORKBOOK_PROFILES), default=WORKBOOK_PROFILES[0])
    return Command(texts, "cli.aef.check", run, [files, records, profile])


def run(desk: Desk, *, files: tuple[str, ...], records: tuple[str, ...], profile: str) -> int:
    """Status 0 without contradictions, 1 with them, 2 when a file is no workbook."""
    from functools import reduce

    from counterfoil.application.queries.aef_check import check
    from counterfoil.domain.reporting.finding import CheckStatus
    from counterfoil.domain.reporting.records import Records
    from counterfoil.entrypoints.bootstrap import aef_format
    from counterfoil.entrypoints.cli.aef_files import named_file

    screen = desk.screen
    form = aef_format(profile=profile)
    beside = reduce(Records.joined, map(_records, records)) if records else None
    read: list[NamedRaw] = []
    with screen.progress("cli.aef.check.progress", len(files)) as at:
        for number, name in enumerate(dict.fromkeys(files), 1):
            read.append(named_file(name, form))
            at(number)
    report = check(read, form, screen.texts.language, beside)
    if screen.as_json:
        screen.json(report.as_json())
    else:
        _show(screen, report, len(read))
    if report.unreadable:
        return UNUSABLE
    return REFUSED if report.status is CheckStatus.INCONSISTENT else OK


def _records(name: str) -> "Records":
    """What stands beside the workbooks, from a JSON file; exact numbers only."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.reporting.records_json import records_from_json
    from counterfoil.entrypoints.cli.aef_files import json_values

    values = json_values(name)
    found = values if isinstance(values, Refusal) else records_from_json(values, name)
    if isinstance(found, Refusal):
        raise Fault(found, UNUSABLE)
    return found


def _show(screen: Screen, report: "CheckReport", files: int) -> None:
    for name, findings in groupby(report.findings, key=lambda one: one.place.file):
        screen.line(name)
        for one in findings:
            _line(screen, report, one)
        screen.line()
    counts = report.counts()
    screen.say(f"cli.aef.check.{report.status.value.lower()}", files=files)
    if report.findings:
        screen.say(
            "cli.aef.check.counts",
            blocking=counts["B"],
            inconsistent=counts["I"],
            missing=counts["N"],
            warnings=counts["W"],
        )
    for hold in report.holds:
        screen.say("cli.aef.check.hold", first=hold.first_id, last=hold.last_id, checks=", ".join(hold.checks))
    if report.not_made:
        screen.say("cli.aef.check.not_made", checks=", ".join(report.not_made))


def _line(screen: Screen, report: "CheckReport", one: "Finding") -> None:
    place = " ".join(part for part in (one.place.sheet, one.place.cell) if part)
    head = f"{one.check} [{place}] " if place else f"{one.check} "
    for mark, text in ((_MARKS[one.severity.value], head + report.message(one)), ("→", report.fix(one))):
        first, *rest = _wrapped(screen, text)
        screen.line(f"  {mark} {first}")
        for line in rest:
            screen.line(f"    {line}")


def _wrapped(screen: Screen, text: str) -> Sequence[str]:
    return wrapped(text.replace("\n", " "), screen.columns - 4)
