"""What the import tests share: the generated registry, one import, and the sums that the files themselves give."""

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from counterfoil.domain.ledger.entry import UNITS
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.cdm import Unusable, import_cdm

SAMPLE = Path(__file__).parents[1] / "data" / "cdm_sample"
NOT_OF_THE_CDM = "ERU (from RMU)"


def load(folder: Folder, files: Path = SAMPLE, **options: Any) -> Mapping[str, Any]:
    """Import both reports of a folder; anything but a summary fails the test."""
    summary = import_cdm(
        folder, issuances=files / "cdm_issuances.csv", cancellations=files / "cdm_cancellations.csv", **options
    )
    assert isinstance(summary, Mapping), summary
    return summary


def faults(folder: Folder, *, issuances: Path | None = None, cancellations: Path | None = None) -> Unusable:
    """What makes files unusable."""
    unusable = import_cdm(folder, issuances=issuances, cancellations=cancellations)
    assert isinstance(unusable, Unusable), unusable
    return unusable


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(files: Path) -> tuple[Counter[str], Counter[str]]:
    """Units issued and cancelled per project (`BR-2569`), added up from the files without our code."""
    issued: Counter[str] = Counter()
    for row in rows(files / "cdm_issuances.csv"):
        issued[f"{row['party_code']}-{row['project_number']}"] += int(row["total"])
    cancelled: Counter[str] = Counter()
    for row in rows(files / "cdm_cancellations.csv"):
        if row["unit_type"] != NOT_OF_THE_CDM:
            cancelled[row["project_identifier"]] += int(row["total"])
    return issued, cancelled


def of_party(by_project: Mapping[str, int]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for project, amount in by_project.items():
        sums[project.partition("-")[0]] += amount
    return sums


def held(folder: Folder) -> dict[str, int]:
    """What each project's account holds, from the books; accounts that hold nothing are left out."""
    with open_for_reading(folder) as readable:
        return {
            key.account.removeprefix("cdm:"): amount
            for key, amount in readable.books.all_balances().items()
            if key.book == UNITS and key.account.startswith("cdm:") and amount
        }


def blocks(folder: Folder) -> list[tuple[Any, ...]]:
    """Class, serials, account and facts of every block: what two equal registries have in common."""
    with open_for_reading(folder) as readable:
        return [
            (item.unit_class, item.serials, item.account, sorted(item.facts.items()))
            for item in readable.books.all_holdings()
        ]
