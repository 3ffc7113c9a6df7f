"""A registry with an office on a pinned clock."""

from collections.abc import Iterator

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from tests.http.conftest import anyio_backend
from tests.http.desk import founded
from tests.office.stage import Stage, staged

__all__ = ["anyio_backend"]


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return founded(tmp_path_factory.mktemp("registry") / "office", blocks=2)


@pytest.fixture
def stage(folder: Folder) -> Iterator[Stage]:
    made = staged(folder.path)
    yield made
    made.at_hand.close()
