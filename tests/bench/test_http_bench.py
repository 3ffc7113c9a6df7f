"""The measurement over HTTP counts what it sends, so that its figures can be believed."""

from counterfoil.entrypoints.bench import over_http
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.http_client import Lane
from counterfoil.entrypoints.bench.workload import Workload

TINY = over_http.Size(blocks=(200, 400), accounts=20, acts=128, bulk_acts=2_000, run_s=5, times=1, budget_s=60)


def test_acts_over_http_are_measured_beside_an_empty_application(place: Ground) -> None:
    found = over_http.over_http(place, delay_ms=0, size=TINY).json()
    figures, ratios = found["figures"], found["ratios"]
    assert (figures["refused"], figures["lost"], figures["own_writes_unseen"]) == (0, 0, 0)
    assert all(figures[f"acts_per_s_{clients}_clients"] > 0 for clients in over_http.CLIENTS)
    assert all(figures[f"p50_ms_{clients}_clients"] > 0 for clients in over_http.CLIENTS)
    assert figures["acts_per_s_32_clients_at_400_blocks"] > 0
    assert found["baselines"]["empty_asgi"] > 0 and found["baselines"]["in_process"] > 0
    assert ratios["http_single_vs_empty"] > 0 and ratios["bulk_vs_in_process"] > 0
    assert ratios["at_400_vs_200"] > 0 and ratios["at_100k_vs_1k"] is None


def test_a_slower_disk_is_felt_by_a_lone_client(sqlite_place: Ground) -> None:
    size = over_http.Size(blocks=(200,), accounts=20, acts=64, bulk_acts=2_000, run_s=5, times=1, budget_s=60)
    found = over_http.over_http(sqlite_place, delay_ms=20, size=size).json()
    assert found["figures"]["p50_ms_1_clients"] >= 20


def test_a_lane_sends_first_what_it_had_ready() -> None:
    lane = Lane(Workload(blocks=10, accounts=3))
    lane.prepare(3)
    first = lane.next()
    lane.prepare(3)
    rest = [lane.next() for _ in range(4)]
    assert first is not None and None not in rest[:3] and rest[3] is None
    assert len({first, *rest[:3]}) == 4
