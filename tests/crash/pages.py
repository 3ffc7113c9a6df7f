"""Where each table lies in an SQLite file: its pages, so that a test can damage one of them and knows which.

Source: SQLite, "Database File Format", sections 1.3 and 1.6.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_INTERIOR = {2, 5}
_HEADER = 100


def pages_of_tables(path: Path) -> dict[str, list[int]]:
    """The numbers of the pages of each table and index, interior and leaf, by the table's name."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        roots = connection.execute("SELECT tbl_name, rootpage FROM sqlite_schema WHERE rootpage > 0").fetchall()
    data = path.read_bytes()
    found: dict[str, list[int]] = {}
    for table, root in roots:
        found.setdefault(table, []).extend(_tree(data, size, root))
    return found


def _tree(data: bytes, size: int, number: int) -> Iterator[int]:
    yield number
    start = (number - 1) * size
    head = start + (_HEADER if number == 1 else 0)
    if data[head] not in _INTERIOR:
        return
    cells = int.from_bytes(data[head + 3 : head + 5], "big")
    for cell in range(cells):
        at = start + int.from_bytes(data[head + 12 + 2 * cell : head + 14 + 2 * cell], "big")
        yield from _tree(data, size, int.from_bytes(data[at : at + 4], "big"))
    yield from _tree(data, size, int.from_bytes(data[head + 8 : head + 12], "big"))


def content_of(data: bytes, size: int, number: int) -> range:
    """The bytes of a page in which its cells lie."""
    start = (number - 1) * size
    head = start + (_HEADER if number == 1 else 0)
    begin = int.from_bytes(data[head + 5 : head + 7], "big") or 65_536
    return range(start + begin, start + size)
