"""The rows of a file as commands, bound to their announcement; serials that stand in two rows are found here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from counterfoil.application.command import Command
from counterfoil.application.commands.bring_in import AnnounceOpening, BringInUnits, Row, row_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.opening_book import chained
from counterfoil.entrypoints.opening.reading import Mistake, OpeningFileFault, Read, SheetRow
from counterfoil.entrypoints.wire import command_of

_UNITS: Final = ("unit_class", "first", "last")
DIGITS: Final = 16
"""Of the file's digest, in the ids of its rows."""


@dataclass(frozen=True, slots=True)
class BoundRow:
    """A command with the row of the file that it comes from."""

    row: SheetRow
    command: Row


@dataclass(frozen=True, slots=True)
class OpeningFile:
    """A whole file: the announcement, and its rows in their order."""

    announcement: AnnounceOpening
    rows: tuple[BoundRow, ...]

    @property
    def commands(self) -> list[Command]:
        return [self.announcement, *(each.command for each in self.rows)]


def bound(read: Read, *, opening: str, document: str) -> OpeningFile | list[Mistake]:
    """The commands of a file without mistakes, or all mistakes of it.

    A row has the id of its file and place, so that the same file handed in twice gives the first receipts again.
    """
    mistakes = list(read.mistakes)
    found: list[BoundRow] = []
    for row in read.rows:
        command = _command(row, opening)
        if isinstance(command, Mistake):
            mistakes.append(command)
        else:
            found.append(BoundRow(row, command))
    mistakes += _overlaps(found)
    if mistakes or not found:
        return mistakes
    digests = chained([row_json(each.command) for each in found])
    name = f"ob-{document[:DIGITS]}"
    rows = tuple(
        replace(each, command=replace(each.command, rest=rest, id=f"{name}:{number}"))
        for number, (each, rest) in enumerate(zip(found, digests[1:], strict=True), start=1)
    )
    announcement = AnnounceOpening(
        id=f"{name}:0",
        opening=opening,
        document=document,
        rows=len(rows),
        quantity=sum(_size(each.command) for each in found),
        digest=digests[0],
    )
    return OpeningFile(announcement, rows)


def _size(command: Row) -> int:
    return command.units.last - command.units.first + 1 if isinstance(command, BringInUnits) else 0


def _command(row: SheetRow, opening: str) -> Row | Mistake:
    values: dict[str, Any] = {"opening": opening, "rest": "", **row.values}
    if all(name in values for name in _UNITS):
        units = {name: values.pop(name) for name in _UNITS}
        quantity = values.pop("quantity", None)
        size = units["last"] - units["first"] + 1
        if quantity is not None and quantity != size:
            where = row.cell("quantity")
            facts = {"cell": where, "column": "Quantity", "value": f"{quantity:,}", "expected": f"{size:,}"}
            return Mistake(where, Refusal(OpeningFileFault.CELL_UNFIT, {**facts}))
        values["units"] = units
    command = command_of({"command": row.table.command, **values})
    return Mistake(row.cell(), command) if isinstance(command, Refusal) else cast(Row, command)


def _overlaps(rows: Sequence[BoundRow]) -> list[Mistake]:
    """Serials that two rows of the file name; sorted by class and first serial, only neighbours can share one."""
    held = [(each.row, each.command) for each in rows if isinstance(each.command, BringInUnits)]
    held.sort(key=lambda each: (each[1].units.unit_class, each[1].units.first))
    mistakes = []
    highest: dict[str, tuple[int, SheetRow]] = {}
    for row, command in held:
        units = command.units
        before = highest.get(units.unit_class)
        if before is not None and before[0] >= units.first:
            where = row.cell("first")
            shared = {"first": units.first, "last": min(units.last, before[0])}
            facts = {"cell": where, "other": before[1].cell("first"), "unit_class": units.unit_class}
            mistakes.append(Mistake(where, Refusal(OpeningFileFault.OVERLAP, {**shared, **facts})))
        if before is None or before[0] < units.last:
            highest[units.unit_class] = (units.last, row)
    return mistakes
