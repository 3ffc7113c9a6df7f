"""Each test of a contract runs over every engine: memory, SQLite, and each PostgreSQL that can be started here.

`COUNTERFOIL_TEST_POSTGRES` names one more server by its connection string; each test takes a schema of its own there.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

import psycopg
import pytest

from counterfoil.adapters.storage.memory.store import MemoryStore
from counterfoil.adapters.storage.postgres.store import PostgresStore
from counterfoil.adapters.storage.sqlite.store import SqliteStore
from counterfoil.application.ports import Store
from tests.conformance.storage.postgres_server import PostgresServer, programs

URL = os.environ.get("COUNTERFOIL_TEST_POSTGRES", "")
NAMED = "postgres_named"
VERSIONS = {"postgres15": 15, "postgres16": 16, "postgres18": 18}
"""Debian's, and the two that the wheel carries: the oldest and the newest that are supported, and one between."""
POSTGRES = [*VERSIONS, *([NAMED] if URL else [])]

Servers = Callable[[str], str]
DoWithout = Callable[[str, str], NoReturn]


class Home(NamedTuple):
    """Where a test's own registry stands in PostgreSQL."""

    conninfo: str
    schema: str

    def store(self, *, create: bool = False) -> PostgresStore:
        return PostgresStore(self.conninfo, create=create, schema=self.schema)

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        """A stranger's session, such as a hand at the SQL prompt."""
        options = f"-c search_path={self.schema}"
        return psycopg.connect(self.conninfo, autocommit=True, options=options)


@pytest.fixture(scope="session")
def servers(do_without: DoWithout) -> Iterator[Servers]:
    """The connection string of an engine's server; it is started when it is first asked for."""
    running: dict[str, PostgresServer] = {}

    def conninfo(engine: str) -> str:
        if engine == NAMED:
            return URL
        if engine not in running:
            folder = programs(VERSIONS[engine])
            if folder is None:
                do_without(engine, f"no PostgreSQL {VERSIONS[engine]} was found to start")
            running[engine] = PostgresServer(folder)
        return running[engine].conninfo

    yield conninfo
    for server in running.values():
        server.stop()


_numbers = itertools.count(1)


def home_in(conninfo: str) -> Iterator[Home]:
    """A place of its own for one test; what was laid out there goes away afterwards."""
    home = Home(conninfo, f"test_{os.getpid()}_{next(_numbers)}")
    yield home
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {home.schema} CASCADE")


@pytest.fixture(params=["memory", "sqlite", *POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    if request.param == "sqlite":
        sqlite = SqliteStore(tmp_path / "registry.db", create=True)
        yield sqlite
        sqlite.close()
        return
    for home in home_in(servers(request.param)):
        postgres = home.store(create=True)
        yield postgres
        postgres.close()


@pytest.fixture(params=POSTGRES)
def home(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Home]:
    """An empty place in each PostgreSQL, for what only this engine promises."""
    yield from home_in(servers(request.param))


@pytest.fixture
def postgres_store(home: Home) -> Iterator[PostgresStore]:
    founded = home.store(create=True)
    yield founded
    founded.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a folder with #, ? and 100%" / "registry.db"


@pytest.fixture
def sqlite_store(path: Path) -> Iterator[SqliteStore]:
    path.parent.mkdir()
    founded = SqliteStore(path, create=True)
    yield founded
    founded.close()
