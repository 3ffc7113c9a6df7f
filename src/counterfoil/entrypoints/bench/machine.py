"""What stands beside every figure: the machine, how busy it is, and how fast its disk keeps a promise."""

import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

_SYNCS: Final = 200
_BYTES: Final = bytes(8_192)


def machine(folder: Path) -> Mapping[str, Any]:
    """Processors, versions, load of the last minute, and milliseconds for one fdatasync of 8 KiB in a folder."""
    times = fdatasync_ms(folder)
    return {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
        "load_1min": load_1min(),
        "fdatasync_ms": {"median": round(statistics.median(times), 3), "p99": round(quantile(times, 0.99), 3)},
    }


def load_1min() -> float:
    """How many processes wanted a processor in the last minute; ours is one of them once it runs."""
    return round(os.getloadavg()[0], 2)


def fdatasync_ms(folder: Path) -> list[float]:
    """Append 8 KiB and wait for the disk, some times over."""
    path = folder / "fdatasync"
    times: list[float] = []
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        for _ in range(_SYNCS):
            begun = time.perf_counter()
            os.write(file, _BYTES)
            os.fdatasync(file)
            times.append((time.perf_counter() - begun) * 1_000)
    finally:
        os.close(file)
        path.unlink()
    return times


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def spread(rates: Sequence[float]) -> dict[str, int]:
    """Median, lowest and highest of some rates, per second."""
    return {"median": round(statistics.median(rates)), "min": round(min(rates)), "max": round(max(rates))}


def ratio(part: Mapping[str, int], whole: Mapping[str, int]) -> float:
    return round(part["median"] / whole["median"], 3)
