"""Generate an invented registry in the layout of the CDM registry's public reports, for tests.

No row is real: Parties have codes that ISO 3166 leaves to users, projects and serials are drawn from a seed. As in the
real reports, each Party's serials run from 1 without a gap, cancellations lie inside one issuance block of the same
project and are not in order of time, and one cancellation is of a unit type that the CDM never issued.

Run it again after a change: python tools/update/generate_cdm_sample.py
"""

import csv
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "tests" / "data" / "cdm_sample"
SEED = 20270331
PARTIES = ("AA", "QM", "QZ", "XA", "XB", "XC", "XK", "ZZ", "XAB", "QTR", "ZZC")
SHARED = [
    "completion_date",
    "transaction_type",
    "status",
    "serial_start",
    "serial_end",
    "unit_type",
    "commitment_period",
]
ISSUANCES = [*SHARED, "party_code", "project_number", "total"]
CANCELLATIONS = [*SHARED, "project_identifier", "total", "voluntary_cancellation_platform"]

Row = dict[str, str]


@dataclass
class Free:
    """What is left of one issuance block."""

    first: int
    last: int
    issued: Row
    at: datetime


def generate(*, seed: int, issuances: int, cancellations: int) -> tuple[list[Row], list[Row]]:
    """The rows of both reports; the impossible cancellation is one of them."""
    chance = random.Random(seed)
    issued, free = _issuances(chance, issuances)
    cancelled = [_cancellation(chance, free) for _ in range(cancellations - 1)]
    at = datetime.fromisoformat("2023-09-20 11:09:56")
    impossible = _row(at, "Cancellation (4)", (3_000_000_001, 3_000_171_350), ("ERU (from RMU)", "2"))
    cancelled.append(impossible | {"project_identifier": "XA-1000080", "voluntary_cancellation_platform": "No"})
    cancelled.sort(key=lambda row: row["completion_date"])
    half = len(cancelled) // 2
    return issued, cancelled[half:] + cancelled[:half]


def write(folder: Path, *, seed: int, issuances: int, cancellations: int) -> None:
    """Write both reports into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = generate(seed=seed, issuances=issuances, cancellations=cancellations)
    for name, columns, some in zip(("issuances", "cancellations"), (ISSUANCES, CANCELLATIONS), rows, strict=True):
        with (folder / f"cdm_{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(some)


def _issuances(chance: random.Random, count: int) -> tuple[list[Row], list[Free]]:
    next_serial = dict.fromkeys(PARTIES, 1)
    projects = {party: chance.sample(range(1, 10_000), max(2, count // 40)) for party in PARTIES}
    at = datetime.fromisoformat("2007-11-09 10:39:28.587000")
    rows, free = [], []
    for number in range(count):
        at += timedelta(seconds=chance.randrange(1, 15 * 365 * 86_400 // count))
        # Every Party issues at least once, so that each can be looked at.
        party = PARTIES[number] if number < len(PARTIES) else chance.choice(PARTIES)
        project = chance.choice(projects[party])
        first = next_serial[party]
        last = first + chance.randrange(1, 200_000)
        next_serial[party] = last + 1
        kind = "tCER" if project % 17 == 0 else "lCER" if project % 29 == 0 else "CER"
        row = _row(at, "Issuance (1)", (first, last), (kind, "1" if at.year < 2013 else "2"))
        rows.append(row | {"party_code": party, "project_number": str(project)})
        free.append(Free(first, last, rows[-1], at))
    return rows, free


def _cancellation(chance: random.Random, free: list[Free]) -> Row:
    """A whole block, its beginning, or a piece from its middle; what stays can be cancelled later."""
    place = chance.randrange(len(free))
    block = free[place]
    kind = chance.random()
    first = block.first if kind < 0.6 else chance.randrange(block.first, block.last + 1)
    last = block.last if kind < 0.1 else chance.randrange(first, min(block.last, first + 5_000) + 1)
    rest = [(block.first, first - 1), (last + 1, block.last)]
    free[place : place + 1] = [Free(low, high, block.issued, block.at) for low, high in rest if low <= high]
    at = block.at + timedelta(seconds=chance.randrange(1, 300 * 86_400), microseconds=chance.randrange(1_000_000))
    kept = (block.issued["unit_type"], block.issued["commitment_period"])
    row = _row(at, "Cancellation (4)", (first, last), kept)
    project = f"{block.issued['party_code']}-{block.issued['project_number']}"
    return row | {"project_identifier": project, "voluntary_cancellation_platform": chance.choice(("Yes", "No"))}


def _row(at: datetime, transaction: str, serials: tuple[int, int], kind: tuple[str, str]) -> Row:
    first, last = serials
    values = (at.isoformat(" "), transaction, "4 - Completed", str(first), str(last), *kind)
    return dict(zip(SHARED, values, strict=True)) | {"total": str(last - first + 1)}


if __name__ == "__main__":
    write(SAMPLE, seed=SEED, issuances=160, cancellations=260)
