"""Letters of grievance in the office's file."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Final

from counterfoil.adapters.office.file import OfficeFile
from counterfoil.application.office.grievance_letter import GrievanceLetter

_COLUMNS: Final = "number, activity, text, name, contact, salt, secret, made_ms, entry, erased_ms, sha256"
_MARKS: Final = ", ".join("?" * 11)


class SqliteGrievanceLetters:
    """Every change stands inside the office's `change()`."""

    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, letter: GrievanceLetter) -> bool:
        sql = f"INSERT INTO grievance_letter ({_COLUMNS}) VALUES ({_MARKS})"  # noqa: S608  names of ours only
        return self._file.inserted(sql, astuple(letter))

    def get(self, number: str) -> GrievanceLetter | None:
        sql = f"SELECT {_COLUMNS} FROM grievance_letter WHERE number = ?"  # noqa: S608
        return next((GrievanceLetter(*row) for row in self._file.rows(sql, (number,))), None)

    def listed(self, *, after: str, limit: int) -> Sequence[GrievanceLetter]:
        sql = f"SELECT {_COLUMNS} FROM grievance_letter WHERE number > ? ORDER BY number LIMIT ?"  # noqa: S608
        return [GrievanceLetter(*row) for row in self._file.rows(sql, (after, limit))]

    def unfiled(self, *, limit: int) -> Sequence[GrievanceLetter]:
        where = "entry IS NULL AND erased_ms IS NULL ORDER BY made_ms, number LIMIT ?"
        rows = self._file.rows(f"SELECT {_COLUMNS} FROM grievance_letter WHERE {where}", (limit,))  # noqa: S608
        return [GrievanceLetter(*row) for row in rows]

    def filed(self, number: str, entry: int) -> None:
        self._file.run("UPDATE grievance_letter SET entry = ? WHERE number = ?", (entry, number))

    def remove(self, number: str) -> None:
        self._file.run("DELETE FROM grievance_letter WHERE number = ?", (number,))

    def erase(self, number: str, at_ms: int) -> None:
        sql = "UPDATE grievance_letter SET text = NULL, name = NULL, contact = NULL, erased_ms = ? WHERE number = ?"
        self._file.run(sql, (at_ms, number))
