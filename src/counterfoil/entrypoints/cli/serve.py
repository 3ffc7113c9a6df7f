"""`serve`: the registry over HTTP, and over a local socket for this machine's command line."""

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import REFUSED, Fault
from counterfoil.entrypoints.cli.usage import Whole
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.serve",
        run,
        [
            click.Option(["--host"], default="127.0.0.1", metavar=texts("cli.place.address")),
            click.Option(["--port"], type=Whole(0, 65_535), default=8_642),
            click.Option(["--for", "seconds"], type=Whole(1, 31_536_000), metavar=texts("cli.place.seconds")),
        ],
    )


def run(desk: Desk, *, host: str, port: int, seconds: int | None) -> int:
    """Serve until told to stop. A folder in use elsewhere is refused before a port is taken."""
    from counterfoil.adapters.lock import RegistryLock
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import founded
    from counterfoil.entrypoints.http.serving import serve

    lock = RegistryLock(founded(desk.directory)).acquire("serve")
    if isinstance(lock, Refusal):
        raise Fault(lock, REFUSED)
    lock.release()
    screen = desk.screen
    tell = (lambda line: screen.json({"message": line}, compact=True)) if screen.as_json else None
    language = screen.texts.language
    return serve(Folder(desk.directory), host=host, port=port, for_seconds=seconds, language=language, tell=tell)
