"""`evidence`: keep documents and readings beside the journal, by their SHA-256, so that a trace can show them."""

import click

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.input import read_bytes
from counterfoil.entrypoints.cli.screen import OK, UNUSABLE, Fault
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"add": _add}
    return Contents(texts, "cli.evidence", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _add(texts: Texts) -> Command:
    return Command(
        texts, "cli.evidence.add", run_add, [click.Argument(["files"], nargs=-1, required=True, metavar="FILE...")]
    )


def run_add(desk: Desk, *, files: tuple[str, ...]) -> int:
    """Put each file into the evidence store and give its digest. The same content twice is one document."""
    from counterfoil.adapters.evidence.files import BYTES_MAX, FileEvidence
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import founded

    store = FileEvidence(Folder(founded(desk.directory)).evidence)
    kept: list[dict[str, str | int]] = []
    for name in files:
        data = read_bytes(name, bytes_max=BYTES_MAX)
        if isinstance(data, Refusal):
            raise Fault(data, UNUSABLE)
        try:
            kept.append({"file": name, "sha256": store.put(data), "bytes": len(data)})
        except Outage as outage:
            raise Fault(outage, UNUSABLE) from outage
    screen = desk.screen
    if screen.as_json:
        screen.json({"evidence": kept})
    else:
        for document in kept:
            screen.line(f"{document['sha256']}  {document['file']}")
    return OK
