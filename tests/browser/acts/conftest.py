"""A staffed registry for the journeys of officers."""

from collections.abc import Callable

import pytest

from tests.browser.acts.officers import Staffed, staffed
from tests.browser.serving import Server


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, server: Callable[..., Server]) -> Staffed:
    return staffed(tmp_path_factory.mktemp("acts") / "registry", server)
