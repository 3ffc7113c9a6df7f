"""Activities and their boundaries: how long a check, a search and a signed letter take, with what they replace beside.

The registry is real: every activity is registered and every boundary checked through the writer. Boundaries are stars
of 24 positions, four to forty kilometres wide, strewn over a region of 15 by 12 degrees, so that each meets several.
"""

import hashlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from random import Random  # noqa: TID251  seeded: every run measures the same areas
from typing import Any, Final

import msgspec

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.adapters.geometry import ShapelyGeometry
from counterfoil.application.command import Command
from counterfoil.application.commands.check_boundary import CheckBoundary
from counterfoil.application.commands.register import RegisterActivity
from counterfoil.application.queries.activity_search import ActivityIndex, Asked
from counterfoil.application.queries.boundary_register import BoundaryRegister
from counterfoil.application.queries.overlaps import prepared, proposed
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.activities.boundary import BoundaryCheck, Extent
from counterfoil.domain.activities.overlap import CASES_MAX
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.letters import letter_seconds
from counterfoil.entrypoints.bench.listing import listing
from counterfoil.entrypoints.bench.report import Report
from counterfoil.entrypoints.bench.sign_in import signed_in
from counterfoil.entrypoints.bench.subject import begin, writer_on
from counterfoil.entrypoints.bench.workload import Workload
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading

SECTORS: Final = ("Forestry", "Agriculture", "Transport", "Energy generation", "Waste")
_POSITIONS: Final = 24
_WORDS: Final = (
    "solar",
    "roof",
    "forest",
    "rice",
    "field",
    "north",
    "river",
    "bus",
    "landfill",
    "cook",
    "stove",
    "peat",
)


@dataclass(frozen=True, slots=True)
class Size:
    """Activities, new boundaries that are checked, checks against everything, searches, letters."""

    activities: int
    checks: int
    naive: int
    searches: int
    letters: int


FULL: Final = Size(activities=10_000, checks=200, naive=5, searches=500, letters=5)
QUICK: Final = Size(activities=2_000, checks=50, naive=3, searches=100, letters=3)


def activities(place: Ground, *, size: Size) -> Report:
    """Fill a registry, then measure it."""
    report = Report(figures={"activities": size.activities, "repetitions": size.checks})
    chance = Random(7)  # noqa: S311  no secret
    begun = time.perf_counter()
    folder = _filled(place, size, chance)
    report.figures["filled_s"] = round(time.perf_counter() - begun, 1)
    with open_for_reading(folder) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        register = BoundaryRegister(ShapelyGeometry(), readable.evidence)
        report.figures["register_built_ms"] = round(_ms(lambda: register.refresh(sight)), 1)
        _checked(report, sight, register, size, chance)
        _searched(report, sight, size, chance)
        listing(report, sight, times=size.naive * 10)
    signed_in(report, times=size.letters * 2)
    plain, signed = letter_seconds(folder, place.path, times=size.letters)
    report.figure("signed_letter_s", signed, 3)
    report.baseline("plain_letter_s", plain, 3)
    report.ratio("signed_letter_vs_plain", signed, plain)
    return report


def star(chance: Random) -> bytes:
    """A boundary as GeoJSON, with as many decimals as a survey gives."""
    west, south, wide = chance.uniform(98, 113), chance.uniform(8, 20), chance.uniform(0.02, 0.2)
    positions = []
    for number in range(_POSITIONS):
        turn = 2 * math.pi * number / _POSITIONS
        reach = wide * chance.uniform(0.6, 1)
        positions.append([round(west + reach * math.cos(turn), 6), round(south + reach * math.sin(turn), 6)])
    return msgspec.json.encode({"type": "Polygon", "coordinates": [[*positions, positions[0]]]})


def _filled(place: Ground, size: Size, chance: Random) -> Folder:
    load = Workload(blocks=100, accounts=10)
    folder = place.folder("activities", place.disk(0))
    with writer_on(place, "activities", place.disk(0)) as (writer, _):
        begin(writer, load.beginning())
        begin(writer, _acts(_Unsynced(folder.evidence), size, chance))
    return folder


