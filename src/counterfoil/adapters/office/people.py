"""Persons, organisations and memberships in the office's file."""

from typing import Any, Final

from counterfoil.adapters.office.file import OfficeFile
from counterfoil.application.office.ports import Membership, Organisation, Person, PersonState

_PERSON: Final = "person, name, mail, state, made_ms, enrolled_ms"
_ORGANISATION: Final = "organisation, kind, name, suspended, made_ms"
_MEMBERSHIP: Final = "number, person, organisation, role, first_day, last_day"
_HOLDS: Final = "first_day <= :on AND (last_day IS NULL OR last_day >= :on)"


class SqlitePeople:
    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, person: Person) -> bool:
        return self._file.inserted(f"INSERT INTO person ({_PERSON}) VALUES (?, ?, ?, ?, ?, ?)", _row(person))  # noqa: S608

    def get(self, person: str) -> Person | None:
        return _person(self._file.rows(f"SELECT {_PERSON} FROM person WHERE person = ?", (person,)))  # noqa: S608

    def by_mail(self, mail: str) -> Person | None:
        return _person(self._file.rows(f"SELECT {_PERSON} FROM person WHERE mail = ?", (mail,)))  # noqa: S608

    def listed(self, *, after: str, limit: int) -> list[Person]:
        sql = f"SELECT {_PERSON} FROM person WHERE person > ? ORDER BY person LIMIT ?"  # noqa: S608
        return [_of(row) for row in self._file.rows(sql, (after, limit))]

    def count(self) -> int:
        return int(self._file.rows("SELECT count(*) FROM person")[0][0])

    def put(self, person: Person) -> None:
        sql = "UPDATE person SET name = ?, mail = ?, state = ?, made_ms = ?, enrolled_ms = ? WHERE person = ?"
        key, *rest = _row(person)
        self._file.run(sql, (*rest, key))

    def staffed(self) -> bool:
        return bool(self._file.rows("SELECT 1 FROM person WHERE enrolled_ms IS NOT NULL LIMIT 1"))


class SqliteOrganisations:
    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, organisation: Organisation) -> bool:
        sql = f"INSERT INTO organisation ({_ORGANISATION}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608
        one = organisation
        return self._file.inserted(sql, (one.organisation, one.kind, one.name, int(one.suspended), one.made_ms))

    def get(self, organisation: str) -> Organisation | None:
        sql = f"SELECT {_ORGANISATION} FROM organisation WHERE organisation = ?"  # noqa: S608
        return next((_body(row) for row in self._file.rows(sql, (organisation,))), None)

    def put(self, organisation: Organisation) -> None:
        sql = "UPDATE organisation SET kind = ?, name = ?, suspended = ? WHERE organisation = ?"
        one = organisation
        self._file.run(sql, (one.kind, one.name, int(one.suspended), one.organisation))

    def listed(self, *, after: str, limit: int) -> list[Organisation]:
        sql = f"SELECT {_ORGANISATION} FROM organisation WHERE organisation > ? ORDER BY organisation LIMIT ?"  # noqa: S608
        return [_body(row) for row in self._file.rows(sql, (after, limit))]


class SqliteMemberships:
    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, membership: Membership) -> None:
        """Its number is given by the file."""
        sql = "INSERT INTO membership (person, organisation, role, first_day, last_day) VALUES (?, ?, ?, ?, ?)"
        one = membership
        self._file.run(sql, (one.person, one.organisation, one.role, one.first_day, one.last_day))

    def of(self, person: str, *, on: str | None = None) -> list[Membership]:
        held = "" if on is None else f" AND {_HOLDS}"
        sql = f"SELECT {_MEMBERSHIP} FROM membership WHERE person = :person{held} ORDER BY number"  # noqa: S608
        return [Membership(*row) for row in self._file.rows(sql, {"person": person, "on": on})]

    def end(self, number: int, last_day: str) -> None:
        self._file.run("UPDATE membership SET last_day = ? WHERE number = ?", (last_day, number))

    def holders(self, role: str, *, on: str) -> list[str]:
        sql = (
            "SELECT DISTINCT person FROM membership JOIN person USING (person) "  # noqa: S608
            f"WHERE role = :role AND {_HOLDS} AND state = 'active' ORDER BY person"
        )
        return [row[0] for row in self._file.rows(sql, {"role": role, "on": on})]


def _row(person: Person) -> tuple[Any, ...]:
    return person.person, person.name, person.mail, person.state.value, person.made_ms, person.enrolled_ms


def _of(row: tuple[Any, ...]) -> Person:
    person, name, mail, state, made_ms, enrolled_ms = row
    return Person(person, name, mail, PersonState(state), made_ms, enrolled_ms)


def _person(rows: list[tuple[Any, ...]]) -> Person | None:
    return _of(rows[0]) if rows else None


def _body(row: tuple[Any, ...]) -> Organisation:
    organisation, kind, name, suspended, made_ms = row
    return Organisation(organisation, kind, name, bool(suspended), made_ms)
