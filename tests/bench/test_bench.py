"""What every measurement answers: one form, the machine beside it, and an end in time."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.bench import postgres_server
from counterfoil.entrypoints.bench.audit import verification
from counterfoil.entrypoints.bench.everything import everything
from counterfoil.entrypoints.bench.filled import Size
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.machine import Watch, own_cpu_s
from counterfoil.entrypoints.bench.report import Report
from counterfoil.entrypoints.bench.run import bench
from counterfoil.entrypoints.bench.start import start

QUICK_S = 45
KINDS = ("ledger", "http", "verify", "start")
TINY = Size(blocks=300, accounts=20, acts=256, times=2, budget_s=60)


def test_the_audit_is_measured_beside_bare_hashing(place: Ground) -> None:
    found = verification(place, size=TINY).json()
    assert found["figures"]["entries"] > 500
    assert 0 < found["ratios"]["audit_vs_hash"] < 1
    # A millisecond over a millisecond: a neighbour may turn it round.
    assert 0 < found["ratios"]["verify_vs_hash"] < 3


def test_the_start_is_measured_beside_a_server_without_a_registry(place: Ground) -> None:
    found = start(place, size=TINY).json()
    assert found["figures"]["blocks"] > 300
    assert found["figures"]["start_to_first_answer_s"] > found["figures"]["open_s"] > 0
    assert found["baselines"]["empty_server_idle_mib"] > 0
    assert {"bytes_per_block", "idle_mib"} <= set(found["figures"])


@pytest.mark.parametrize("what", ["verify"])
def test_the_command_prints_one_json_object(what: str) -> None:
    command = [sys.executable, "-m", "counterfoil", "bench", what, "--quick", "--blocks", "300", "--json"]
    begun = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert time.monotonic() - begun < QUICK_S
    found = json.loads(done.stdout)
    assert set(found) == {
        *("bench", "engine", "fsync_delay_ms", "quick"),
        *("figures", "baselines", "ratios", "machine"),
    }
    assert found["bench"] == what and found["engine"] == "sqlite"


@pytest.mark.nightly
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
@pytest.mark.parametrize("what", KINDS)
def test_a_quick_look_ends_in_time(what: str, engine: str) -> None:
    begun = time.monotonic()
    found = bench(what, engine=engine, quick=True)
    assert time.monotonic() - begun < QUICK_S
    assert all(value is None or isinstance(value, int | float) for value in found["ratios"].values())
    assert all(value is None or isinstance(value, int | float) for value in found["baselines"].values())


def test_the_machine_and_its_neighbours_are_described_beside_every_figure(tmp_path: Path) -> None:
    watch = Watch()
    end = time.perf_counter() + 0.3
    while time.perf_counter() < end:
        pass
    place = Ground("sqlite", tmp_path)
    place.look_at_disk()
    found = watch.machine(server=None, disk_ms=place.disk_ms)
    assert {"cpus", "python", "sqlite", "postgres", "load_1min_before", "load_1min_after"} <= set(found)
    assert found["fdatasync_ms"] > 0
    assert found["disk_state"] in ("fast", "slow")
    assert found["own_cpu_share"] is None or found["own_cpu_share"] > 0
    assert found["foreign_cpu_share"] is None or 0 <= found["foreign_cpu_share"] <= 1.2


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not say whose processor time it is")
def test_processor_time_of_servers_that_were_started_counts_as_our_own() -> None:
    before = own_cpu_s()
    busy = "import time\nwhile time.process_time() < 0.4: pass"
    subprocess.run([sys.executable, "-c", busy], check=True)
    assert own_cpu_s() - before > 0.35


def test_a_ratio_is_the_median_of_the_ratios_of_each_repetition() -> None:
    report = Report()
    report.ratio("faster", [100, 10, 30], [50, 5, 10], 1)
    assert report.ratios == {"faster": 2.0}
    report.ratio("unknown", [100], [])
    assert report.ratios["unknown"] is None


def test_a_measurement_on_postgres_is_refused_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(postgres_server.CONNINFO, raising=False)
    monkeypatch.setattr(postgres_server, "_programs", lambda: None)
    with pytest.raises(Outage) as refused:
        bench("ledger", engine="postgres", quick=True)
    assert refused.value.code == postgres_server.BenchFault.NO_POSTGRES


def test_an_engine_that_is_not_here_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from counterfoil.entrypoints.bench import everything as module

    def found(what: str, *, engine: str, quick: bool) -> dict[str, str]:
        if engine == "postgres":
            raise Outage(postgres_server.BenchFault.NO_POSTGRES, {"detail": "initdb"})
        return {"bench": what, "engine": engine, "quick": str(quick)}

    monkeypatch.setattr(module, "bench", found)
    assert everything() == 0
    said = capsys.readouterr()
    assert [word in said.out for word in KINDS] == [True] * 4
    assert said.err.count("postgres is left out") == 1


def test_what_needs_a_disk_is_refused_without_one() -> None:
    command = [sys.executable, "-m", "counterfoil", "bench", "start", "--engine", "memory", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert json.loads(done.stdout)["code"] == "usage.not_one_of"
