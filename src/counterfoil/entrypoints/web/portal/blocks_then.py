"""Pages of the unit book as of an earlier entry: the blocks of now, each cut and placed as its own history says.

A block that nothing touched since is told as it is. One that was touched since is gone back through, along its own
thread, so the cost is that of its history. Units that were taken back altogether since, by a correction of their
issuance, have no block now and are not told. Read before: `portal/blocks.py`, `application/thread.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from counterfoil.application.ports import BlockRow
from counterfoil.application.queries.sight import Sight
from counterfoil.application.thread import Span, thread
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Holding
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.entrypoints.web.portal.blocks import BlockPage, Wanted, block_row
from counterfoil.entrypoints.web.visit import Visit

LOOKED_MAX: Final = 500
"""Blocks of now that one page looks at."""
ENTRIES_MAX: Final = 2_000
"""Entries that one page goes back through; the block in which it gets there is the page's last."""
_BEFORE_ALL: Final = (-1, 0)
_END: Final = 10**18
"""Beyond every serial: after it comes the next class."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Units that moved together: where they stood, what was said of them, and the last entry that touched them."""

    first: int
    last: int
    account: str
    facts: Mapping[str, Any]
    seq: int


def blocks_page_then(sight: Sight, visit: Visit, wanted: Wanted, after: str, *, limit: int, size: int) -> BlockPage:
    """A page of the blocks after `size` entries, after a key `CLASS FIRST`, in the order of the book."""
    mark, found, looked, read = _mark(sight, after), list[dict[str, Any]](), 0, 0
    account = sight.number("account", wanted.account) if wanted.account else None
    for row in _walked(sight, mark, wanted, _classes(sight, visit, wanted, size)):
        if len(found) >= limit or looked == LOOKED_MAX or read >= ENTRIES_MAX:
            return BlockPage(found, f"{sight.class_key(mark[0])} {mark[1]}", stopped=len(found) < limit)
        looked, mark = looked + 1, (row.unit_class, row.first)
        if row.seq < size and wanted.account and row.account != account:
            continue  # it stood then where it stands now
        holding = sight.holding(row)
        if holding.seq < size:
            pieces = [block_row(holding)]
        else:
            pieces, entries = _earlier(sight, holding, size)
            read += entries
        found += [each for each in pieces if _fits(each, wanted)]
    return BlockPage(found, None)


def _mark(sight: Sight, after: str) -> tuple[int, int]:
    key, _, first = after.rpartition(" ")
    number = sight.number("class", key)
    known = number is not None and first.isascii() and first.isdecimal() and len(first) < 19
    return (number, int(first)) if known and number is not None else _BEFORE_ALL


def _classes(sight: Sight, visit: Visit, wanted: Wanted, size: int) -> list[int] | None:
    """The numbers of the classes of which an account then held units; None where any class may be asked for."""
    if not wanted.account:
        return None
    held = visit.ground.accounts.stood(sight, lambda all_: all_.of(wanted.account), size=size)
    return sorted(number for key in held if (number := sight.number("class", key)) is not None)


def _walked(sight: Sight, mark: tuple[int, int], wanted: Wanted, classes: list[int] | None) -> Iterator[BlockRow]:
    """The blocks of now in their order; of other classes than those asked for only the first is met."""
    if classes is not None:
        for each in classes:
            if each >= mark[0] and _class_fits(sight.class_key(each), wanted):
                yield from _of_class(sight, max(mark, (each, 0)))
        return
    number = sight.number("class", wanted.unit_class) if wanted.unit_class else -1
    if number is None:
        return
    mark = max(mark, (number, 0))
    while page := sight.reading.blocks_after(mark, 100):
        for row in page:
            if _class_fits(sight.class_key(row.unit_class), wanted):
                yield row
                mark = (row.unit_class, row.first)
            elif wanted.unit_class:
                return
            else:
                mark = (row.unit_class, _END)
                break


def _of_class(sight: Sight, mark: tuple[int, int]) -> Iterator[BlockRow]:
    """The blocks of the class of a mark, after it."""
    while page := sight.reading.blocks_after(mark, 100):
        for row in page:
            if row.unit_class != mark[0]:
                return
            yield row
        mark = (mark[0], page[-1].first)


def _class_fits(key: str, wanted: Wanted) -> bool:
    if wanted.unit_class:
        return key == wanted.unit_class
    read = unit_class(key)
    return not wanted.vintage or (isinstance(read, UnitClass) and str(read.vintage) == wanted.vintage)


def _earlier(sight: Sight, holding: Holding, size: int) -> tuple[list[dict[str, Any]], int]:
    """The units of a block as they stood, in as many pieces as they then had, and how many entries were read."""
    span = Span(holding.unit_class, holding.serials.first, holding.serials.last)
    leaves = list(islice(thread(sight.reading, sight.codec, holding.seq, [span]), ENTRIES_MAX))
    pieces = [_Piece(span.first, span.last, "", {}, 0)]
    for leaf in sorted((each for each in leaves if each["seq"] < size), key=lambda each: int(each["seq"])):
        for of, first, last, _, target in leaf.get("moves", ()):
            if of == span.unit_class:
                pieces = list(_moved(pieces, first, last, target, leaf["seq"]))
        for of, first, last, changed in leaf.get("facts", ()):
            if of == span.unit_class:
                pieces = list(_said(pieces, first, last, changed, leaf["seq"]))
    stood = [each for each in pieces if each.account and role(each.account) is not AccountRole.SOURCE]
    return [_of_piece(holding, each) for each in stood], len(leaves)


def _moved(pieces: list[_Piece], first: int, last: int, target: str, seq: int) -> Iterator[_Piece]:
    for piece, touched in _cut(pieces, first, last):
        yield _Piece(piece.first, piece.last, target, piece.facts, seq) if touched else piece


def _said(pieces: list[_Piece], first: int, last: int, changed: Mapping[str, Any], seq: int) -> Iterator[_Piece]:
    for piece, touched in _cut(pieces, first, last):
        facts = {name: value for name, value in {**piece.facts, **changed}.items() if value is not None}
        yield _Piece(piece.first, piece.last, piece.account, facts, seq) if touched else piece


def _cut(pieces: list[_Piece], first: int, last: int) -> Iterator[tuple[_Piece, bool]]:
    """The pieces, cut at the ends of a range, each with whether it lies in the range."""
    for each in pieces:
        low, high = max(each.first, first), min(each.last, last)
        if low > high:
            yield each, False
            continue
        if each.first < low:
            yield _Piece(each.first, low - 1, each.account, each.facts, each.seq), False
        yield _Piece(low, high, each.account, each.facts, each.seq), True
        if high < each.last:
            yield _Piece(high + 1, each.last, each.account, each.facts, each.seq), False


def _of_piece(holding: Holding, piece: _Piece) -> dict[str, Any]:
    return block_row(Holding(holding.unit_class, piece.first, piece.last, piece.account, piece.facts, piece.seq))


def _fits(row: Mapping[str, Any], wanted: Wanted) -> bool:
    asked = (("account", wanted.account), ("activity", wanted.activity), ("state", wanted.state))
    return all(not value or row[name] == value for name, value in asked)
