"""`import cdm`: load the public record of the CDM registry."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from counterfoil.entrypoints.cli import import_accounting, import_opening, import_statements
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault, Screen
from counterfoil.entrypoints.language import Texts

SHOWN_MAX: Final = 20


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {
        "cdm": _cdm,
        "ndc": import_accounting.ndc,
        "inventory": import_accounting.inventory,
        "statements": import_statements.statements,
        "opening": import_opening.opening,
    }
    return Contents(texts, "cli.import", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _cdm(texts: Texts) -> Command:
    file = texts("cli.place.file")
    return Command(
        texts,
        "cli.import.cdm",
        run,
        [
            click.Option(["--projects"], metavar=file),
            click.Option(["--periods"], metavar=file),
            click.Option(["--issuances"], metavar=file),
            click.Option(["--cancellations"], metavar=file),
            click.Option(["--into"], metavar=texts("cli.place.dir")),
            click.Option(["--resume"], metavar="RUN"),
        ],
    )


def run(
    desk: Desk,
    *,
    projects: str | None,
    periods: str | None,
    issuances: str | None,
    cancellations: str | None,
    into: str | None,
    resume: str | None,
) -> int:
    """Load the files. The run's id is told before the first row, so that a killed run can be resumed."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cdm import Unusable, import_cdm
    from counterfoil.entrypoints.cdm.run import Watcher

    screen = desk.screen
    bar = screen.progress("cli.import.cdm.progress", 0)
    with bar:
        done = import_cdm(
            Folder(Path(into) if into else desk.directory),
            projects=None if projects is None else Path(projects),
            periods=None if periods is None else Path(periods),
            issuances=None if issuances is None else Path(issuances),
            cancellations=None if cancellations is None else Path(cancellations),
            resume=resume,
            language=screen.texts.language,
            watcher=Watcher(lambda name: screen.note("cli.import.cdm.run", run=name), bar.of),
        )
    match done:
        case Unusable():
            return _unusable(screen, done.faults, done.count)
        case Refusal():
            raise Fault(done, REFUSED)
        case _:
            return _told(screen, done)


def _unusable(screen: Screen, faults: Any, count: int) -> int:
    for fault in faults:
        screen.fault(fault, compact=True)
    if not screen.as_json:
        if count > len(faults):
            screen.note("cli.do.more_unreadable", count=count - len(faults))
        screen.note("cli.do.nothing_done")
    return UNUSABLE


def _told(screen: Screen, done: Mapping[str, Any]) -> int:
    refusals = done["refusals"]
    if screen.as_json:
        screen.json(done)
        return REFUSED if refusals else OK
    for name, rows in done["rows"].items():
        screen.say(f"cli.import.cdm.{name}_done", **{key: f"{count:,}" for key, count in rows.items()})
    for each in refusals[:SHOWN_MAX]:
        screen.line(f"✗ {each['file']}:{each['line']}: {each['message']} [{each['code']}]")
    if len(refusals) > SHOWN_MAX:
        screen.say("cli.import.cdm.more_refused", count=len(refusals) - SHOWN_MAX)
    for name, found in done.get("findings", {}).items():
        of = ", ".join(f"{project} ({count})" for project, count in found["projects"].items())
        screen.say(f"cli.import.cdm.{name}", periods=found["periods"], projects=of or "–")
    totals = {name: f"{done[name]:,}" for name in ("issued_t", "cancelled_t", "remaining_t")}
    screen.say("cli.import.cdm.totals", parties=len(done["parties"]), **totals)
    screen.say("cli.import.cdm.seconds", seconds=f"{done['seconds']:.1f}")
    return REFUSED if refusals else OK
