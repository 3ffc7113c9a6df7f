"""Applications and the files on holders in the office's file."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any, Final

import msgspec

from counterfoil.adapters.office.file import OfficeFile
from counterfoil.application.office.application import (
    Application,
    ApplicationState,
    Colleague,
    KycFile,
    Owner,
    Room,
    Saying,
)

_COLUMNS: Final = (
    "number, organisation, kind, name, mail, account, documents, owners, state, made_ms, endorsed_by, valid_until, "
    "reason"
)

_ROOM: Final = "number, key, language, country, contact, purpose, colleagues, sayings"


class SqliteApplications:
    """Every change stands inside the office's `change()`."""

    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, application: Application) -> None:
        self._file.run(f"INSERT INTO application ({_COLUMNS}) VALUES ({', '.join('?' * 13)})", _row(application))  # noqa: S608

    def get(self, number: str) -> Application | None:
        rows = self._file.rows(f"SELECT {_COLUMNS} FROM application WHERE number = ?", (number,))  # noqa: S608
        return _application(rows[0]) if rows else None

    def put(self, application: Application) -> None:
        one = application
        sql = (
            "UPDATE application SET mail = ?, documents = ?, owners = ?, state = ?, endorsed_by = ?, valid_until = ?, "
            "reason = ? WHERE number = ?"
        )
        said = (
            one.mail,
            _texts(one.documents),
            _owners(one.owners),
            one.state.value,
            one.endorsed_by,
            one.valid_until,
            one.reason,
            one.number,
        )
        self._file.run(sql, said)

    def waiting(self) -> int:
        sql = "SELECT count(*) FROM application WHERE state IN ('open', 'endorsed')"
        found: int = self._file.rows(sql)[0][0]
        return found

    def open_ones(self, *, limit: int) -> list[Application]:
        where = "state IN ('open', 'endorsed') ORDER BY made_ms, number LIMIT ?"
        rows = self._file.rows(f"SELECT {_COLUMNS} FROM application WHERE {where}", (limit,))  # noqa: S608
        return [_application(row) for row in rows]

    def listed(self, *, after: str, limit: int) -> list[Application]:
        sql = f"SELECT {_COLUMNS} FROM application WHERE number > ? ORDER BY number LIMIT ?"  # noqa: S608
        return [_application(row) for row in self._file.rows(sql, (after, limit))]

    def furnish(self, room: Room) -> None:
        sql = f"INSERT OR REPLACE INTO application_room ({_ROOM}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
        talk = msgspec.json.encode([astuple(each) for each in room.sayings]).decode()
        colleagues = msgspec.json.encode([astuple(each) for each in room.colleagues]).decode()
        first = (room.number, room.key, room.language, room.country, room.contact, room.purpose)
        self._file.run(sql, (*first, colleagues, talk))

    def room(self, number: str) -> Room | None:
        rows = self._file.rows(f"SELECT {_ROOM} FROM application_room WHERE number = ?", (number,))  # noqa: S608
        if not rows:
            return None
        name, key, language, country, contact, purpose, colleagues, talk = rows[0]
        people = tuple(Colleague(*each) for each in msgspec.json.decode(colleagues))
        sayings = tuple(Saying(*each) for each in msgspec.json.decode(talk))
        return Room(name, key, language, country, contact, purpose, people, sayings)

    def keep(self, file: KycFile) -> None:
        columns = "organisation, documents, owners, valid_until, kept_ms"
        sql = f"INSERT OR REPLACE INTO kyc_file ({columns}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608  words of ours only
        said = (file.organisation, _texts(file.documents), _owners(file.owners), file.valid_until, file.kept_ms)
        self._file.run(sql, said)

    def file(self, organisation: str) -> KycFile | None:
        sql = "SELECT organisation, documents, owners, valid_until, kept_ms FROM kyc_file WHERE organisation = ?"
        rows = self._file.rows(sql, (organisation,))
        if not rows:
            return None
        name, documents, owners, valid_until, kept_ms = rows[0]
        return KycFile(name, _read(documents), _read_owners(owners), valid_until, kept_ms)

    def forget(self, organisation: str) -> bool:
        # The application that the file came from says the same, and to whom letters went.
        past = "UPDATE application SET mail = '', owners = '[]' WHERE organisation = ? AND state = 'approved'"
        self._file.run(past, (organisation,))
        beside = (
            "UPDATE application_room SET contact = '', purpose = '', colleagues = '[]', sayings = '[]' WHERE number IN "
            "(SELECT number FROM application WHERE organisation = ? AND state = 'approved')"
        )
        self._file.run(beside, (organisation,))
        return self._file.run("DELETE FROM kyc_file WHERE organisation = ?", (organisation,)) == 1


def _texts(texts: Sequence[str]) -> str:
    return msgspec.json.encode(texts).decode()


def _owners(owners: Sequence[Owner]) -> str:
    return msgspec.json.encode([astuple(each) for each in owners]).decode()


def _read(text: str) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(text))


def _read_owners(text: str) -> tuple[Owner, ...]:
    return tuple(Owner(*each) for each in msgspec.json.decode(text))


def _row(one: Application) -> tuple[Any, ...]:
    first = (one.number, one.organisation, one.kind, one.name, one.mail, one.account)
    last = (one.state.value, one.made_ms, one.endorsed_by, one.valid_until, one.reason)
    return (*first, _texts(one.documents), _owners(one.owners), *last)


def _application(row: Sequence[Any]) -> Application:
    number, organisation, kind, name, mail, account, documents, owners, state, *rest = row
    asked = (number, organisation, kind, name, mail, account, _read(documents), _read_owners(owners))
    return Application(*asked, ApplicationState(state), *rest)
