"""Where a measurement stands: the engine, a folder that goes away, and how slow the disk is made.

The delay sits where the fsync is, as far as that goes without a compiler. On PostgreSQL it is the server's own
`commit_delay` with `commit_siblings = 0`: the backend that flushes the log for a group of commits waits first, and the
group with it. Where the role may not set that, and on SQLite, the committing thread sleeps right after the commit and
before anybody is answered: with one connection, the same time at the same place.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from counterfoil.application.ports import World
from counterfoil.entrypoints.bench.machine import fdatasync_ms
from counterfoil.entrypoints.bench.postgres_server import postgres
from counterfoil.entrypoints.bootstrap import Folder

ENGINES: Final = ("sqlite", "postgres", "memory")
_COMMIT_DELAY_MS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Disk:
    """How commits reach the disk in one pass: the connection string, and seconds slept after each commit."""

    conninfo: str
    pause_s: float


@dataclass(slots=True)
class Ground:
    """One run's place. On PostgreSQL, registry and rivals have schemas of their own, dropped at the end."""

    engine: str
    path: Path
    conninfo: str = field(default="", repr=False)
    may_delay: bool = False
    server: str | None = None
    worlds: dict[str, World] = field(default_factory=dict)
    schemas: list[str] = field(default_factory=list)
    disk_ms: list[float] = field(default_factory=list)

    @property
    def durable(self) -> bool:
        return self.engine != "memory"

    def look_at_disk(self) -> None:
        """Note how long the disk takes now for one promise. Between repetitions: a virtual disk changes its mind."""
        self.disk_ms.append(fdatasync_ms(self.path))

    def disk(self, delay_ms: int) -> Disk:
        """A disk whose every flush takes so much longer."""
        if self.engine == "postgres" and delay_ms and self.may_delay and delay_ms <= _COMMIT_DELAY_MS_MAX:
            return Disk(self._with_options(f"-c commit_delay={delay_ms * 1_000} -c commit_siblings=0"), 0)
        return Disk(self.conninfo, delay_ms / 1_000)

    def folder(self, name: str, disk: Disk) -> Folder:
        """A registry's folder; on PostgreSQL with the file that says where its ledger stands."""
        folder = Folder(self.path / name)
        folder.path.mkdir(exist_ok=True)
        if self.engine == "postgres":
            lines = {"engine": "postgresql", "conninfo": disk.conninfo, "schema": self.schema(name)}
            text = "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())
            (folder.path / "engine.toml").write_text(text, "utf-8")
        return folder

    def schema(self, name: str) -> str:
        """A schema of this run, which goes away with it."""
        schema = f"bench_{os.getpid()}_{name}"
        if schema not in self.schemas:
            self.schemas.append(schema)
        return schema

    def _with_options(self, options: str) -> str:
        from psycopg.conninfo import conninfo_to_dict, make_conninfo

        earlier = conninfo_to_dict(self.conninfo).get("options") or ""
        return make_conninfo(self.conninfo, options=f"{earlier} {options}".strip())


@contextmanager
def ground(engine: str, path: Path, *, within: Path | None = None) -> Iterator[Ground]:
    """The place for a run. A server that is started for it keeps its data in a folder of its own, inside `within`.

    Raises:
        Outage: PostgreSQL was asked for and is not there.
    """
    if engine != "postgres":
        yield Ground(engine, path)
        return
    with postgres(within) as conninfo:
        import psycopg
        from psycopg import sql

        with psycopg.connect(conninfo, autocommit=True) as connection:
            version, super_user = connection.execute(
                "SELECT current_setting('server_version'), current_setting('is_superuser') = 'on'"
            ).fetchall()[0]
            found = Ground(engine, path, conninfo, may_delay=super_user, server=version)
            try:
                yield found
            finally:
                for schema in found.schemas:
                    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
