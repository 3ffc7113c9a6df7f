"""Shelves in the office's file."""

from collections.abc import Sequence
from typing import Any, Final

from counterfoil.adapters.office.file import OfficeFile
from counterfoil.application.office.shelf import Kept, Laid

_COLUMNS: Final = "person, kind, name, title, place, content, changed_ms"


class SqliteShelf:
    """Every change stands inside the office's `change()`."""

    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def put(self, kept: Kept) -> None:
        row = (kept.person, kept.kind.value, kept.name, kept.title, kept.place, kept.content, kept.changed_ms)
        self._file.run(f"INSERT OR REPLACE INTO shelf ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608

    def get(self, person: str, kind: Laid, name: str) -> Kept | None:
        sql = f"SELECT {_COLUMNS} FROM shelf WHERE person = ? AND kind = ? AND name = ?"  # noqa: S608
        return next((_kept(row) for row in self._file.rows(sql, (person, kind.value, name))), None)

    def of(self, person: str, kind: Laid, *, limit: int) -> Sequence[Kept]:
        sql = f"SELECT {_COLUMNS} FROM shelf WHERE person = ? AND kind = ? ORDER BY changed_ms DESC, name LIMIT ?"  # noqa: S608
        return [_kept(row) for row in self._file.rows(sql, (person, kind.value, limit))]

    def drop(self, person: str, kind: Laid, name: str) -> None:
        self._file.run("DELETE FROM shelf WHERE person = ? AND kind = ? AND name = ?", (person, kind.value, name))

    def clear(self, person: str) -> None:
        self._file.run("DELETE FROM shelf WHERE person = ?", (person,))


def _kept(row: tuple[Any, ...]) -> Kept:
    person, kind, *rest = row
    return Kept(person, Laid(kind), *rest)
