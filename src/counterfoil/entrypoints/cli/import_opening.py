"""`import opening`: accounts, activities, authorizations and balances that were kept elsewhere, from a spreadsheet."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterfoil.entrypoints.opening.reading import Mistake
    from counterfoil.entrypoints.opening.run import Sums

SHOWN_MAX: Final = 40


def opening(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.import.opening",
        run,
        [
            click.Argument(["file"], metavar="FILE.xlsx|csv"),
            click.Option(["--dry-run"], is_flag=True),
            click.Option(["--name"], default="", metavar=texts("cli.place.name")),
            click.Option(["--template"], is_flag=True),
            click.Option(["--table"], default="units", metavar=texts("cli.place.name")),
        ],
    )


def run(desk: Desk, *, file: str, dry_run: bool, name: str, template: bool, table: str) -> int:
    """Bring all rows of a file in, or none. `--template` writes the empty file instead."""
    from hashlib import sha256

    from counterfoil.adapters.evidence.files import FileEvidence
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.input import read_bytes
    from counterfoil.entrypoints.cli.reading import founded
    from counterfoil.entrypoints.cli.writing import locked
    from counterfoil.entrypoints.opening.reading import BYTES_MAX, read_opening
    from counterfoil.entrypoints.opening.rows import bound
    from counterfoil.entrypoints.opening.run import Brought, bring_in, sums

    if template:
        return _template(desk, file, table)
    data = read_bytes(file, bytes_max=BYTES_MAX)
    read = data if isinstance(data, Refusal) else read_opening(data, file)
    if isinstance(data, Refusal) or isinstance(read, Refusal):
        raise Fault(read if isinstance(read, Refusal) else data, UNUSABLE)  # type: ignore[arg-type]
    document = sha256(data).hexdigest()
    whole = bound(read, opening=name or f"OB-{document[:8]}", document=document)
    if isinstance(whole, list):
        _mistakes(desk, whole)
        return UNUSABLE
    _sums(desk, sums(whole))
    with locked(founded(desk.directory), "import opening") as writable:
        if not dry_run:
            FileEvidence(Folder(desk.directory).evidence).put(data)
        done: Brought = bring_in(writable, whole, dry_run=dry_run)
    if done.mistakes:
        _mistakes(desk, done.mistakes)
        return REFUSED
    if desk.screen.as_json:
        from counterfoil.entrypoints.wire import command_json

        facts: dict[str, Any] = {"rows": done.sums.rows, "units": done.sums.units, "rows_in": done.rows_in}
        announcement = command_json(whole.announcement)
        desk.screen.json({"status": "accepted", "dry_run": dry_run, "announcement": announcement, **facts})
        return OK
    key = "cli.import.opening.dry" if dry_run else "cli.import.opening.done"
    desk.screen.say(key, name=whole.announcement.opening, rows=len(whole.rows), new=done.new)
    return OK


def _template(desk: Desk, file: str, table: str) -> int:
    """An empty workbook, or for a name that ends with .csv one empty table."""
    from counterfoil.adapters.durable import replaced
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.opening.reading import OpeningFileFault
    from counterfoil.entrypoints.opening.tables import opening_tables
    from counterfoil.entrypoints.opening.template import template_csv, template_workbook

    language = desk.screen.texts.language
    if file.lower().endswith(".csv"):
        found = next((each for each in opening_tables() if each.is_named(table)), None)
        if found is None:
            known = ", ".join(each.name for each in opening_tables())
            raise Fault(Refusal(OpeningFileFault.SHEET_UNKNOWN, {"sheet": table[:60], "known": known}), UNUSABLE)
        data = template_csv(found, language)
    else:
        data = template_workbook(language)
    with replaced(Path(file)) as draft:
        draft.write_bytes(data)
    if desk.screen.as_json:
        desk.screen.json({"file": file})
        return OK
    desk.screen.say("cli.import.opening.written", file=file)
    return OK


def _sums(desk: Desk, told: "Sums") -> None:
    """What the file brings, before anything is done."""
    screen, texts = desk.screen, desk.screen.texts
    if screen.as_json:
        return
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.opening.tables import opening_tables

    labels = {each.name: each.labels[texts.language] for each in opening_tables()}
    rows = [[labels[name], f"{count:,}"] for name, count in told.rows.items()]
    rows += [[name, f"{count:,}"] for name, count in sorted(told.units.items())]
    rows += [[texts("cli.import.opening.total"), f"{sum(told.units.values()):,}"]]
    for line in table(rows, right=frozenset({1})):
        screen.line(line)


def _mistakes(desk: Desk, mistakes: "Sequence[Mistake]") -> None:
    """Each mistake beside its cell; the file is left as it is, and so is the registry."""
    screen = desk.screen
    if screen.as_json:
        from counterfoil.entrypoints.faults import catalogue

        told = [{"where": each.where, **catalogue().problem(each.refusal)} for each in mistakes]
        screen.json({"status": "refused", "mistakes": told})
        return
    for each in mistakes[:SHOWN_MAX]:
        screen.fault(each.refusal, where=each.where)
    screen.note("cli.import.opening.nothing", mistakes=len(mistakes))
