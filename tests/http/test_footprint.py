"""The server is small and quick: what it imports, what it holds with ten thousand blocks, and when it first answers."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.crash.engines import Registries
from tests.http.desk import BLOCK, Served, founded, served, token, transfer

BLOCKS = 10_000
IDLE_BYTES_MAX = 120 * 1024 * 1024
BLOCK_BYTES_MAX = 400
CHANCE_BYTES = 2 * 1024 * 1024
"""By so much two servers with the same books may differ: pages of the heap that one of them has not given back."""
START_SECONDS_MAX = 1.0
"""Of the processor, from the first instruction to the first answer, where Python itself starts in `PACE_SECONDS`."""
PACE_SECONDS = 0.09
"""Of the processor, to start Python and import `YARDSTICK`, where the second above was set."""
YARDSTICK = "asyncio, email.message, http.client, json, sqlite3, ssl, typing, unittest.mock, xml.dom.minidom"
STARTS = 3
PACINGS = 5

# What must not be imported: libraries for documents, space, analysis and migration, and those of tests and tools.
DOCUMENTS = {"xlsxwriter", "python_calamine", "openpyxl", "lxml", "docx", "reportlab", "PIL"}
SPACE_AND_ANALYSIS = {"shapely", "pyproj", "rasterio", "numpy", "pandas", "pyarrow", "polars", "duckdb", "scipy"}
MIGRATION = {"sqlalchemy", "alembic", "mako"}
TOOLS = {"pytest", "hypothesis", "setuptools", "pip", "httpx", "requests", "cryptography"}
NEVER = DOCUMENTS | SPACE_AND_ANALYSIS | MIGRATION | TOOLS
OWN_NEVER = ("counterfoil.packs", "counterfoil.adapters.documents", "counterfoil.entrypoints.bench")

# The command as an operator gives it. When it has ended, it says what it had imported.
RUNNER = """
import json, sys
from counterfoil.entrypoints.cli.main import run
status = run(["serve", "--dir", sys.argv[1], "--port", "0", "--for", sys.argv[2]])
print(json.dumps(sorted(sys.modules)))
sys.exit(status)
"""


def imported(server: Served) -> set[str]:
    """End the server; the modules that it had imported."""
    assert server.stop() == 0
    assert server.process.stdout is not None
    return set(json.loads(server.process.stdout.read().splitlines()[-1]))


def use(server: Served, headers: dict[str, str]) -> None:
    """One of each kind of request: an act, acts in bulk, questions, a list, the front page, reports and a check."""
    with httpx.Client(base_url=server.address, headers=headers, timeout=60) as client:
        assert client.post("/api/v1/commands", json=transfer(1, 1)).status_code == 201
        lines = "\n".join(json.dumps(transfer(serial, serial)) for serial in (2, 3))
        assert client.post("/api/v1/commands:bulk", content=lines).status_code == 200
        for path in ("health", "registry", "units/BR-1", "entries", "checkpoint", "openapi.json", "faults/http.busy"):
            assert client.get(f"/api/v1/{path}").status_code == 200, path
        assert client.get("/", headers={"accept": "text/html"}).status_code == 200
        assert client.get("/api/v1/reports/aef/THA/2025").content.startswith(b"PK")
        assert client.get("/api/v1/reports/initial/THA/2026/2026").json()["report"] == "initial"
        workbook = {"file": ("a.xlsx", b"x", "application/octet-stream")}
        assert client.post("/api/v1/aef/check", files=workbook).json()["status"] == "INCONSISTENT"


def test_the_server_imports_no_library_for_documents_space_analysis_or_migration(registries: Registries) -> None:
    folder = registries(blocks=2)
    with served(folder, code=RUNNER) as server:
        use(server, token(folder))
        modules = imported(server)
    assert not {name for name in modules if name.partition(".")[0] in NEVER}
    assert not {name for name in modules if name.startswith(OWN_NEVER)}
    assert ("psycopg" in modules) == (folder.engine is not None), "the driver is for registries on PostgreSQL alone"
    assert "counterfoil.entrypoints.serving" in modules


class Idle(NamedTuple):
    rss_bytes: int
    start_seconds: float
    pace_seconds: float


def processor_seconds(process: int) -> float:
    """What a process has had of the processor so far."""
    ticks = [int(field) for field in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]]
    return sum(ticks) / os.sysconf("SC_CLK_TCK")


def pace() -> float:
    """How long the machine takes at this moment for a start whose work never changes: neighbours slow both alike."""
    before = os.times()
    for _ in range(PACINGS):
        subprocess.run([sys.executable, "-c", f"import {YARDSTICK}"], check=True)
    after = os.times()
    taken = after.children_user + after.children_system - before.children_user - before.children_system
    return taken / PACINGS


def measured(server: Served) -> Idle:
    """Memory and processor time of a server that has answered once."""
    assert httpx.get(f"{server.address}/api/v1/health", timeout=30).status_code == 200
    process = Path(f"/proc/{server.process.pid}")
    started = processor_seconds(server.process.pid)
    paced = pace()
    time.sleep(1.5)  # what the start left behind has been tidied up by then
    pages = int((process / "statm").read_text().split()[1])
    return Idle(pages * os.sysconf("SC_PAGE_SIZE"), started, paced)


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Idle, Idle]]:
    """A server with one block, and one with ten thousand: of each the best of some starts."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("this system does not tell what a process holds")
    found = []
    for blocks in (1, BLOCKS):
        folder = founded(tmp_path_factory.mktemp("idle") / "registry", blocks=blocks)
        starts = []
        for _ in range(STARTS):
            with served(folder, code=RUNNER) as server:
                starts.append(measured(server))
                page = httpx.get(f"{server.address}/api/v1/units/BR-{blocks * BLOCK}").json()
                assert page["account"] == "cdm:BR-1"
        found.append(min(starts, key=attrgetter("start_seconds")))
    yield found[0], found[1]


def test_it_holds_little_when_nothing_happens(idle: tuple[Idle, Idle]) -> None:
    _, full = idle
    assert full.rss_bytes <= IDLE_BYTES_MAX + BLOCKS * BLOCK_BYTES_MAX, f"{full.rss_bytes / 2**20:.0f} MiB"


def test_a_block_costs_at_most_four_hundred_bytes(idle: tuple[Idle, Idle]) -> None:
    empty, full = idle
    more = full.rss_bytes - empty.rss_bytes
    assert more <= BLOCKS * BLOCK_BYTES_MAX + CHANCE_BYTES, f"{more / BLOCKS:.0f} bytes"


def test_it_answers_within_a_second_of_its_start(idle: tuple[Idle, Idle]) -> None:
    for each in idle:
        allowed = START_SECONDS_MAX * max(1, each.pace_seconds / PACE_SECONDS)
        assert each.start_seconds <= allowed, f"{each.start_seconds:.2f} s of {allowed:.2f} s"
