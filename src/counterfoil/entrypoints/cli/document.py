"""`document`: the papers that a registry keeps: letters that came in, files of organisations, agreements."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, UNUSABLE, Fault
from counterfoil.entrypoints.cli.usage import Day, OneOf, Whole
from counterfoil.entrypoints.language import Texts

LEVELS = ("public", "parties", "confidential")


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"add": _add, "list": _list, "show": _show, "read": _read, "erase": _erase}
    return Contents(texts, "cli.document", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _add(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.document.add",
        run_add,
        [
            click.Argument(["file"], metavar="FILE"),
            click.Option(["--series"], default="DOC", metavar="SERIES"),
            click.Option(["--about"], default="", metavar="TEXT"),
            click.Option(["--level"], type=OneOf(*LEVELS), default="confidential"),
            click.Option(["--party"], multiple=True, metavar="NUMBER"),
            click.Option(["--basis"], default="", metavar="TEXT"),
            click.Option(["--retain-until"], type=Day()),
            click.Option(["--revises"], default="", metavar="NUMBER"),
            click.Option(["--trust"], multiple=True, metavar=texts("cli.place.file")),
        ],
    )


def _list(texts: Texts) -> Command:
    words = [click.Option([f"--{name}"], default="", metavar="TEXT") for name in ("about", "after")]
    return Command(texts, "cli.document.list", run_list, words)


def _show(texts: Texts) -> Command:
    return Command(texts, "cli.document.show", run_show, [_number()])


def _read(texts: Texts) -> Command:
    out = click.Option(["--out"], required=True, metavar=texts("cli.place.file"))
    return Command(texts, "cli.document.read", run_read, [_number(), out, click.Option(["--version"], type=Whole(1))])


def _erase(texts: Texts) -> Command:
    return Command(texts, "cli.document.erase", run_erase, [_number()])


def _number() -> click.Argument:
    return click.Argument(["number"], metavar="NUMBER")


def run_add(
    desk: Desk,
    *,
    file: str,
    series: str,
    about: str,
    level: str,
    party: tuple[str, ...],
    basis: str,
    retain_until: date | None,
    revises: str,
    trust: tuple[str, ...],
) -> int:
    """Keep a file, or a further version of one. What a PDF's signatures are worth is looked at and kept beside it."""
    from counterfoil.application.documents.inspection import BYTES_MAX
    from counterfoil.application.documents.keeping import Brought, Filing, keep, revise
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.people.document import Access, AccessLevel
    from counterfoil.entrypoints.cli.input import read_bytes
    from counterfoil.entrypoints.cli.kept_check import kept_check
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.document_room import document_room, shown

    data = read_bytes(file, bytes_max=BYTES_MAX)
    if isinstance(data, Refusal):
        raise Fault(data, UNUSABLE)
    brought = Brought(Path(file).name, data, "local", kept_check(desk.directory, data, trust))
    filing = Filing(series, about, Access(AccessLevel(level), frozenset(party), basis), retain_until)
    with office_at_work(desk.directory) as office:
        room = document_room(office)
        made = told(revise(room, revises, brought) if revises else keep(room, filing, brought))
    if desk.screen.as_json:
        desk.screen.json(shown(made))
    else:
        scan = desk.screen.texts(f"cli.document.scan.{made.newest.scan.value}")
        desk.screen.say("cli.document.add.done", number=made.number, sha256=made.newest.sha256, scan=scan)
    return OK


def run_list(desk: Desk, *, about: str, after: str) -> int:
    """The register of documents."""
    from counterfoil.entrypoints.cli.office_at_work import ROWS_MAX, office_at_work, show_rows
    from counterfoil.entrypoints.document_room import document_room, shown

    with office_at_work(desk.directory) as office:
        found = document_room(office).documents.listed(about=about, after=after, limit=ROWS_MAX)
    rows = [shown(each) for each in found]
    if not desk.screen.as_json:
        rows = [
            {
                "number": row["number"],
                "about": row["about"],
                "level": row["level"],
                "name": row["versions"][-1]["name"],
                "versions": len(row["versions"]),
                "scan": row["versions"][-1]["scan"],
                "retain_until": row["retain_until"],
            }
            for row in rows
        ]
    show_rows(desk, rows, "cli.document.list.nothing")
    return OK


def run_show(desk: Desk, *, number: str) -> int:
    """One document, with every version."""
    from counterfoil.application.documents.keeping import shown as found
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.document_room import document_room, shown

    with office_at_work(desk.directory) as office:
        view: dict[str, Any] = shown(told(found(document_room(office), number, None, None)))
    if desk.screen.as_json:
        desk.screen.json(view)
        return OK
    _told(desk, view)
    return OK


def _told(desk: Desk, view: dict[str, Any]) -> None:
    """The document, then each version with what the scanner and the signatures said."""
    from counterfoil.entrypoints.cli.render import Renderer

    screen, texts = desk.screen, desk.screen.texts
    for line in Renderer(texts, screen.columns).mapping({**view, "versions": []}):
        screen.line(line)
    for version in view["versions"]:
        scan = texts.known(f"cli.document.scan.{version['scan']}") or version["scan"]
        screen.line(f"  {version['version']}  {version['sha256']}  {version['bytes']:,}  {version['name']}")
        screen.line(f"     {scan}")
        signatures = version["signatures"]
        if signatures is not None:
            found = [f"cli.letter.check.finding.{each}" for each in signatures["findings"]]
            for key in found or ["cli.document.signatures_good"]:
                screen.line(f"     {texts.known(key) or key.rpartition('.')[2]}")


def run_read(desk: Desk, *, number: str, out: str, version: int | None) -> int:
    """Write the bytes of a version into a new file."""
    from counterfoil.adapters.durable import written_once
    from counterfoil.application.documents.keeping import content
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.people.document import DocumentFault
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.document_room import document_room

    with office_at_work(desk.directory) as office:
        one, data = told(content(document_room(office), number, None, None, version=version, by="local"))
    try:
        written_once(Path(out), data, mode=0o600)
    except FileExistsError as error:
        raise Fault(Refusal(DocumentFault.FILE_EXISTS, {"path": out}), UNUSABLE) from error
    if desk.screen.as_json:
        desk.screen.json({"file": out, "sha256": one.sha256, "scan": one.scan.value})
    desk.screen.say("cli.document.read.done", path=out)
    return OK


def run_erase(desk: Desk, *, number: str) -> int:
    """Take the bytes and the names away, once they need not be kept."""
    from counterfoil.application.documents.keeping import erase
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.document_room import document_room

    with office_at_work(desk.directory) as office:
        told(erase(document_room(office), number, by="local"))
    if desk.screen.as_json:
        desk.screen.json({"number": number, "state": "erased"})
    desk.screen.say("cli.document.erase.done", number=number)
    return OK
