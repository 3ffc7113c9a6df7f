"""Durable acts per second over HTTP, single and in bulk, beside an empty application and the same acts in process."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.entrypoints.bench.http_load import Load, measure
from counterfoil.entrypoints.bench.machine import ratio, spread

CLIENTS: Final = (1, 8, 32)


@dataclass(frozen=True, slots=True)
class Size:
    """Acts of each load in a repetition, and repetitions."""

    acts: int
    times: int


FULL: Final = Size(acts=8_000, times=5)
QUICK: Final = Size(acts=1_600, times=3)


def over_http(size: Size) -> Mapping[str, Any]:
    """Each repetition has its own registry and its own servers; load generator and server share the processors."""
    found = [measure(clients=CLIENTS, acts=size.acts) for _ in range(size.times)]
    assert not any(load.refused for each in found for load in _loads(each)), "every act can be accepted"
    in_process = _rates([each["in_process"] for each in found])
    bulk = _rates([each["bulk"] for each in found])
    single = {clients: [each["single"][clients] for each in found] for clients in CLIENTS}
    empty = {clients: _rates([each["empty"][clients] for each in found]) for clients in CLIENTS}
    return {
        "acts_per_s": {
            **{f"single_{clients}_clients": _rates(loads) for clients, loads in single.items()},
            "bulk_of_1000": bulk,
        },
        "latency_ms": {f"single_{clients}_clients": _latency(loads) for clients, loads in single.items()},
        "empty_application_per_s": {f"single_{clients}_clients": rates for clients, rates in empty.items()},
        "in_process_per_s": in_process,
        "single_share_of_empty": {
            f"single_{clients}_clients": ratio(_rates(single[clients]), empty[clients]) for clients in CLIENTS
        },
        "bulk_share_of_in_process": ratio(bulk, in_process),
    }


def _loads(found: Mapping[str, Any]) -> list[Load]:
    return [found["in_process"], found["bulk"], *found["single"].values(), *found["empty"].values()]


def _rates(loads: Sequence[Load]) -> dict[str, int]:
    return spread([load.per_second for load in loads])


def _latency(loads: Sequence[Load]) -> dict[str, float]:
    """Medians, over the repetitions, of each one's median and ninety-ninth percentile."""
    return {
        "p50": round(statistics.median(load.p50_us for load in loads) / 1_000, 2),
        "p99": round(statistics.median(load.p99_us for load in loads) / 1_000, 2),
    }
