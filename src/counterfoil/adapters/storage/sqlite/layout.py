"""Whether the tables and guards of a file still are those that were laid out.

A hand may have taken a trigger away, or made one that answers in the place of the writer: the rows say nothing of it.
Read before: `adapters/storage/sqlite/schema.py`.
"""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TypeAlias

from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Outage

Parts: TypeAlias = dict[tuple[str, str], tuple[str, str | None]]
"""By kind and name: the table that a part belongs to, and the statement that made it."""


def check_layout(connection: sqlite3.Connection, path: Path, layout: tuple[str, ...]) -> None:
    """Accept the tables and guards that `layout` makes, each as it was made, and no others.

    The statistics that `ANALYZE` leaves are let be.

    Raises:
        Outage: `storage.schema_differs`, with the first table, index or trigger that is missing, changed or foreign.
    """
    found, expected = _parts(connection), _made_by(layout)
    for part in sorted(found.keys() | expected.keys()):
        if found.get(part) != expected.get(part):
            raise Outage(StorageFault.SCHEMA_DIFFERS, {"path": str(path), "part": " ".join(part)[:200]})


@cache
def _made_by(layout: tuple[str, ...]) -> Parts:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(";".join(layout))
        return _parts(connection)


def _parts(connection: sqlite3.Connection) -> Parts:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT GLOB 'sqlite_stat*'")
    return {(str(kind), str(name)): (table, text) for kind, name, table, text in rows}
