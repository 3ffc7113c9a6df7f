"""Each test has an office of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office.stage import Stage, staged


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = staged(tmp_path)
    yield made
    made.at_hand.close()
