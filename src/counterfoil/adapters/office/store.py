"""The office's store over its file: one part for each of its books.

Further books (proposals, documents, an outbox) stand over the same `OfficeFile`, in modules of their own, and write
inside the same `change()`.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from counterfoil.adapters.office.file import OfficeFile
from counterfoil.adapters.office.mandates import SqliteMandates
from counterfoil.adapters.office.people import SqliteMemberships, SqliteOrganisations, SqlitePeople
from counterfoil.adapters.office.shelves import SqliteShelf
from counterfoil.adapters.office.signing_in import (
    SqliteCredentials,
    SqliteInvitations,
    SqliteSessions,
    SqliteSteps,
    SqliteThrottle,
)
from counterfoil.application.office.ports import TrailQuestion, TrailRow

_TRAIL: Final = "number, at_ms, actor, act, subject, facts, digest"
_CHUNK: Final = 1_000


class SqliteTrail:
    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, row: TrailRow) -> None:
        values = (row.number, row.at_ms, row.actor, row.act, row.subject, row.facts, row.digest)
        self._file.run(f"INSERT INTO trail ({_TRAIL}) VALUES (?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608

    def last(self) -> TrailRow | None:
        sql = f"SELECT {_TRAIL} FROM trail ORDER BY number DESC LIMIT 1"  # noqa: S608
        return next((TrailRow(*row) for row in self._file.rows(sql)), None)

    def rows(self, question: TrailQuestion, *, limit: int) -> list[TrailRow]:
        wanted = {"actor": question.actor, "act": question.act, "subject": question.subject}
        said = [f"{name} = :{name}" for name, value in wanted.items() if value]
        where = " AND ".join(["number > :after", "at_ms >= :since", "at_ms < :until", *said])
        sql = f"SELECT {_TRAIL} FROM trail WHERE {where} ORDER BY number LIMIT :limit"  # noqa: S608  names of ours only
        bounds = {"after": question.after, "since": question.since_ms, "until": question.until_ms, "limit": limit}
        return [TrailRow(*row) for row in self._file.rows(sql, {**wanted, **bounds})]

    def all(self) -> Iterator[TrailRow]:
        after = 0
        while rows := self.rows(TrailQuestion(after=after), limit=_CHUNK):
            yield from rows
            after = rows[-1].number


class SqliteOffice:
    """Everything the office keeps, in one file."""

    def __init__(self, path: Path) -> None:
        """Open it; a file that is not there is laid out.

        Raises:
            Outage: the file cannot be used.
        """
        self.file = OfficeFile(path)
        self.people = SqlitePeople(self.file)
        self.organisations = SqliteOrganisations(self.file)
        self.memberships = SqliteMemberships(self.file)
        self.mandates = SqliteMandates(self.file)
        self.credentials = SqliteCredentials(self.file)
        self.sessions = SqliteSessions(self.file)
        self.invitations = SqliteInvitations(self.file)
        self.steps = SqliteSteps(self.file)
        self.throttle = SqliteThrottle(self.file)
        self.trail = SqliteTrail(self.file)
        self.shelf = SqliteShelf(self.file)

    def change(self) -> AbstractContextManager[None]:
        return self.file.change()

    def pepper(self) -> bytes:
        found: bytes = self.file.rows("SELECT value FROM setting WHERE name = 'pepper'")[0][0]
        return found

    def scrub(self) -> None:
        self.file.scrub()

    def close(self) -> None:
        self.file.close()
