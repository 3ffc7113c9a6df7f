"""`aef check`: the consistency checks on workbooks of any origin, one by one and against each other."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from counterfoil.entrypoints.cli import aef_diff, aef_import
from counterfoil.entrypoints.cli.aef_files import WORKBOOK_PROFILES
from counterfoil.entrypoints.cli.columns import wrapped
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault, Screen
from counterfoil.entrypoints.cli.usage import Misused, OneOf, UsageFault
from counterfoil.entrypoints.language import LANGUAGES, Texts

if TYPE_CHECKING:
    from counterfoil.application.queries.aef_check import CheckReport, NamedRaw
    from counterfoil.domain.reporting.aef_format import AefFormat
    from counterfoil.domain.reporting.finding import Finding
    from counterfoil.domain.reporting.records import Records
    from counterfoil.entrypoints.submitting.stored import StoredSubmission

FILES_MAX: Final = 2_000
_MARKS: Final = {"B": "✗", "I": "✗", "N": "?", "W": "!"}


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"check": _check, "import": aef_import.command, "diff": aef_diff.command}
    return Contents(texts, "cli.aef", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _check(texts: Texts) -> Command:
    files = click.Argument(["files"], nargs=-1, metavar="[FILE]...")
    records = click.Option(["--records"], metavar="FILE", multiple=True)
    profile = click.Option(["--profile"], type=OneOf(*WORKBOOK_PROFILES), default=WORKBOOK_PROFILES[0])
    imported = click.Option(["--imported"], is_flag=True)
    return Command(texts, "cli.aef.check", run, [files, records, profile, imported])


def run(desk: Desk, *, files: tuple[str, ...], records: tuple[str, ...], profile: str, imported: bool) -> int:
    """Status 0 without contradictions, 1 with them, 2 when a file is no workbook."""
    from functools import reduce

    from counterfoil.application.queries.aef_check import check
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.reporting.finding import CheckStatus
    from counterfoil.domain.reporting.records import Records
    from counterfoil.entrypoints.bootstrap import aef_format
    from counterfoil.entrypoints.cli.aef_files import named_file

    screen = desk.screen
    if not files and not imported:
        raise Misused(Refusal(UsageFault.OPTION_MISSING, {"option": "FILE"}))
    form = aef_format(profile=profile)
    beside = reduce(Records.joined, map(_records, records)) if records else None
    names = tuple(dict.fromkeys(files))
    stored = _stored(desk, form) if imported else []

    def workbooks(at: Callable[[int], None]) -> "Iterator[NamedRaw]":
        # One after the other, so that the cells of one are let go before the next is opened.
        for number, name in enumerate(names, 1):
            yield named_file(name, form)
            at(number)
        yield from (each.book for each in stored)

    with screen.progress("cli.aef.check.progress", len(files)) as at:
        report = check(workbooks(at), form, screen.texts.language, beside)
    if screen.as_json:
        screen.json(report.as_json())
    else:
        show_report(screen, report, len(names) + len(stored))
    if report.unreadable:
        return UNUSABLE
    return REFUSED if report.status is CheckStatus.INCONSISTENT else OK


def _stored(desk: Desk, form: "AefFormat") -> "list[StoredSubmission]":
    """What the registry imported and filed, the newest version of each Party and year; none of them opened yet."""
    from counterfoil.entrypoints.cli.reading import looking
    from counterfoil.entrypoints.submitting.stored import stored_submissions

    with looking(desk.directory) as sight:
        return stored_submissions(sight, form)


def _records(name: str) -> "Records":
    """What stands beside the workbooks: a JSON file with exact numbers, or a structured summary's workbook."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.reporting.records_json import records_from_json
    from counterfoil.entrypoints.cli.aef_files import json_values

    values = _summary_workbook(name) if name.lower().endswith(".xlsx") else json_values(name)
    found = values if isinstance(values, Refusal) else records_from_json(values, name)
    if isinstance(found, Refusal):
        raise Fault(found, UNUSABLE)
    return found


def _summary_workbook(name: str) -> object:
    """The values of a structured summary in a workbook of `report summary`, in whichever language."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.aef_files import workbook
    from counterfoil.entrypoints.ctf_reading import summary_values

    read = workbook(name).raw
    if isinstance(read, Refusal):
        return read
    return summary_values(read, name, {language: Texts(language) for language in LANGUAGES})


def show_report(screen: Screen, report: "CheckReport", files: int = 1) -> None:
    """The findings by file, the result, and what they propose."""
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
