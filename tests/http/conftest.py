"""Every test here runs on asyncio, and most of them with a small registry."""

from pathlib import Path

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from tests.crash.engines import postgres, registries  # noqa: F401  fixtures are found by their names here
from tests.http.desk import founded


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return founded(tmp_path / "registry")
