"""The registry that nobody interrupted, to compare with; and what the tests of both engines share."""

from collections.abc import Iterator

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from tests.crash.engines import database, postgres, registries  # noqa: F401  fixtures are found by their names here
from tests.crash.loading import RUN
from tests.crash.nursery import Nursery, nursery
from tests.imports.desk import load


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("uninterrupted") / "registry")
    load(folder, resume=RUN)
    return folder


@pytest.fixture(scope="module")
def servers() -> Iterator[Nursery]:
    with nursery() as process:
        yield process
