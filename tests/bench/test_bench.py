"""Each measurement runs on a small size, accepts every act it makes, and gives its baseline beside its figure."""

from itertools import pairwise
from pathlib import Path

import pytest

from counterfoil.entrypoints.bench import over_http
from counterfoil.entrypoints.bench.ledger import BATCHES, Size, ledger
from counterfoil.entrypoints.bench.machine import machine
from counterfoil.entrypoints.bench.reading import start, verification
from counterfoil.entrypoints.bench.workload import BLOCK, Workload

TINY = Size(blocks=300, accounts=20, acts=400, single_acts=100, times=2)


def test_the_writer_is_measured_beside_raw_inserts_and_single_transactions(tmp_path: Path) -> None:
    figures = ledger(tmp_path, engine="sqlite", delay_s=0, size=TINY)
    assert set(figures["acts_per_s"]) == {f"batch_{batch}" for batch in BATCHES} == set(figures["raw_inserts_per_s"])
    assert all(rates["min"] > 0 for rates in figures["acts_per_s"].values())
    assert all(share > 0 for share in (*figures["share_of_raw"].values(), *figures["times_tuned"].values()))


def test_a_slower_disk_costs_single_transactions_more_than_batches(tmp_path: Path) -> None:
    figures = ledger(tmp_path, engine="sqlite", delay_s=0.002, size=TINY)
    assert figures["tuned_transaction_per_request_per_s"]["max"] < 1 / 0.002
    assert figures["times_tuned"]["batch_1024"] > 2


def test_the_rules_are_measured_without_a_disk(tmp_path: Path) -> None:
    figures = ledger(tmp_path, engine="memory", delay_s=0, size=TINY)
    assert figures["durable"] is False
    assert "raw_inserts_per_s" not in figures


@pytest.mark.parametrize("measure", [verification, start])
def test_audit_and_start_are_measured_beside_the_bare_work(measure: object, tmp_path: Path) -> None:
    assert callable(measure)
    figures = measure(tmp_path, size=TINY)
    share = figures.get("share_of_hashing") or figures["share_of_reading"]
    assert 0 < share


def test_acts_over_http_are_measured_beside_an_empty_application() -> None:
    figures = over_http.over_http(over_http.Size(acts=160, times=1))
    assert set(figures["acts_per_s"]) == {"single_1_clients", "single_8_clients", "single_32_clients", "bulk_of_1000"}
    assert all(rates["median"] > 0 for rates in figures["empty_application_per_s"].values())


def test_the_workload_keeps_its_proportions_and_loses_no_unit() -> None:
    load = Workload(blocks=1_000, accounts=10)
    acts = load.transfers(3_000)
    held = sorted(load.blocks())
    assert held[0][0] == 1
    assert all(one[1] + 1 == two[0] for one, two in pairwise(held))
    assert held[-1][1] == 1_000 * BLOCK
    pieces = len(held) - 1_000
    # 0.3 acts make one more piece and 0.3 make two more: 0.9 for each act, less what met tiny blocks.
    assert 0.8 < pieces / len(acts) < 1.0


def test_the_machine_is_described_beside_every_figure(tmp_path: Path) -> None:
    described = machine(tmp_path)
    assert {"cpus", "python", "sqlite", "load_1min", "fdatasync_ms"} <= set(described)
    assert described["fdatasync_ms"]["median"] > 0
