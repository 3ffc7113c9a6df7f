"""Files that are either there whole, and survive the loss of power, or not there."""

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from counterfoil.adapters.storage_fault import of_system


def written_once(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a new file whole: under another name first, synced, then linked into place, and the folder synced.

    Raises:
        FileExistsError: there is a file of this name, which is left as it is.
        Outage: the folder is absent or full, or the disk fails.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write(draft, data, mode)
        # A link, not a rename: it never takes the place of a file that came meanwhile.
        os.link(draft, path)
        _sync_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise of_system(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


@contextlib.contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """A name beside the target, under which it is written; then it takes the target's place. Nothing else stays behind.

    Raises:
        Outage: the disk is full or fails, told of the target.
    """
    draft = target.with_name(f".{target.name}.unfinished")
    try:
        yield draft
        os.replace(draft, target)
    except OSError as error:
        raise of_system(error, target) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def drafts_of(path: Path) -> list[Path]:
    """What writers of that file left when they were killed. Only who keeps others from writing it may remove them."""
    pattern = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{16}}")
    try:
        return sorted(found for found in path.parent.iterdir() if pattern.fullmatch(found.name))
    except OSError as error:
        raise of_system(error, path.parent) from error


def clear_drafts(path: Path) -> None:
    """Remove them. A draft that was linked into place is a second name of the file."""
    for draft in drafts_of(path):
        draft.unlink(missing_ok=True)


def made_folder(path: Path) -> None:
    """Make a folder and those above it, where they are not there yet, so that they survive the loss of power.

    Raises:
        Outage: it cannot be made.
    """
    if path.is_dir():
        return
    made_folder(path.parent)
    try:
        path.mkdir(exist_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise of_system(error, path) from error


def _write(path: Path, data: bytes, mode: int) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    finally:
        os.close(file)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