class _Unsynced(FileEvidence):
    """Evidence whose files are not synced to the disk one by one: filling is not measured."""

    def put(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return digest


def _acts(evidence: _Unsynced, size: Size, chance: Random) -> Iterator[Command]:
    """Each activity, and after it the check of its boundary against all before it."""
    geometry = ShapelyGeometry()
    register = BoundaryRegister(geometry, evidence)
    for number in range(size.activities):
        data = star(chance)
        shape = geometry.shape(data)
        assert not isinstance(shape, Refusal), shape
        name = ActivityId(f"BENCH-{number:05d}")
        file = evidence.put(data)
        yield RegisterActivity(
            activity=name,
            title=" ".join(chance.sample(_WORDS, 4)).capitalize(),
            mitigation_type=MitigationType.REDUCTION,
            sector=chance.choice(SECTORS),
            activity_type="Bench",
            methodology=f"M-{chance.randrange(40)}",
            boundary=file,
        )
        met = register.met(shape)
        assert not isinstance(met, Refusal), met
        check = CheckBoundary(
            activity=name,
            boundary=file,
            canonical=evidence.put(shape.canonical),
            area_m2=shape.area_m2,
            extents=tuple(Extent(*box) for box in shape.boxes),
            measure=geometry.measure,
            after=number,
            overlaps=tuple(each.named for each in met[:CASES_MAX]),
        )
        yield check
        register.put(_recorded(check))


def _recorded(check: CheckBoundary) -> BoundaryCheck:
    return BoundaryCheck(
        check.activity,
        check.after + 1,
        check.boundary,
        check.canonical,
        check.area_m2,
        check.extents,
        check.measure,
        date.min,
    )


def _checked(report: Report, sight: Sight, register: BoundaryRegister, size: Size, chance: Random) -> None:
    """New boundaries against the register, the first with empty hands; then against every boundary one by one."""
    day = date(2026, 11, 1)
    files = [star(chance) for _ in range(size.checks)]
    taken, meets = [], []
    for data in files:
        begun = time.perf_counter()
        found = proposed(sight, register, data, like=None, on=day)
        taken.append((time.perf_counter() - begun) * 1_000)
        assert not isinstance(found, Refusal), found
        meets.append(len(found["overlaps"]))
    again = [_ms(partial(proposed, sight, register, data, like=None, on=day)) for data in files]
    report.figure("overlap_check_ms", taken, 2)
    report.figures["overlap_check_p99_ms"] = round(_p99(taken), 2)
    report.figure("overlap_check_again_ms", again, 2)
    report.figure("boundaries_met", meets)
    name = f"BENCH-{size.activities - 1:05d}"
    ready = [_ms(partial(prepared, sight, register, name, on=day)) for _ in range(size.naive)]
    report.figure("prepared_ms", ready, 2)
    _one_by_one(register, files[0])  # reads every shape, which is not counted
    naive = [_ms(partial(_one_by_one, register, data)) for data in files[: size.naive]]
    report.baseline("pairwise_ms", naive, 1)
    report.ratio("overlap_check_vs_pairwise", again[: size.naive], naive, 5)


def _one_by_one(register: BoundaryRegister, data: bytes) -> int:
    """What a check is without an index: each pair is cut, after every shape was read, which is not counted twice."""
    shape = register.geometry.shape(data)
    assert not isinstance(shape, Refusal), shape
    met = 0
    for other in register.shapes():
        shared = shape.overlap_m2(other)
        assert isinstance(shared, int)
        met += shared > 0
    return met


def _searched(report: Report, sight: Sight, size: Size, chance: Random) -> None:
    index = ActivityIndex()
    report.figures["index_built_ms"] = round(_ms(lambda: index.refresh(sight)), 1)
    asked = [
        Asked(text=" ".join(chance.sample(_WORDS, chance.randrange(1, 4))), sector=chance.choice(("", *SECTORS)))
        for _ in range(size.searches)
    ]
    taken = [_ms(partial(_found, sight, index, each)) for each in asked]
    report.figure("search_ms", taken, 2)
    report.figures["search_p99_ms"] = round(_p99(taken), 2)
    scans = [_ms(partial(_scanned, sight, each)) for each in asked[: size.naive]]
    report.baseline("linear_scan_ms", scans, 1)
    report.ratio("search_vs_scan", taken[: size.naive], scans, 4)


def _found(sight: Sight, index: ActivityIndex, asked: Asked) -> object:
    index.refresh(sight)
    return index.search(asked)


def _scanned(sight: Sight, asked: Asked) -> list[Any]:
    """What a search is without an index: every record is read and decoded."""
    words = asked.text.casefold().split()
    return [
        value
        for _, value in sight.records(ACTIVITY)
        if (not asked.sector or value["sector"] == asked.sector)
        and all(word in f"{value['id']}\n{value['title']}\n{value['methodology']}".casefold() for word in words)
    ]


def _ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1_000


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[max(0, math.ceil(len(values) * 0.99) - 1)]
