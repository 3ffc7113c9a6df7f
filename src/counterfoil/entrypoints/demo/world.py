"""The world behind `serve --demo`: made once for a version of the program, then served again and again.

It stands in a folder of its own, so that what people do in it never touches what `make demo` has written, and it is
played up to today, because nobody can act in years that a played report has closed.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from counterfoil.adapters.lock import RegistryLock
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.demo.script import NOTICE, DemoFault, Script, examples_folder
from counterfoil.entrypoints.demo.served import ServedDemo, known_demo, stamp

MARK: Final = "SERVED"

Progress = Callable[[int, int, str], None]


def served_demo(out: Path, party: str, *, progress: Progress) -> tuple[Folder, ServedDemo] | Refusal:
    """The registry of a Party and what is told of it; made anew where it is missing, or of another version.

    Returns:
        Folder and facts, or the refusal `demo.party_unknown`, `demo.folder_not_ours`, `registry.locked`, or that of an
        act of the play.
    """
    parties = Script(examples_folder()).parties
    if party not in parties:
        return Refusal(DemoFault.PARTY_UNKNOWN, {"party": party[:20], "parties": ", ".join(parties)})
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        return Refusal(DemoFault.FOLDER_NOT_OURS, {"folder": str(out)})
    world = out / party
    folder = Folder(world / party)
    known = known_demo(world, folder)
    if known is not None:
        return folder, known
    if folder.founded:
        lock = RegistryLock(folder.path).acquire("serve --demo")
        if isinstance(lock, Refusal):
            return lock
        lock.release()
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).write_text("\n".join(NOTICE.values()) + "\n", "utf-8")
    from counterfoil.entrypoints.demo.making import made_demo

    made = made_demo(world, folder, party, progress)
    if isinstance(made, Refusal):
        return made
    stamp(world, made)
    return folder, made
