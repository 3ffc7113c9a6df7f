"""Each test has a post room of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notices.post_room import Room, post_room


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with post_room(tmp_path) as made:
        yield made
