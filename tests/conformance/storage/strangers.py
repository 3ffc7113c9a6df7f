"""What others do to a store from outside, and the code of the outage that comes of it."""

from collections.abc import Callable

import pytest

from counterfoil.adapters.storage.postgres.store import PostgresStore
from counterfoil.application.ports import Outage
from tests.conformance.storage.conftest import Home


def fault_of(act: Callable[[], object]) -> str:
    with pytest.raises(Outage) as raised:
        act()
    return raised.value.code


def cut(opened: PostgresStore, home: Home) -> None:
    """End the writer's session from outside, as a server that restarts or a firewall does."""
    pid = opened._session.connection.info.backend_pid
    with home.connect() as stranger:
        stranger.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
