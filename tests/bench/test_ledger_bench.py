"""The ledger's measurement: its form, its rivals, and the growth that it would show."""

import dataclasses
import time
from pathlib import Path

import pytest

from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.latency import open_loop
from counterfoil.entrypoints.bench.ledger import ledger
from counterfoil.entrypoints.bench.ledger_report import BATCHES, TOP
from counterfoil.entrypoints.bench.orm import OrmRequests
from counterfoil.entrypoints.bench.rival import Contest, Rival, Stock
from counterfoil.entrypoints.bench.rivals import Size
from counterfoil.entrypoints.bench.subject import begin, run, writer_on
from counterfoil.entrypoints.bench.tuned import PostgresTuned, SqliteTuned
from counterfoil.entrypoints.bench.workload import SPACE, Workload

TINY = Size(blocks=300, accounts=20, acts=512, rival_acts=64, rival_s=1, latency_s=0.2, times=2, budget_s=60)
NAMED = {
    "baselines": {"orm_per_request", "tuned_per_request", "tuned_per_request_1ms", "raw_insert"},
    "ratios": {"vs_orm", "vs_tuned", "vs_tuned_1ms", "vs_raw_insert", "merkle_share", "p99_over_p50"},
}


def test_the_registry_is_measured_beside_its_rivals_on_each_engine(place: Ground) -> None:
    found = ledger(place, delay_ms=0, size=TINY).json()
    for part, names in NAMED.items():
        assert all(found[part][name] > 0 for name in names), found[part]
    assert found["figures"]["repetitions"] == TINY.times
    assert found["figures"]["lost"] == 0
    assert all(found["figures"][f"acts_per_s_batch_{batch}"] > 0 for batch in BATCHES)
    assert 0 < found["ratios"]["merkle_share"] < 1


def test_without_a_disk_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    found = ledger(Ground("memory", tmp_path), delay_ms=0, size=TINY).json()
    assert found["figures"]["durable"] is False
    assert found["figures"]["acts_per_s"] > 0
    assert all(found["baselines"][name] is None for name in NAMED["baselines"])


def test_no_repetition_is_begun_after_the_budget(sqlite_place: Ground) -> None:
    found = ledger(sqlite_place, delay_ms=0, size=dataclasses.replace(TINY, times=50, budget_s=0)).json()
    assert found["figures"]["repetitions"] == 1


def test_a_slower_disk_costs_single_transactions_more_than_batches(place: Ground) -> None:
    found = ledger(place, delay_ms=0, size=TINY).json()
    one = "tuned_per_request_1ms_1_connections" if place.engine == "postgres" else "tuned_per_request_1ms"
    assert found["baselines"][one] < 1 / 0.001
    assert found["ratios"]["vs_tuned_1ms"] > 2


def test_a_rival_is_stopped_after_its_seconds() -> None:
    class Slow:
        lanes = 1

        def run(self, lanes: object) -> None:
            time.sleep(0.05)

    contest = Contest(Slow(), Workload(blocks=10, accounts=2))  # type: ignore[arg-type]
    begun = time.monotonic()
    contest.go(100_000, 0.1)
    assert time.monotonic() - begun < 5


def _rivals(place: Ground, stock: Stock) -> dict[str, Rival]:
    orm_stock = stock._replace(schema=place.schema("orm") if stock.schema else "")
    if place.engine == "sqlite":
        return {"tuned": SqliteTuned(stock), "orm": OrmRequests(orm_stock, postgres=False)}
    eight = stock._replace(schema=place.schema("eight"))
    return {
        "tuned": PostgresTuned(stock, lanes=1),
        "eight": PostgresTuned(eight, lanes=8),
        "orm": OrmRequests(orm_stock, postgres=True),
    }


def test_every_rival_splits_blocks_as_the_registry_does(place: Ground) -> None:
    fresh = Workload(blocks=120, accounts=12)
    schema = place.schema("tuned") if place.engine == "postgres" else ""
    stock = Stock(place.path, schema, place.disk(0), fresh.accounts, fresh.blocks(), 400)
    for name, rival in _rivals(place, stock).items():
        contest = Contest(rival, Workload(blocks=120, accounts=12))
        contest.go(320, 60)
        held = sorted(block for part in contest.parts for block in part.blocks())
        assert [tuple(block) for block in rival.blocks()] == held, name
        rival.close()
    load = Workload(blocks=120, accounts=12)
    with writer_on(place, "registry", place.disk(0)) as (writer, world):
        begin(writer, load.beginning())
        run(writer, load.acts(320), 64)
        reading = world.store.reading()
        codes = {term.number: term.text for term in reading.terms() if term.kind == "account"}
        rows = [((row.unit_class, row.first), row.last, codes[row.account]) for row in reading.blocks()]
        reading.close()
    held = [(divmod(first, SPACE), last % SPACE, account) for first, last, account in load.blocks()]
    assert sorted(rows) == sorted(held)


def test_ten_times_the_blocks_leave_most_of_the_rate(sqlite_place: Ground) -> None:
    """Processor time, because neighbours disturb it less; the best of three turns."""
    loads = {blocks: Workload(blocks=blocks, accounts=100) for blocks in (1_000, 10_000)}
    best: dict[int, float] = {}
    for blocks, load in loads.items():
        with writer_on(sqlite_place, f"of_{blocks}", sqlite_place.disk(0)) as (writer, _):
            begin(writer, load.beginning())
    for _ in range(3):
        for blocks, load in loads.items():
            with writer_on(sqlite_place, f"of_{blocks}", sqlite_place.disk(0)) as (writer, _):
                acts = load.acts(1_024)
                begun = time.process_time()
                run(writer, acts, 1_024)
                best[blocks] = min(best.get(blocks, 1e9), time.process_time() - begun)
    assert best[1_000] / best[10_000] > 0.6, best


def test_an_open_loop_answers_every_act_and_keeps_its_rate(sqlite_place: Ground) -> None:
    load = Workload(blocks=300, accounts=20)
    with writer_on(sqlite_place, "registry", sqlite_place.disk(0)) as (writer, _):
        begin(writer, load.beginning())
        before = writer.size
        begun = time.monotonic()
        found = open_loop(writer, load, rate_per_s=500, seconds=0.5)
        assert time.monotonic() - begun > 0.45
        assert (found.acts, found.lost, writer.size - before) == (250, 0, 250)
    assert 0 < found.p50_ms <= found.p99_ms <= found.max_ms


def test_an_answer_after_a_second_is_late(sqlite_place: Ground) -> None:
    load = Workload(blocks=300, accounts=20)
    with writer_on(sqlite_place, "registry", sqlite_place.disk(0)) as (writer, _):
        begin(writer, load.beginning())
        step = writer.step
        writer.step = lambda waiting: (time.sleep(1.2), step(waiting))[1]  # type: ignore[method-assign]
        found = open_loop(writer, load, rate_per_s=100, seconds=0.05)
    assert found.late == found.acts and found.lost == 0


@pytest.mark.parametrize("batch", BATCHES)
def test_the_batches_measured_are_batches_that_the_writer_takes(batch: int) -> None:
    assert batch <= TOP
