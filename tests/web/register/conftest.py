"""The demonstration's world for the pages of the register: units with a whole life, in two countries' books."""

from pathlib import Path

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from tests.http.conftest import anyio_backend, folder
from tests.worlds import played_world

__all__ = ["anyio_backend", "folder"]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played_world(tmp_path_factory)


@pytest.fixture(scope="session")
def host(world: Path) -> Folder:
    """The book in which units were issued."""
    return Folder(world / "THA")


@pytest.fixture(scope="session")
def user(world: Path) -> Folder:
    """The book in which they were used."""
    return Folder(world / "CHE")
