"""A registry with officers of every desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.acts.stage import Desk


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk.laid_out(tmp_path)
    yield made
    made.stage.at_hand.close()
