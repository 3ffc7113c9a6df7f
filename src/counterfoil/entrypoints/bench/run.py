"""One measurement: what was asked for, the machine it ran on, and the figures with their baselines and ratios."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from counterfoil.entrypoints.bench.ground import Ground, ground
from counterfoil.entrypoints.bench.machine import Watch
from counterfoil.entrypoints.bench.report import Report


@dataclass(frozen=True, slots=True)
class Growth:
    """How far `growth` goes: entries, and the seconds after which filling stops; left out, the usual ones.

    `progress` hears how many entries there are, and of how many.
    """

    entries: int | None = None
    seconds: int | None = None
    progress: Callable[[int, int], None] = lambda _, __: None


def bench(
    what: str,
    *,
    engine: str = "sqlite",
    fsync_delay_ms: int = 0,
    quick: bool = False,
    blocks: int | None = None,
    directory: Path | None = None,
    far: Growth | None = None,
) -> Mapping[str, Any]:
    """Measure one of `cli.bench.KINDS`. Medians of five repetitions, quick ones of three.

    Args:
        what: Which measurement.
        engine: `sqlite`, `postgres`, or for `ledger` also `memory`: the rules without a disk.
        fsync_delay_ms: Milliseconds that each commit takes longer, as on a slower disk; the baselines' commits too.
        quick: Fewer blocks and acts, and at most 45 seconds; for a look, not for a claim.
        blocks: Blocks at the beginning; left out, as many as the measurement usually takes.
        directory: Where the scratch folder is made; left out, where temporary files lie.
        far: How far `growth` goes.

    Raises:
        Outage: PostgreSQL was asked for and is not there, or the disk has not the room for `growth`.
    """
    with (
        tempfile.TemporaryDirectory(prefix="counterfoil-bench-", dir=directory) as name,
        ground(engine, Path(name), within=directory) as place,
    ):
        watch = Watch()
        place.look_at_disk()
        if what == "growth":
            report = _grown(place, delay_ms=fsync_delay_ms, quick=quick, blocks=blocks, far=far or Growth())
        else:
            report = _measured(what, place, delay_ms=fsync_delay_ms, quick=quick, blocks=blocks)
        place.look_at_disk()
        machine = watch.machine(server=place.server, disk_ms=place.disk_ms)
    asked = {"bench": what, "engine": engine, "fsync_delay_ms": fsync_delay_ms, "quick": quick}
    return {**asked, **report.json(), "machine": machine}


def _measured(what: str, place: Ground, *, delay_ms: int, quick: bool, blocks: int | None) -> Report:
    match what:
        case "ledger":
            from counterfoil.entrypoints.bench import ledger

            acts = ledger.QUICK if quick else ledger.FULL
            return ledger.ledger(place, delay_ms=delay_ms, size=replace(acts, blocks=blocks or acts.blocks))
        case "http":
            from counterfoil.entrypoints.bench import over_http

            loads = over_http.QUICK if quick else over_http.FULL
            loads = replace(loads, blocks=(blocks,) if blocks else loads.blocks)
            return over_http.over_http(place, delay_ms=delay_ms, size=loads)
        case "aef":
            from counterfoil.entrypoints.bench import aef

            return aef.aef(place.path, size=aef.QUICK if quick else aef.FULL)
        case "activities":
            from counterfoil.entrypoints.bench import activities

            return activities.activities(place, size=activities.QUICK if quick else activities.FULL)
        case "web":
            from counterfoil.entrypoints.bench import web, web_filled

            sizes = web_filled.QUICK if quick else web_filled.FULL
            return web.web(place, size=replace(sizes, blocks=blocks or sizes.blocks))
        case "network":
            from counterfoil.entrypoints.bench import network

            return network.network(place, size=network.QUICK if quick else network.FULL)
        case "verify" | "start":
            from counterfoil.entrypoints.bench import filled

            size = filled.QUICK if quick else filled.FULL
            return _read(what, place, replace(size, blocks=blocks or size.blocks))
        case _:
            raise AssertionError(what)


def _read(what: str, place: Ground, size: Any) -> Report:
    if what == "verify":
        from counterfoil.entrypoints.bench.audit import verification

        return verification(place, size=size)
    from counterfoil.entrypoints.bench.start import start

    return start(place, size=size)


def _grown(place: Ground, *, delay_ms: int, quick: bool, blocks: int | None, far: Growth) -> Report:
    from counterfoil.entrypoints.bench import growth

    size = growth.QUICK if quick else growth.FULL
    if far.entries:
        size = size.to(far.entries)
    size = replace(size, blocks=blocks or size.blocks, seconds=far.seconds or size.seconds)
    return growth.growth(place, delay_ms=delay_ms, size=size, progress=far.progress)
