"""What stands beside every figure: the machine, how busy others kept it, and how fast its disk keeps a promise."""

import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, Final

_SYNCS: Final = 50
_BYTES: Final = bytes(8_192)
_SLOW_MS: Final = 1.0
"""A disk whose fdatasync takes longer than this is in its slow state."""
_PROC: Final = Path("/proc")
_LIBRARIES: Final = ("psycopg", "SQLAlchemy", "uvicorn", "uvloop")


class Watch:
    """Looks at the machine before and after a measurement, and says what others had of it meanwhile."""

    def __init__(self) -> None:
        self._load = load_1min()
        self._ticks = _ticks()
        self._own = own_cpu_s()
        self._begun = time.perf_counter()

    def machine(self, *, server: str | None, disk_ms: Sequence[float]) -> Mapping[str, Any]:
        """The machine and its neighbours during the run.

        Args:
            server: The database server's version, where one was measured.
            disk_ms: What one fdatasync took, before, between and after the repetitions.
        """
        seconds = time.perf_counter() - self._begun
        return {
            "cpus": os.cpu_count(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "postgres": server,
            **{name.lower(): _version(name) for name in _LIBRARIES},
            "seconds": round(seconds, 1),
            "load_1min_before": self._load,
            "load_1min_after": load_1min(),
            **self._shares(seconds),
            **_disk_state(disk_ms),
        }

    def _shares(self, seconds: float) -> Mapping[str, float | None]:
        """Processor time as shares of all processors: ours with our servers, that of others, and what a host took."""
        ticks = _ticks()
        if ticks is None or self._ticks is None:
            return {"own_cpu_share": None, "foreign_cpu_share": None, "stolen_cpu_share": None}
        (busy, stolen), (busy_before, stolen_before) = ticks, self._ticks
        whole = seconds * (os.cpu_count() or 1)
        own = own_cpu_s() - self._own
        return {
            "own_cpu_share": round(own / whole, 3),
            "foreign_cpu_share": round(max(0.0, busy - busy_before - own) / whole, 3),
            "stolen_cpu_share": round((stolen - stolen_before) / whole, 3),
        }


def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


def load_1min() -> float:
    """How many processes wanted a processor in the last minute; ours is one of them once it runs."""
    return round(os.getloadavg()[0], 2)


def _disk_state(times: Sequence[float]) -> Mapping[str, Any]:
    """Milliseconds of one fdatasync of 8 KiB. Virtual disks have a fast and a slow state, a factor of 50 apart."""
    slow = {time_ms > _SLOW_MS for time_ms in times}
    return {
        "fdatasync_ms": round(statistics.median(times), 3),
        "fdatasync_ms_in_turn": [round(time_ms, 3) for time_ms in times],
        "disk_state": "changed" if len(slow) > 1 else "slow" if True in slow else "fast",
    }


def fdatasync_ms(folder: Path) -> float:
    """Append 8 KiB and wait for the disk, some times over: the median."""
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
    return statistics.median(times)


def _ticks() -> tuple[float, float] | None:
    """Seconds that all processors have worked since the machine started, and that a host took from them."""
    try:
        user, nice, system, _, _, irq, soft_irq, steal = map(int, (_PROC / "stat").read_text().split()[1:9])
    except (OSError, ValueError):
        return None
    hertz = os.sysconf("SC_CLK_TCK")
    return (user + nice + system + irq + soft_irq) / hertz, steal / hertz


def own_cpu_s() -> float:
    """Processor seconds of this process and of all that it started, ended ones included."""
    return sum(_cpu_s(pid) for pid in _family(os.getpid()))


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in (_PROC / str(pid) / "task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _cpu_s(pid: int) -> float:
    """A process's own processor time, and that of its children that have ended."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int | None:
    """Memory that a process holds; None where the system does not say."""
    try:
        pages = int((_PROC / str(pid) / "statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
