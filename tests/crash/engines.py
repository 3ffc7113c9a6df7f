"""A registry to break, on either engine: founded, with blocks of a thousand units, and a token that may write."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

from counterfoil.entrypoints.bootstrap import Folder
from tests.conformance.storage.postgres_server import PostgresServer, programs
from tests.http.desk import founded

VERSIONS = (18, 16, 15)
_numbers = itertools.count(1)


DoWithout = Callable[[str, str], NoReturn]


def any_server(do_without: DoWithout) -> PostgresServer:
    """A server of the newest version that is here."""
    folders = [folder for version in VERSIONS if (folder := programs(version)) is not None]
    if not folders:
        do_without("postgres", "no PostgreSQL was found to start")
    return PostgresServer(folders[0])


@pytest.fixture(scope="session")
def postgres(do_without: DoWithout) -> Iterator[PostgresServer]:
    """One server for all tests that do not harm it."""
    server = any_server(do_without)
    yield server
    server.stop()


@pytest.fixture
def database(do_without: DoWithout) -> Iterator[PostgresServer]:
    """A server that the test may kill, or take its disk from."""
    server = any_server(do_without)
    yield server
    server.stop()


def on_postgres(path: Path, conninfo: str, *, blocks: int = 10, schema: str = "") -> Folder:
    """A registry in a schema of its own."""
    path.mkdir(parents=True)
    place = schema or f"crash_{os.getpid()}_{next(_numbers)}"
    point_to(path, conninfo, place)
    return founded(path, blocks=blocks)


def point_to(path: Path, conninfo: str, schema: str) -> None:
    """Say where the ledger of a folder stands."""
    (path / "engine.toml").write_text(f'engine = "postgresql"\nconninfo = "{conninfo}"\nschema = "{schema}"\n')


def drop(folder: Folder) -> None:
    """Take a registry's schema away again."""
    engine = folder.engine
    assert engine is not None
    with psycopg.connect(engine.conninfo, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {engine.schema} CASCADE")


Registries = Callable[..., Folder]


@pytest.fixture(params=["sqlite", "postgres"])
def registries(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registries]:
    """Makes registries on one engine: `registries("name", blocks=3)`."""
    made: list[Folder] = []

    def make(name: str = "registry", *, blocks: int = 10) -> Folder:
        if request.param == "sqlite":
            return founded(tmp_path / name, blocks=blocks)
        server: PostgresServer = request.getfixturevalue("postgres")
        made.append(on_postgres(tmp_path / name, server.conninfo, blocks=blocks))
        return made[-1]

    yield make
    for folder in made:
        drop(folder)
