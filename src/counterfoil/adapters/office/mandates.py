"""Mandates in the office's file."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from counterfoil.adapters.office.file import OfficeFile
from counterfoil.domain.people.mandate import Mandate

_COLUMNS: Final = "giver, person, organisation, roles, first_day, last_day, revoked_on"


class SqliteMandates:
    """Every change stands inside the office's `change()`."""

    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, mandate: Mandate, *, made_ms: int) -> int:
        one = mandate
        revoked = None if one.revoked_on is None else one.revoked_on.isoformat()
        row = (one.giver, one.person, one.organisation, " ".join(sorted(one.roles)))
        days = (one.first_day.isoformat(), one.last_day.isoformat(), revoked)
        sql = f"INSERT INTO mandate ({_COLUMNS}, made_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
        self._file.run(sql, (*row, *days, made_ms))
        number: int = self._file.rows("SELECT last_insert_rowid()")[0][0]
        return number

    def get(self, number: int) -> Mandate | None:
        return next(iter(self._found("number = ?", (number,))), None)

    def of(self, person: str) -> Sequence[Mandate]:
        return self._found("person = ?", (person,))

    def given_by(self, giver: str) -> Sequence[Mandate]:
        return self._found("giver = ?", (giver,))

    def listed(self, *, after: int, limit: int) -> Sequence[Mandate]:
        return self._found("number > ?", (after,), limit=limit)

    def revoke(self, number: int, on: date) -> None:
        self._file.run("UPDATE mandate SET revoked_on = ? WHERE number = ?", (on.isoformat(), number))

    def _found(self, where: str, values: tuple[Any, ...], *, limit: int = -1) -> list[Mandate]:
        sql = f"SELECT number, {_COLUMNS} FROM mandate WHERE {where} ORDER BY number LIMIT ?"  # noqa: S608
        return [_mandate(row) for row in self._file.rows(sql, (*values, limit))]


def _mandate(row: Sequence[Any]) -> Mandate:
    number, giver, person, organisation, roles, first_day, last_day, revoked_on = row
    return Mandate(
        giver,
        person,
        organisation,
        frozenset(roles.split(" ")),
        date.fromisoformat(first_day),
        date.fromisoformat(last_day),
        None if revoked_on is None else date.fromisoformat(revoked_on),
        number,
    )
