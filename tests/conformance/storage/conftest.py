"""Each test of a contract runs over every engine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from counterfoil.adapters.storage.memory.store import MemoryStore
from counterfoil.adapters.storage.sqlite.store import SqliteStore
from counterfoil.application.ports import Store

Founding = Callable[[], Store]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    founded: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "registry.db", create=True)
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
