"""`serve --demo`: the demonstration with its people and desks, in the browser of this machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterfoil.entrypoints.cli.contents import Desk
from counterfoil.entrypoints.cli.screen import REFUSED, Fault

if TYPE_CHECKING:
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.demo.served import ServedDemo

PARTY: Final = "THA"
OUT: Final = "var/demo-served"


def run_demo(desk: Desk, *, host: str, port: int, seconds: int | None, party: str | None, out: str | None) -> int:
    """Make the world where it is missing, say what is in it, and serve it. `--party` and `--out` ask for it, too."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.demo.world import served_demo

    bar = desk.screen.progress("cli.demo.progress", 0)
    with bar:
        found = served_demo(Path(out or OUT), party or PARTY, progress=bar.of)
    if isinstance(found, Refusal):
        raise Fault(found, REFUSED)
    return serve_world(desk, *found, host=host, port=port, seconds=seconds)


def serve_world(
    desk: Desk, folder: "Folder", demonstration: "ServedDemo", *, host: str, port: int, seconds: int | None
) -> int:
    """Say what is in a world, and serve it with its entrance."""
    from counterfoil.entrypoints.serving import serve

    screen = desk.screen
    key = "cli.serve.demo_generated" if demonstration.generated else "cli.serve.demo_cdm"
    tell = (lambda line: screen.json({"message": line}, compact=True)) if screen.as_json else None
    told = screen.texts(key, activities=f"{demonstration.activities:,}", folder=str(folder.path))
    if tell is None:
        screen.line(told)
    else:
        tell(told)
    return serve(
        folder,
        host=host,
        port=port,
        for_seconds=seconds,
        language=screen.texts.language,
        tell=tell,
        demonstration=demonstration,
    )
