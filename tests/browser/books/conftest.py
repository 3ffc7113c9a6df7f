"""The demonstration's world, served: units that crossed a border, with reports filed on them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.serving import Server
from tests.web.register.conftest import world

__all__ = ["world"]


@pytest.fixture(scope="module")
def host(world: Path, server: Callable[..., Server]) -> Server:
    """The registry in which the units were issued."""
    return server(world / "THA")
