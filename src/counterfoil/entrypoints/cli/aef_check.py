"""`aef check`: the consistency checks on workbooks of any origin, one by one and against each other."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from counterfoil.entrypoints.cli.columns import wrapped
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.language import Texts
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Screen

if TYPE_CHECKING:
    from counterfoil.application.queries.aef_check import CheckReport, NamedRaw
    from counterfoil.domain.reporting.finding import Finding

FILES_MAX: Final = 2_000
_MARKS: Final = {"B": "✗", "I": "✗", "N": "?", "W": "!"}


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"check": _check}
    return Contents(texts, "cli.aef", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _check(texts: Texts) -> Command:
    files = click.Argument(["files"], nargs=-1, required=True, metavar="FILE...")
    return Command(texts, "cli.aef.check", run, [files])


def run(desk: Desk, *, files: tuple[str, ...]) -> int:
    """Status 0 without contradictions, 1 with them, 2 when a file is no workbook."""
    from counterfoil.application.queries.aef_check import check
    from counterfoil.domain.reporting.finding import CheckStatus
    from counterfoil.entrypoints.bootstrap import aef_format

    screen = desk.screen
    read: list[NamedRaw] = []
    with screen.progress("cli.aef.check.progress", len(files)) as at:
        for number, name in enumerate(dict.fromkeys(files), 1):
            read.append(_read(name))
            at(number)
    report = check(read, aef_format(), screen.texts.language)
    if screen.as_json:
        screen.json(report.as_json())
    else:
        _show(screen, report, len(read))
    if report.unreadable:
        return UNUSABLE
    return REFUSED if report.status is CheckStatus.INCONSISTENT else OK


def _read(name: str) -> "NamedRaw":
    from counterfoil.adapters.documents.xlsx_reading import read_workbook_file
    from counterfoil.application.queries.aef_check import NamedRaw
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.input import InputFault

    try:
        return NamedRaw(name, read_workbook_file(Path(name)))
    except FileNotFoundError:
        return NamedRaw(name, Refusal(InputFault.ABSENT, {"file": name}))
    except IsADirectoryError:
        return NamedRaw(name, Refusal(InputFault.A_FOLDER, {"file": name}))
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        return NamedRaw(name, Refusal(InputFault.UNREADABLE, {"file": name, "detail": detail}))


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
