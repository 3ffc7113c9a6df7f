"""Bring a whole file in, or nothing of it: every row is tried on the books first, and then all are one commit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from counterfoil.application.adopted import law_in
from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.bring_in import BringInUnits, Row
from counterfoil.application.commands.table import COMMANDS
from counterfoil.application.dating import dated
from counterfoil.application.driver import Driver
from counterfoil.application.guard import Guard
from counterfoil.application.ports import Outage, World
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission, Writer
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.ledger.opening_book import OPENING_BOOK, OpeningBook, OpeningFault
from counterfoil.entrypoints.bootstrap import Writable
from counterfoil.entrypoints.gate import owners_guard
from counterfoil.entrypoints.opening.reading import Mistake
from counterfoil.entrypoints.opening.rows import BoundRow, OpeningFile

BY: Final = "local:import"


@dataclass(frozen=True, slots=True)
class Sums:
    """What a file brings: rows by table, and units by class."""

    rows: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Brought:
    """How a file fared: what it brings, what is wrong, and how many of its rows are in the journal now."""

    sums: Sums
    mistakes: tuple[Mistake, ...] = ()
    rows_in: int = 0
    new: int = 0


def sums(file: OpeningFile) -> Sums:
    """What a file brings, before anything is done."""
    found = Sums()
    for each in file.rows:
        name = each.row.table.name
        found.rows[name] = found.rows.get(name, 0) + 1
        if isinstance(each.command, BringInUnits):
            units = each.command.units
            found.units[units.unit_class] = found.units.get(units.unit_class, 0) + units.last - units.first + 1
    return found


def bring_in(writable: Writable, file: OpeningFile, *, dry_run: bool) -> Brought:
    """Try every row, and where none is refused, and it is no dry run, do them all, for the folder's owner.

    The registry's lock is held, so nothing comes between the trial and the acts.

    Raises:
        Outage: the registry cannot be used; nothing of the file is in the journal then.
    """
    guard = None if dry_run else owners_guard(writable.folder.path)
    return brought_in(writable.driver, file, dry_run=dry_run, by=BY, guard=guard)


def brought_in(driver: Driver, file: OpeningFile, *, dry_run: bool, by: str, guard: Guard | None) -> Brought:
    """The same for whoever asks a running registry.

    A file that is in the journal in part or whole is gone on with: its rows have the same ids. Each row follows the one
    before it, so that an act of somebody else between trial and import can stop it, and never change its order.

    Raises:
        Outage: the registry cannot be used.
    """
    told, writer = sums(file), driver.writer
    tried = driver.aside(lambda _: list(_tried(writer, writer.world, file))).result()
    taken = _taken(file, writer.books)
    if tried or dry_run:
        return Brought(told, tuple(tried), rows_in=taken)
    announced = stored(writer.books, OPENING_BOOK, file.announcement.opening, OpeningBook) is not None
    commands: list[Command] = list(file.commands[1:] if announced else file.commands)
    outcomes = driver.do([Submission(command, by, guard) for command in commands])
    mistakes = tuple(_refused(outcomes, file))
    return Brought(told, mistakes, rows_in=_taken(file, writer.books), new=_taken(file, writer.books) - taken)


def _refused(outcomes: Sequence[Receipt | Refusal | Outage], file: OpeningFile) -> Iterator[Mistake]:
    """Whatever the trial could not know, such as that a second person is needed: the first refusal says it."""
    for outcome in outcomes:
        if isinstance(outcome, Outage):
            raise outcome
        if isinstance(outcome, Refusal):
            yield Mistake(file.announcement.opening, outcome)
            return


def _taken(file: OpeningFile, books: Books) -> int:
    book = stored(books, OPENING_BOOK, file.announcement.opening, OpeningBook)
    return 0 if book is None or book.document != file.announcement.document else book.rows_taken


def _tried(writer: Writer, world: World, file: OpeningFile) -> Iterator[Mistake]:
    """Why rows would be refused, each on books in which all rows before it stand; the books stay as they were."""
    books, opening = writer.books, file.announcement.opening
    today = datetime.fromtimestamp(world.clock.now_ms() // 1000, UTC).date()
    known = stored(books, OPENING_BOOK, opening, OpeningBook)
    if known is not None and known.document != file.announcement.document:
        yield Mistake(opening, Refusal(OpeningFault.NAME_TAKEN, {"opening": opening}))
        return
    try:
        seq = writer.size
        if known is None:
            refusal = _applied(file.announcement, writer, world, seq, today)
            if refusal is not None:
                yield Mistake(opening, refusal)
                return
        for each in file.rows[_taken(file, books) :]:
            seq += 1
            refusal = _applied(each.command, writer, world, seq, today)
            if refusal is not None:
                yield Mistake(each.row.cell(), refusal)
                books.apply(seq, _passed_over(each, books))
    finally:
        books.discard()


def _applied(command: Command, writer: Writer, world: World, seq: int, today: date) -> Refusal | None:
    books = writer.books
    law = law_in(books, world.laws)
    context = Context(writer.registry, command.on or today, today, laws=world.laws, law=law, kept=world.evidence.has)
    entry = COMMANDS[type(command)](command, books, context)
    if isinstance(entry, Entry):
        entry = dated(entry, command, today=today, registry=writer.registry, books=books)
    if isinstance(entry, Refusal):
        return entry
    books.apply(seq, entry)
    return None


def _passed_over(each: BoundRow, books: Books) -> Entry:
    """The opening book as if a refused row were in, so that the rows behind it are judged for themselves."""
    book: Any = stored(books, OPENING_BOOK, each.command.opening, OpeningBook)
    command: Row = each.command
    size = command.units.last - command.units.first + 1 if isinstance(command, BringInUnits) else 0
    after = replace(book, next=command.rest, rows_taken=book.rows_taken + 1, quantity_taken=book.quantity_taken + size)
    return Entry(Act.OPENING_ANNOUNCED, book.announced_on, records=(record(OPENING_BOOK, book.id, after),))
