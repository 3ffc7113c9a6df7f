"""One measurement: what was asked for, the machine it ran on, and the figures with their baselines."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from counterfoil.entrypoints.bench.ledger import FULL, QUICK, ledger
from counterfoil.entrypoints.bench.machine import load_1min, machine
from counterfoil.entrypoints.bench.reading import start, verification


def bench(what: str, *, engine: str = "sqlite", fsync_delay_ms: int = 0, quick: bool = False) -> Mapping[str, Any]:
    """Measure `ledger`, `http`, `verify` or `start`. Medians of five repetitions, quick ones of three.

    Args:
        what: Which measurement.
        engine: `sqlite`, or `memory` for the rules without a disk.
        fsync_delay_ms: Milliseconds that each commit takes longer, as on a slower disk; the baselines' commits too.
        quick: A tenth of the blocks; for a look, not for a claim.
    """
    size = QUICK if quick else FULL
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-") as name:
        path = Path(name)
        beside = machine(path)
        match what:
            case "ledger":
                figures = ledger(path, engine=engine, delay_s=fsync_delay_ms / 1_000, size=size)
            case "verify":
                figures = verification(path, size=size)
            case "start":
                figures = start(path, size=size)
            case "http":
                from counterfoil.entrypoints.bench import over_http

                figures = over_http.over_http(over_http.QUICK if quick else over_http.FULL)
            case _:
                raise AssertionError(what)
    asked = {"bench": what, "engine": engine, "fsync_delay_ms": fsync_delay_ms, "quick": quick}
    return {**asked, "machine": {**beside, "load_1min_after": load_1min()}, "figures": figures}
