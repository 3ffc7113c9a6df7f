"""`prove`: a file by which strangers can check a unit's life, or one entry, with nothing but the public key."""

from enum import StrEnum
from pathlib import Path

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault
from counterfoil.entrypoints.language import Texts


class ProofFileFault(StrEnum):
    EXISTS = "prove.file_exists"


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.prove",
        run,
        [
            click.Argument(["about"], metavar="SERIAL|ENTRY"),
            click.Option(["--out"], required=True, metavar=texts("cli.place.file")),
        ],
    )


def run(desk: Desk, *, about: str, out: str) -> int:
    """Write the bundle to a new file, checked before it is written."""
    from counterfoil.adapters.signing.ed25519 import verify
    from counterfoil.adapters.signing.trusted_key import journal_key
    from counterfoil.application.queries.prove import bundle_bytes, prove
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import looking, told

    screen = desk.screen
    if Path(out).exists():
        raise Fault(Refusal(ProofFileFault.EXISTS, {"file": out}), REFUSED)
    with looking(desk.directory) as sight:
        public_key = journal_key(Folder(desk.directory).public_key, sight.reading, sight.codec)
        last = sight.reading.last_checkpoint()
        with screen.progress("cli.prove.progress", last.size if last else 0) as at:
            bundle = told(prove(sight, about, public_key=public_key, verify=verify, progress=at))
        data = bundle_bytes(bundle, sight.codec)
    _write(Path(out), data)
    if screen.as_json:
        screen.json(
            {
                "file": out,
                "bytes": len(data),
                "subject": bundle.json()["subject"],
                "entries": [each.seq for each in bundle.entries],
                "origin": bundle.origin,
                "key": bundle.keys[-1],
            }
        )
        return OK
    screen.say("cli.prove.done", out=out, entries=f"{len(bundle.entries):,}", bytes=f"{len(data):,}")
    screen.say("cli.prove.key", key=bundle.keys[-1], out=out)
    return OK


def _write(path: Path, data: bytes) -> None:
    from counterfoil.adapters.durable import written_once
    from counterfoil.domain.kernel.refusal import Refusal

    try:
        written_once(path, data)
    except FileExistsError as error:
        raise Fault(Refusal(ProofFileFault.EXISTS, {"file": str(path)}), REFUSED) from error
