"""The server that tests start leaves nothing behind, however the tests end."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conformance.storage.conftest import VERSIONS, DoWithout
from tests.conformance.storage.postgres_server import programs


def test_it_ends_and_clears_up_when_the_tests_are_killed(do_without: DoWithout) -> None:
    if programs(VERSIONS["postgres16"]) is None:
        do_without("postgres16", "no PostgreSQL 16 was found to start")
    script = (
        "from tests.conformance.storage.postgres_server import PostgresServer, programs\n"
        "server = PostgresServer(programs(16)); print(server.folder, flush=True); input()\n"
    )
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout is not None
        folder = Path(next(tests.stdout).strip())
        assert (folder / "data" / "postmaster.pid").exists()
        tests.send_signal(signal.SIGKILL)
        tests.wait()
    end = time.monotonic() + 30
    while folder.exists():
        assert time.monotonic() < end
        time.sleep(0.05)
