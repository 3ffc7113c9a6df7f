"""`export`: everything in open formats, so that nobody needs this program to read the register."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault
from counterfoil.entrypoints.cli.usage import OneOf
from counterfoil.entrypoints.language import LANGUAGES, Texts

if TYPE_CHECKING:
    from counterfoil.entrypoints.bootstrap import Readable
    from counterfoil.entrypoints.cli.export_auditor import AuditorPart

AUDITOR: Final = "auditor"


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.export",
        run,
        [
            click.Argument(["what"], required=False, type=OneOf(AUDITOR), metavar=f"[{AUDITOR}]"),
            click.Option(["--out"], required=True, metavar=texts("cli.place.dir")),
            click.Option(["--with-confidential"], is_flag=True),
            click.Option(["--without-evidence"], is_flag=True),
        ],
    )


def run(desk: Desk, *, what: str | None, out: str, with_confidential: bool, without_evidence: bool) -> int:
    """Write the folder whole or not at all; for an auditor with trail and documents, and signed."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
    from counterfoil.entrypoints.cli.export_bundle import Wanted, export

    screen = desk.screen
    with ExitStack() as stack:
        readable = stack.enter_context(open_for_reading(Folder(desk.directory)))
        further = None if what is None else _auditor_part(stack, desk.directory, readable)
        wanted = Wanted(openings=with_confidential, evidence=not without_evidence, further=further)
        last = readable.reading.last_checkpoint()
        with screen.progress("cli.export.progress", last.size if last else 0) as at:
            written = export(readable, Path(out), wanted, [Texts(language) for language in LANGUAGES], progress=at)
    if isinstance(written, Refusal):
        raise Fault(written, REFUSED)
    if screen.as_json:
        screen.json({"directory": out, "files": written})
        return OK
    for name, size in written.items():
        screen.line(f"{size:>15,}  {name}")
    screen.say("cli.export.done", out=out, files=len(written))
    return OK


def _auditor_part(stack: ExitStack, directory: Path, readable: "Readable") -> "AuditorPart":
    from counterfoil.entrypoints.cli.export_auditor import AuditorPart
    from counterfoil.entrypoints.cli.office_at_work import office_at_work

    return AuditorPart(readable, stack.enter_context(office_at_work(directory)))
