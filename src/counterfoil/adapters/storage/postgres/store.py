"""PostgreSQL as the single writer sees it: whole batches into one schema, durable on return.

Read next: `adapters/storage/postgres/reading.py`.
Source: ADR-0010, ADR-0015.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from psycopg import Error

from counterfoil.adapters.storage.postgres.batch import write
from counterfoil.adapters.storage.postgres.engine_file import SCHEMA
from counterfoil.adapters.storage.postgres.epoch_file import EpochFile
from counterfoil.adapters.storage.postgres.outage import translated
from counterfoil.adapters.storage.postgres.place import place_of
from counterfoil.adapters.storage.postgres.reading import OPENINGS, PostgresReading
from counterfoil.adapters.storage.postgres.session import Session
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Batch, CosignatureRow, JournalRow, OpeningRow, Outage

SETTLE_S: Final = 20.0
"""How long to try to find out what became of a COMMIT whose answer was lost: a server needs a while to start again."""
_PAUSE_S: Final = 0.1
_COSIGN: Final = "INSERT INTO cosignature (number, name, line) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"

R = TypeVar("R")


class PostgresStore:
    """A registry's schema, held by its one writer."""

    __slots__ = ("_halted", "_last", "_place", "_seen", "_session", "settle_s")

    def __init__(self, conninfo: str, *, create: bool, schema: str = SCHEMA, seen: EpochFile | None = None) -> None:
        """Open a registry's schema, or with `create` lay out a new one.

        Args:
            seen: Remembers this writer's epoch outside the database, and refuses a database that is behind it.

        Raises:
            Outage: the schema is absent, exists already, is not ours, is of another format, is held by another writer,
                or cannot be opened; or the server does not wait for its disk.
        """
        self._place = place_of(conninfo, schema)
        self._seen = seen
        self._session = self._opened(create=create)
        self._last = self._session.last
        self._halted = False
        self.settle_s = SETTLE_S

    @property
    def epoch(self) -> int:
        """Which writer this is, counted from the founding. It belongs into each checkpoint."""
        return self._session.epoch

    def reading(self) -> PostgresReading:
        return PostgresReading(self._place.conninfo, schema=self._place.schema, primary=True)

    def commit(self, batch: Batch) -> None:
        """Write a batch in one transaction; on return it survives the loss of power.

        Raises:
            Outage: the batch is not there; or it is not known whether it is, and then the store takes no more.
        """
        self._begin(lambda session, last: self._write(session, batch, last))
        session = self._session
        try:
            session.commit()
        except Error as error:
            self._settle(batch, error)
        except BaseException:
            # Interrupted while it waited: nobody here knows what the server did.
            self._halted = True
            session.close()
            raise
        self._last = batch.checkpoint

    def commands(self, ids: Sequence[str]) -> dict[str, int]:
        return self._ask(lambda session: session.rows.commands(ids))

    def row(self, seq: int) -> JournalRow | None:
        return self._ask(lambda session: session.rows.row(seq))

    def openings(self, seq: int) -> list[OpeningRow]:
        query = f"{OPENINGS} WHERE seq = %s ORDER BY field"
        return self._ask(lambda session: session.rows.all(OpeningRow._make, query, (seq,)))

    def erase(self, seq: int, field: str) -> bool:
        """Erase one opening.

        The server overwrites its bytes later, when it clears the page; its log, archives and backups are the
        operator's to erase.
        """
        query = "DELETE FROM opening WHERE seq = %s AND field = %s"
        erased = self._begin(lambda session, _: session.connection.execute(query, (seq, field)).rowcount == 1)
        try:
            self._session.commit()
        except Error as error:
            # Erasing again does no harm, so nothing has to be settled.
            raise translated(error, self._place.name) from error
        return erased

    def cosign(self, row: CosignatureRow) -> bool:
        """Keep a witness's line beside its checkpoint; False when that witness's line is there already.

        Raises:
            Outage: there is no such checkpoint (`storage.conflict`), or the line is not there for certain. Handing it
                in again does no harm.
        """
        new = self._begin(lambda session, _: session.connection.execute(_COSIGN, row).rowcount == 1)
        try:
            self._session.commit()
        except Error as error:
            raise translated(error, self._place.name) from error
        return new

    def close(self) -> None:
        self._session.close()

    def _ask(self, question: Callable[[Session], R]) -> R:
        """Ask on the session, and once more where it turns out to be lost: connections that rest are often cut."""
        try:
            return question(self._ready())
        except (Error, Outage):
            if self._halted or not self._session.lost:
                raise
        return question(self._ready())

    def _begin(self, act: Callable[[Session, int], R]) -> R:
        """Act in a transaction that is left open; whatever goes wrong, it is undone.

        Args:
            act: Is given the session and the number of the journal's last entry.
        """
        try:
            last = self._ask(Session.begin)
            return act(self._session, last)
        except BaseException as error:
            self._session.roll_back()
            if isinstance(error, Error):
                raise translated(error, self._place.name) from error
            raise

    def _opened(self, *, create: bool = False, after: int | None = None) -> Session:
        """A new session, whose epoch is remembered before it writes an entry."""
        seen = self._seen.read() if self._seen is not None and not create else 0
        session = Session(self._place, create=create, after=after, seen=seen)
        if self._seen is not None:
            try:
                self._seen.write(session.epoch)
            except BaseException:
                session.close()
                raise
        return session

    def _ready(self) -> Session:
        """The session; a lost one is continued, when nobody wrote meanwhile."""
        if self._halted:
            raise Outage(StorageFault.HALTED, {"path": self._place.name})
        if self._session.lost:
            self._session = self._opened(after=self._session.epoch)
            if self._session.last != self._last:
                # A standby without the last commits was promoted, or a backup was put in place.
                self._session.close()
                detail = "its last checkpoint is not the one that this writer left"
                raise Outage(StorageFault.CONFLICT, {"path": self._place.name, "detail": detail})
        return self._session

    def _write(self, session: Session, batch: Batch, last: int) -> None:
        """Write a batch whose entries follow the last one. Nobody else writes here; the tree cannot have a gap."""
        if any(row.seq != seq for seq, row in enumerate(batch.journal, last + 1)):
            detail = "entry numbers do not follow the journal's"
            raise Outage(StorageFault.CONFLICT, {"path": self._place.name, "detail": detail})
        write(session.connection, batch)

    def _settle(self, batch: Batch, error: Error) -> None:
        """After a failed COMMIT, find out by reading whether the batch is there.

        The answer counts only once we hold the lock again: as long as the old session lives, its COMMIT may still be
        under way, such as waiting for a standby. A server that answered with an error has rolled back.
        """
        outage = translated(error, self._place.name)
        if not self._session.lost:
            self._session.roll_back()
            raise outage from error
        if self._continued_within(self.settle_s):
            if self._session.last == batch.checkpoint:
                return
            if self._session.last == self._last:
                raise outage from error
        self._halted = True
        raise Outage(StorageFault.OUTCOME_UNKNOWN, outage.facts) from error

    def _continued_within(self, seconds: float) -> bool:
        """Whether the session could be continued, trying until the time is up."""
        end = time.monotonic() + seconds
        while True:
            try:
                self._session = self._opened(after=self._session.epoch)
            except Outage as outage:
                if not outage.retry or time.monotonic() >= end:
                    return False
                time.sleep(_PAUSE_S)
            else:
                return True
