"""`serve --practice` and `serve --remove-practice`: sample data beside a registry, and its removal without trace."""

from counterfoil.entrypoints.cli.contents import Desk
from counterfoil.entrypoints.cli.reading import founded
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault


def run_practice(desk: Desk, *, host: str, port: int, seconds: int | None, party: str | None) -> int:
    """Make the practice world of this registry where it is missing, and serve it. The registry may be served, too."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.serve_demo import PARTY, serve_world
    from counterfoil.entrypoints.demo.practice import practice_of

    bar = desk.screen.progress("cli.demo.progress", 0)
    with bar:
        found = practice_of(Folder(founded(desk.directory)), party or PARTY, progress=bar.of)
    if isinstance(found, Refusal):
        raise Fault(found, REFUSED)
    return serve_world(desk, *found, host=host, port=port, seconds=seconds)


def run_removal(desk: Desk) -> int:
    """Delete the practice world of this registry, and say whether there was one."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.demo.practice import FOLDER, remove_practice

    screen, folder = desk.screen, founded(desk.directory)
    removed = remove_practice(Folder(folder))
    if isinstance(removed, Refusal):
        raise Fault(removed, REFUSED)
    if screen.as_json:
        screen.json({"removed": removed, "folder": str(folder / FOLDER)})
    else:
        key = "cli.serve.practice_removed" if removed else "cli.serve.practice_absent"
        screen.line(screen.texts(key, folder=str(folder / FOLDER)))
    return OK
