"""The load generator counts what it sends, so that its figures can be believed."""

from counterfoil.entrypoints.bench.http_load import measure


def test_a_small_measurement_counts_every_act_and_nothing_is_refused() -> None:
    found = measure(clients=(1, 3), acts=40, bulk=10)
    assert {clients: (load.acts, load.refused) for clients, load in found["single"].items()} == {1: (10, 0), 3: (40, 0)}
    assert (found["bulk"].acts, found["bulk"].refused) == (40, 0)
    assert found["in_process"].acts == 40
    assert all(load.per_second > 0 and load.p50_us <= load.p99_us for load in found["empty"].values())
