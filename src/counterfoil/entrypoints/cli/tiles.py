"""`tiles`: the log as static files that any web server can publish and any C2SP client can read."""

from pathlib import Path

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Command:
    return Command(texts, "cli.tiles", run, [click.Option(["--out"], required=True, metavar=texts("cli.place.dir"))])


def run(desk: Desk, *, out: str) -> int:
    """Bring the folder up to the newest checkpoint; works beside a running server."""
    from counterfoil.adapters.signing.ed25519 import verify
    from counterfoil.adapters.signing.trusted_key import journal_key
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import founded, looking, told
    from counterfoil.entrypoints.publication import held, publish

    screen = desk.screen
    directory = founded(desk.directory)
    with held(Path(out)), looking(directory) as sight:
        origin = sight.registry.origin
        public_key = journal_key(Folder(desk.directory).public_key, sight.reading, sight.codec)
        last = sight.reading.last_checkpoint()
        with screen.progress("cli.tiles.progress", last.size if last else 0) as at:
            publishing = publish(
                sight.reading, Path(out), codec=sight.codec, verify=verify, public_key=public_key, progress=at
            )
            published = told(publishing)
    if screen.as_json:
        screen.json(
            {
                "directory": out,
                "origin": origin,
                "entries": published.entries,
                "added": published.added,
                "checkpoint": published.checkpoint,
                "files": published.files,
                "waiting": published.waiting,
            }
        )
        return OK
    counts = {"entries": f"{published.entries:,}", "added": f"{published.added:,}", "files": f"{published.files:,}"}
    screen.say("cli.tiles.done", out=out, checkpoint=published.checkpoint, **counts)
    if published.waiting:
        screen.note("cli.tiles.waiting", entries=f"{published.waiting:,}")
    return OK
