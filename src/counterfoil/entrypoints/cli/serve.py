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
            click.Option(["--set-up", "begins"], is_flag=True),
            click.Option(["--demo"], is_flag=True),
            click.Option(["--party"], metavar="CODE"),
            click.Option(["--out"], metavar=texts("cli.place.dir")),
            click.Option(["--practice"], is_flag=True),
            click.Option(["--remove-practice"], is_flag=True),
        ],
    )


def run(
    desk: Desk,
    *,
    host: str,
    port: int,
    seconds: int | None,
    begins: bool,
    demo: bool,
    party: str | None,
    out: str | None,
    practice: bool,
    remove_practice: bool,
) -> int:
    """Serve until told to stop. A folder in use elsewhere is refused before a port is taken."""
    if begins:
        from counterfoil.entrypoints.cli.serve_set_up import run_set_up

        return run_set_up(desk, host=host, port=port, seconds=seconds)
    if practice or remove_practice:
        from counterfoil.entrypoints.cli.serve_practice import run_practice, run_removal

        if remove_practice:
            return run_removal(desk)
        return run_practice(desk, host=host, port=port, seconds=seconds, party=party)
    if demo or party is not None or out is not None:
        from counterfoil.entrypoints.cli.serve_demo import run_demo

        return run_demo(desk, host=host, port=port, seconds=seconds, party=party, out=out)
    from counterfoil.adapters.lock import RegistryLock
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import founded
    from counterfoil.entrypoints.serving import serve

    lock = RegistryLock(founded(desk.directory)).acquire("serve")
    if isinstance(lock, Refusal):
        raise Fault(lock, REFUSED)
    lock.release()
    screen = desk.screen
    tell = (lambda line: screen.json({"message": line}, compact=True)) if screen.as_json else None
    language = screen.texts.language
    return serve(Folder(desk.directory), host=host, port=port, for_seconds=seconds, language=language, tell=tell)
