"""Requests of administrators in the office's file."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any, Final

from counterfoil.adapters.office.file import OfficeFile
from counterfoil.application.office.admin_request import AdminAct, AdminRequest, AdminState
from counterfoil.domain.people.role import ADMINISTRATOR

_COLUMNS: Final = "id, act, asker, giver, made_ms, ends_ms, person, name, mail, role, organisation, last_day, state"
_MARKS: Final = ", ".join("?" * 13)


class SqliteAdminRequests:
    """Every change stands inside the office's `change()`."""

    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, request: AdminRequest) -> None:
        self._file.run(f"INSERT INTO admin_request ({_COLUMNS}) VALUES ({_MARKS})", astuple(request))  # noqa: S608

    def get(self, name: str) -> AdminRequest | None:
        rows = self._file.rows(f"SELECT {_COLUMNS} FROM admin_request WHERE id = ?", (name,))  # noqa: S608
        return _request(rows[0]) if rows else None

    def close(self, name: str, state: AdminState) -> bool:
        sql = "UPDATE admin_request SET state = ?, name = '', mail = '' WHERE id = ? AND state = 'open'"
        return self._file.run(sql, (state.value, name)) == 1

    def reopen(self, request: AdminRequest) -> None:
        sql = "UPDATE admin_request SET state = 'open', name = ?, mail = ? WHERE id = ?"
        self._file.run(sql, (request.name, request.mail, request.id))

    def forget(self, mail: str) -> None:
        sql = "UPDATE admin_request SET state = 'rejected', name = '', mail = '' WHERE state = 'open' AND mail = ?"
        self._file.run(sql, (mail,))

    def expire(self, now_ms: int) -> None:
        sql = "UPDATE admin_request SET state = 'expired', name = '', mail = '' WHERE state = 'open' AND ends_ms <= ?"
        self._file.run(sql, (now_ms,))

    def listed(self, *, limit: int) -> Sequence[AdminRequest]:
        sql = f"SELECT {_COLUMNS} FROM admin_request WHERE state = 'open' ORDER BY number LIMIT ?"  # noqa: S608
        return [_request(row) for row in self._file.rows(sql, (limit,))]

    def administrators(self, *, on: str) -> Sequence[str]:
        sql = (
            "SELECT DISTINCT person FROM membership JOIN person USING (person) WHERE role = :role "
            "AND first_day <= :on AND (last_day IS NULL OR last_day >= :on) AND state IN ('active', 'suspended')"
        )
        return [row[0] for row in self._file.rows(sql, {"role": ADMINISTRATOR, "on": on})]


def _request(row: Sequence[Any]) -> AdminRequest:
    name, act, asker, giver, made_ms, ends_ms, *said, state = row
    person, called, mail, role, organisation, last_day = said
    about = {"person": person, "name": called, "mail": mail, "role": role, "organisation": organisation}
    kind, now = AdminAct(act), AdminState(state)
    return AdminRequest(name, kind, asker, giver, made_ms, ends_ms, **about, last_day=last_day, state=now)
