"""The rows of the CDM registry's two public reports, typed: what a row says, or why it cannot be read.

A row that cannot be read makes its file unusable. A row that reads well but cannot be true (units that do not exist, a
unit type that is none of the CDM's) goes to the registry, which refuses it alone.

Read next: `entrypoints/cdm/run.py`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias

from counterfoil.application.commands.import_activities import ImportActivity, ImportPeriod
from counterfoil.application.commands.import_units import ImportCancellation, ImportIssuance
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.serials import SERIAL_MAX
from counterfoil.entrypoints.cdm.csv_file import Cells, Faults, named, read_table

SHARED_COLUMNS: Final = (
    "completion_date",
    "transaction_type",
    "status",
    "serial_start",
    "serial_end",
    "unit_type",
    "commitment_period",
    "total",
)
ISSUANCE_COLUMNS: Final = (*SHARED_COLUMNS, "party_code", "project_number")
CANCELLATION_COLUMNS: Final = (*SHARED_COLUMNS, "project_identifier", "voluntary_cancellation_platform")

# Any two or three letters: a Party that nobody has heard of is still a Party. \Z and [0-9], not $ and \d: no
# trailing newline, and no digits of other scripts.
_PARTY: Final = re.compile(r"[A-Z]{2,3}\Z")
_PROJECT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}\Z")
_NUMBER: Final = re.compile(r"-?[0-9]+\Z")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?\Z")
_TEXT_MAX: Final = 80


class RowFault(StrEnum):
    NOT_A_NUMBER = "import.not_a_number"
    NUMBER_OUT_OF_BOUNDS = "import.number_out_of_bounds"
    RANGE_BACKWARDS = "import.range_backwards"
    TOTAL_DIFFERS = "import.total_differs"
    DATE_UNREADABLE = "import.date_unreadable"
    PARTY_UNREADABLE = "import.party_unreadable"
    PROJECT_UNREADABLE = "import.project_unreadable"
    TEXT_TOO_LONG = "import.text_too_long"
    OTHER_TRANSACTION = "import.other_transaction"
    NOT_COMPLETED = "import.not_completed"


CdmCommand: TypeAlias = ImportIssuance | ImportCancellation | ImportActivity | ImportPeriod


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its file and line, when it was completed (registry time), and the act it asks for.

    `refusal` is set for a row that reads well and that no registry needs to see: nothing was completed.
    """

    file: str
    line: int
    completed: datetime
    command: CdmCommand
    refusal: Refusal | None = None


class Unreadable(Exception):
    """One cell that cannot be read; never leaves this package."""

    def __init__(self, code: StrEnum, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def read_issuances(path: Path, faults: Faults) -> list[Row]:
    """The issuances in order of completion; rows of one moment stay in the file's order."""
    return _read(path, ISSUANCE_COLUMNS, faults, _issuance, "Issuance")


def read_cancellations(path: Path, faults: Faults) -> list[Row]:
    """The cancellations in order of completion, which is not the file's order."""
    return _read(path, CANCELLATION_COLUMNS, faults, _cancellation, "Cancellation")


def _read(
    path: Path,
    columns: tuple[str, ...],
    faults: Faults,
    command: Callable[[Mapping[str, str], datetime, str], CdmCommand],
    transaction: str,
) -> list[Row]:
    file = named(path)
    rows: list[Row] = []
    for cells in read_table(path, columns, faults):
        try:
            rows.append(_row(file, cells, command, transaction))
        except Unreadable as unreadable:
            faults.add(unreadable.code, file=file, line=cells.line, **unreadable.facts)
    return sorted(rows, key=_completed)


def _completed(row: Row) -> datetime:
    return row.completed


def _row(
    file: str, cells: Cells, command: Callable[[Mapping[str, str], datetime, str], CdmCommand], transaction: str
) -> Row:
    of = cells.by_column
    if not of["transaction_type"].startswith(transaction):
        raise Unreadable(RowFault.OTHER_TRANSACTION, value=of["transaction_type"], expected=transaction)
    for column in ("status", "unit_type", "commitment_period", "voluntary_cancellation_platform"):
        if len(of.get(column, "")) > _TEXT_MAX:
            raise Unreadable(RowFault.TEXT_TOO_LONG, column=column, length_max=_TEXT_MAX)
    completed = moment(of["completion_date"], "completion_date")
    done = "completed" in of["status"].lower()
    refusal = None if done else Refusal(RowFault.NOT_COMPLETED, {"status": of["status"]})
    return Row(file, cells.line, completed, command(of, completed, f"{file}:{cells.line}"), refusal)


def _issuance(of: Mapping[str, str], completed: datetime, provenance: str) -> ImportIssuance:
    first, last = _range(of)
    return ImportIssuance(
        on=completed.date(),
        party=party_code(of["party_code"], "party_code"),
        project=project_number(of["project_number"], "project_number"),
        first=first,
        last=last,
        unit_type=of["unit_type"],
        commitment_period=of["commitment_period"],
        completed_at=of["completion_date"],
        provenance=provenance,
    )


def _cancellation(of: Mapping[str, str], completed: datetime, provenance: str) -> ImportCancellation:
    first, last = _range(of)
    party, dash, project = of["project_identifier"].partition("-")
    if not dash:
        raise Unreadable(RowFault.PROJECT_UNREADABLE, column="project_identifier", value=of["project_identifier"])
    return ImportCancellation(
        on=completed.date(),
        party=party_code(party, "project_identifier"),
        project=project_number(project, "project_identifier"),
        first=first,
        last=last,
        unit_type=of["unit_type"],
        commitment_period=of["commitment_period"],
        completed_at=of["completion_date"],
        provenance=provenance,
        platform=of["voluntary_cancellation_platform"],
    )


def _range(of: Mapping[str, str]) -> tuple[int, int]:
    """First and last serial, both included; the row's own total must agree with them."""
    first, last = whole_number(of, "serial_start"), whole_number(of, "serial_end")
    if first > last:
        raise Unreadable(RowFault.RANGE_BACKWARDS, first=first, last=last)
    total, size = whole_number(of, "total"), last - first + 1
    if total != size:
        raise Unreadable(RowFault.TOTAL_DIFFERS, total=total, size=size)
    return first, last


def whole_number(of: Mapping[str, str], column: str) -> int:
    """A whole number above zero, of at most 63 bits."""
    text = of[column]
    if not _NUMBER.match(text):
        raise Unreadable(RowFault.NOT_A_NUMBER, column=column, value=text)
    # Twenty characters hold every number of 63 bits; a longer one need not be computed to be refused.
    digits = text.lstrip("0") or "0"
    if len(digits) > 20 or not 1 <= int(digits) <= SERIAL_MAX:
        raise Unreadable(RowFault.NUMBER_OUT_OF_BOUNDS, column=column, value=text, number_max=SERIAL_MAX)
    return int(digits)


def moment(text: str, column: str) -> datetime:
    """A day, with or without a time of day."""
    if _DATE.match(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass  # such as the 30th of February, refused below
    raise Unreadable(RowFault.DATE_UNREADABLE, column=column, value=text)


def party_code(text: str, column: str) -> str:
    """A Party's code as the file writes it, in two or three letters."""
    if not _PARTY.match(text):
        raise Unreadable(RowFault.PARTY_UNREADABLE, column=column, value=text)
    return text


def project_number(text: str, column: str) -> str:
    """A project's number or name as the file writes it."""
    if not _PROJECT.match(text):
        raise Unreadable(RowFault.PROJECT_UNREADABLE, column=column, value=text)
    return text
