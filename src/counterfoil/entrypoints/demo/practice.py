"""The practice world beside a registry: in a folder of its own inside the registry's, and removable without trace.

It has its own ledgers, keys, people and banner. The registry's own files are not even opened, and no backup or export
of the registry takes the world along, because these name what they take. Source: ADR-0041.
"""

import shutil
from pathlib import Path
from typing import Final

from counterfoil.adapters.lock import RegistryLock
from counterfoil.adapters.storage_fault import of_system
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.demo.script import DemoFault
from counterfoil.entrypoints.demo.served import ServedDemo
from counterfoil.entrypoints.demo.world import MARK, Progress, served_demo

FOLDER: Final = "practice"


def practice_of(folder: Folder, party: str, *, progress: Progress) -> tuple[Folder, ServedDemo] | Refusal:
    """The practice world of a registry; made where it is missing.

    Args:
        party: Whose registry of the practice world.

    Returns:
        Folder and facts, or the refusal `demo.practice_not_ours`, or one of `served_demo`.
    """
    place = folder.path / FOLDER
    if not _is_free(place) and not _is_ours(place):
        return Refusal(DemoFault.PRACTICE_NOT_OURS, {"folder": str(place)})
    return served_demo(place, party, progress=progress)


def remove_practice(folder: Folder) -> bool | Refusal:
    """Delete the practice world; False where there is none.

    Its mark goes last, so that an interrupted removal can be taken up again.

    Returns:
        Whether something was removed, or the refusal `demo.practice_not_ours`, or `registry.locked` while it is served.

    Raises:
        Outage: a file cannot be removed.
    """
    place = folder.path / FOLDER
    if not place.exists() and not place.is_symlink():
        return False
    if not _is_ours(place):
        return Refusal(DemoFault.PRACTICE_NOT_OURS, {"folder": str(place)})
    busy = _busy(place)
    if busy is not None:
        return busy
    try:
        for each in sorted(place.iterdir()):
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            elif each.name != MARK:
                each.unlink()
        (place / MARK).unlink()
        place.rmdir()
    except OSError as error:
        raise of_system(error, place) from error
    return True


def _busy(place: Path) -> Refusal | None:
    """The refusal that names who serves one of the practice registries; each lies in `<party>/<party>`."""
    for ledger in sorted(place.glob("*/*/ledger.db")):
        lock = RegistryLock(ledger.parent).acquire("serve --remove-practice")
        if isinstance(lock, Refusal):
            return lock
        lock.release()
    return None


def _is_ours(place: Path) -> bool:
    """Whether a folder has the mark of a practice world. One that only leads elsewhere is nobody's to delete."""
    return not place.is_symlink() and (place / MARK).is_file()


def _is_free(place: Path) -> bool:
    return not place.is_symlink() and (not place.exists() or (place.is_dir() and not any(place.iterdir())))
