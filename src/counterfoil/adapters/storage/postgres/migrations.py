"""From one format of the schema to the next, a step in one transaction: what is killed in it never began.

A step never changes once it is released: it must always lead from its old format to the one after it. `schema.py` lays
out the newest format; a test holds both ways against each other. A step raises the epoch, so that a writer of the older
program that lost its lock is fenced.
Source: ADR-0015, ADR-0016.
"""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from psycopg import Error

from counterfoil.adapters.storage.postgres.engine_file import SCHEMA
from counterfoil.adapters.storage.postgres.outage import translated
from counterfoil.adapters.storage.postgres.place import Connection, place_of
from counterfoil.adapters.storage.postgres.schema import ALWAYS, COSIGNATURE, FORMAT, SOURCES, mark_of
from counterfoil.adapters.storage.postgres.session import take_lock

# Who was let in to read the checkpoints reads the witnesses' lines on them as well.
_READERS: Final = """
DO $$
DECLARE
    reader text;
BEGIN
    FOR reader IN
        SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END
        FROM pg_class, aclexplode(relacl)
        WHERE pg_class.oid = 'checkpoint'::regclass AND privilege_type = 'SELECT' AND grantee <> relowner
    LOOP
        EXECUTE 'GRANT SELECT ON cosignature TO ' || reader;
    END LOOP;
END $$
"""

STEPS: Final[Mapping[int, tuple[str, ...]]] = {1: (COSIGNATURE, _READERS, ALWAYS, SOURCES)}
"""By the format that a step begins with."""


class PostgresFormat:
    """The format of one registry's schema. Use it under the registry's lock."""

    __slots__ = ("_place",)

    newest: int = FORMAT

    def __init__(self, conninfo: str, *, schema: str = SCHEMA) -> None:
        self._place = place_of(conninfo, schema)

    def now(self) -> int:
        """The format as it stands.

        Raises:
            Outage: the schema is absent, not ours, of a newer format, or cannot be read.
        """
        with self._open() as connection:
            return mark_of(connection, self._place).format

    def keep(self) -> Path | None:
        """Nothing: copies of a database are its server's (`pg_dump`, or a base backup)."""
        return None

    def step(self) -> int:
        """Take one step, when there is one to take, and give the format after it.

        Raises:
            Outage: a writer has the registry, or the step was not taken; nothing has changed.
        """
        with self._open() as connection:
            take_lock(connection, self._place)
            with connection.transaction():
                # Asked under the row's lock: a writer that lost its own lock cannot commit beside the step.
                connection.execute("SELECT FROM mark FOR UPDATE")
                before = mark_of(connection, self._place).format
                if before == FORMAT:
                    return FORMAT
                for statement in STEPS[before]:
                    connection.execute(statement)
                connection.execute("UPDATE mark SET format = %s, epoch = epoch + 1", (before + 1,))
            return before + 1

    @contextlib.contextmanager
    def _open(self) -> Iterator[Connection]:
        connection = self._place.connect(role="upgrade", primary=True)
        try:
            yield connection
        except Error as error:
            raise translated(error, self._place.name) from error
        finally:
            connection.close()
