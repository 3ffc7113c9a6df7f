"""The one writing session: a lock that dies with it, and an epoch that tells it from every earlier and later one.

The lock keeps two writers apart as long as each has its own session with the server. A pooler that passes sessions
around, or a standby that was promoted, breaks that silently. So each writer that opens raises the epoch in `mark`, and
each commit looks, in its own transaction, whether the epoch is still its own.
Source: ADR-0015.
"""

import contextlib
import time
from typing import Any, Final

from psycopg import Error
from psycopg.pq import TransactionStatus

from counterfoil.adapters.storage.postgres.fault import PostgresFault
from counterfoil.adapters.storage.postgres.layout import check_layout
from counterfoil.adapters.storage.postgres.outage import translated
from counterfoil.adapters.storage.postgres.place import Connection, Place
from counterfoil.adapters.storage.postgres.reading import CHECKPOINTS
from counterfoil.adapters.storage.postgres.rows import Rows
from counterfoil.adapters.storage.postgres.schema import check_format, found
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import CheckpointRow, Outage

# A young table without statistics looks so small that the planner would read all of it for each look at the ids; so
# the writer, whose every question has a key, does without such scans. `remote_apply` waits for even more than `on`.
# What a version does not know is left out by the join.
_SETTINGS: Final = """
SELECT set_config(known.name, wanted.value, false)
FROM (VALUES
    ('enable_seqscan', 'off'), ('plan_cache_mode', 'force_generic_plan'), ('synchronous_commit', 'on'),
    ('transaction_timeout', '0')
) AS wanted (name, value) JOIN pg_settings AS known ON known.name = wanted.name
WHERE known.setting <> 'remote_apply'
"""
_LOCK: Final = "SELECT pg_try_advisory_lock(hashtextextended('counterfoil writer ' || %s, 0))"
_LOCK_TRIES: Final = 10
_LOCK_PAUSE_S: Final = 0.03
_RAISE_EPOCH: Final = "UPDATE mark SET epoch = epoch + 1 RETURNING epoch"
_DURABLE: Final = "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'"
_POSITION: Final = "SELECT epoch, (SELECT coalesce(max(seq), -1) FROM journal) FROM mark FOR UPDATE OF mark"


class Session:
    """A connection that holds the writer's lock.

    Attributes:
        epoch: How many times a writer had opened this registry, this time included.
        last: The last checkpoint when the session began.
    """

    __slots__ = ("connection", "epoch", "last", "place", "rows")

    def __init__(self, place: Place, *, create: bool = False, after: int | None = None, seen: int = 0) -> None:
        """Connect, take the lock and raise the epoch.

        Args:
            after: The epoch of the session that this one continues; nobody may have written since.
            seen: An epoch that this database has reached, unless it is behind: an old primary, or a backup.

        Raises:
            Outage: the schema cannot be used, or its guards are not those that were laid out; another writer has it
                (`storage.busy`), or had it since the session that this one continues (`storage.fenced`); or the
                database is behind (`storage.behind`).
        """
        self.place = place
        self.connection: Connection = place.connect(role="writer", primary=True)
        self.rows = Rows(self.connection, place)
        try:
            if create:
                found(self.connection, place)
            take_lock(self.connection, place)
            mark = check_format(self.connection, place)
            if after is not None and mark.epoch != after:
                raise Outage(PostgresFault.FENCED, {"path": place.name, "epoch": after, "epoch_now": mark.epoch})
            if after is None and not create:
                check_layout(self.connection, place)
            if mark.epoch < seen:
                raise Outage(PostgresFault.BEHIND, {"path": place.name, "epoch": seen, "epoch_now": mark.epoch})
            self.connection.execute(_SETTINGS)
            self._require_durable()
            self.epoch: int = self._one(_RAISE_EPOCH)[0]
            self.last = self.rows.first(CheckpointRow._make, f"{CHECKPOINTS} ORDER BY number DESC")
        except BaseException as error:
            self.connection.close()
            if isinstance(error, Error):
                raise translated(error, place.name) from error
            raise

    @property
    def lost(self) -> bool:
        """True when the connection is gone, and with it the lock and any transaction that was not committed."""
        return self.connection.closed

    def begin(self) -> int:
        """Begin a commit's transaction, and hold the mark until its end.

        Returns:
            The number of the journal's last entry, -1 when it is empty.

        Raises:
            Outage: a later writer has opened the registry.
        """
        self.connection.execute("BEGIN")
        epoch, last = self._one(_POSITION)
        if epoch != self.epoch:
            facts = {"path": self.place.name, "epoch": self.epoch, "epoch_now": epoch}
            raise Outage(PostgresFault.FENCED, facts)
        return int(last)

    def commit(self) -> None:
        """Make the transaction durable."""
        done = self.connection.execute("COMMIT").statusmessage
        # The server answers ROLLBACK to a COMMIT of a transaction that had failed before.
        assert done == "COMMIT", done

    def roll_back(self) -> None:
        """Undo what was not committed. A connection that cannot is closed, which undoes it as well."""
        try:
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                self.connection.execute("ROLLBACK")
        except Error:
            self.connection.close()

    def close(self) -> None:
        """Give the lock back and end the session, in this order: the server takes its time to end one."""
        with contextlib.suppress(Error):
            if self.connection.info.transaction_status == TransactionStatus.IDLE:
                self.connection.execute("SELECT pg_advisory_unlock_all()")
        self.connection.close()

    def _require_durable(self) -> None:
        """A server that does not wait for its disk may lose what was answered for."""
        unsafe = [name for (name,) in self.connection.execute(_DURABLE)]
        if unsafe:
            raise Outage(PostgresFault.NOT_DURABLE, {"path": self.place.name, "setting": ", ".join(unsafe)})

    def _one(self, query: str, *facts: Any) -> tuple[Any, ...]:
        row = self.connection.execute(query, facts).fetchone()
        assert row is not None
        return row


def take_lock(connection: Connection, place: Place) -> None:
    """Take the writer's lock for this session. A writer that has just been killed may have it for another moment.

    Raises:
        Outage: another session has it (`storage.busy`).
    """
    for _ in range(_LOCK_TRIES):
        if connection.execute(_LOCK, (place.schema,)).fetchone() == (True,):
            return
        time.sleep(_LOCK_PAUSE_S)
    raise Outage(StorageFault.BUSY, {"path": place.name}, retry=True)
