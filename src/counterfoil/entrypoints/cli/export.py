"""`export`: everything in open formats, so that nobody needs this program to read the register."""

from pathlib import Path

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault
from counterfoil.entrypoints.language import LANGUAGES, Texts


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.export",
        run,
        [
            click.Option(["--out"], required=True, metavar=texts("cli.place.dir")),
            click.Option(["--with-confidential"], is_flag=True),
            click.Option(["--without-evidence"], is_flag=True),
        ],
    )


def run(desk: Desk, *, out: str, with_confidential: bool, without_evidence: bool) -> int:
    """Write the folder whole or not at all."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
    from counterfoil.entrypoints.cli.export_bundle import Wanted, export

    screen = desk.screen
    wanted = Wanted(openings=with_confidential, evidence=not without_evidence)
    with open_for_reading(Folder(desk.directory)) as readable:
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
