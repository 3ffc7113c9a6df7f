"""Whether a registry's file is sound below its rows: what an audit of the rows cannot see, because it never reads it.

The index of the command ids is read by every command that is sent again; a hole in it would let an act be done twice.
"""

from contextlib import closing
from pathlib import Path
from typing import Final

from counterfoil.adapters.storage.sqlite.layout import check_layout
from counterfoil.adapters.storage.sqlite.log import require_whole_log
from counterfoil.adapters.storage.sqlite.outage import ERRORS, translated
from counterfoil.adapters.storage.sqlite.schema import LAYOUT, open_for_reading
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Outage

_SOUND: Final = "ok"


def require_sound_file(path: Path) -> None:
    """Check the log's frames, and the journal's index against its rows: about a second for a million entries.

    Raises:
        Outage: `storage.corrupt`, with what SQLite says of the place; or the file cannot be read.
    """
    require_whole_log(path)
    with closing(open_for_reading(path)) as connection:
        try:
            said = connection.execute("PRAGMA integrity_check(journal)").fetchone()[0]
        except ERRORS as error:
            raise translated(error, path) from error
    if said != _SOUND:
        raise Outage(StorageFault.CORRUPT, {"path": str(path), "detail": str(said).splitlines()[-1][:200]})


def require_own_layout(path: Path) -> None:
    """Check that the file's tables and guards are those that were laid out. Look at the rows first: they say where.

    Raises:
        Outage: `storage.schema_differs`; or the file cannot be read.
    """
    with closing(open_for_reading(path)) as connection:
        try:
            check_layout(connection, path, LAYOUT)
        except ERRORS as error:
            raise translated(error, path) from error
