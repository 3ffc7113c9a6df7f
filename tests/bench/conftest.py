"""Places to measure on: a folder, and for PostgreSQL one server for all tests of this folder."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.bench.ground import Ground, ground
from counterfoil.entrypoints.bench.postgres_server import CONNINFO, postgres


@pytest.fixture(scope="session")
def bench_server(do_without: Callable[[str, str], NoReturn]) -> Iterator[str]:
    try:
        with postgres() as conninfo:
            yield conninfo
    except Outage as outage:
        do_without("postgres_bench", f"{outage.code}: {outage.facts}")


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """A durable place, on each engine."""
    if request.param == "postgres":
        monkeypatch.setenv(CONNINFO, request.getfixturevalue("bench_server"))
    with ground(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def sqlite_place(tmp_path: Path) -> Ground:
    return Ground("sqlite", tmp_path)
