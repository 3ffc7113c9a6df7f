"""An opening book: what a register that was kept elsewhere brings into this one, announced before and bound row by row.

The announcement states a digest over all rows. Each row is handed in with the digest of what follows it, so that only
the very rows that were announced come in, in their order, and whoever approves the announcement approves every cell.

Source: 2/CMA.3 annex para. 29 (records of a registry); ADR-0027.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.canonical import JSON, canonical
from counterfoil.domain.kernel.ids import DIGEST
from counterfoil.domain.kernel.refusal import Refusal

OPENING_BOOK: Final = "opening_book"
END: Final = "0" * 64
"""What follows the last row."""
ROWS_MAX: Final = 8_000
"""Rows of one opening book: with its announcement they fit one commit."""


class OpeningFault(StrEnum):
    NAME_TAKEN = "opening_book.name_taken"
    UNCLEAR = "opening_book.unclear"
    UNKNOWN = "opening_book.unknown"
    NOT_NEXT = "opening_book.not_next"
    SUM_DIFFERS = "opening_book.sum_differs"
    CLASS_NOT_OWN = "opening_book.class_not_own"
    FIRST_TRANSFERRED = "opening_book.first_transferred"


@dataclass(frozen=True, slots=True)
class OpeningBook:
    """`quantity` counts all units that come in; `document` is the SHA-256 of the file; `next` that of what is left."""

    id: str
    document: str
    rows: int
    quantity: int
    next: str
    announced_on: date
    rows_taken: int = 0
    quantity_taken: int = 0


def chained(rows: Sequence[JSON]) -> list[str]:
    """The digest of every row with all that follow it, and `END` behind them.

    >>> digests = chained(["a", "b"])
    >>> digests[1] == link("b", END) and digests[0] == link("a", digests[1])
    True
    """
    digests = [END]
    for row in reversed(rows):
        digests.append(link(row, digests[-1]))
    return digests[::-1]


def link(row: JSON, rest: str) -> str:
    """The digest of a row before `rest`, in hex."""
    return hashlib.sha256(canonical([row, rest])).hexdigest()


def readable_opening(book: OpeningBook) -> Refusal | None:
    """Whether an announcement says what comes: a document, a digest, some rows within bounds, and a sum."""
    said = DIGEST.match(book.document) and DIGEST.match(book.next) and book.quantity >= 0
    if said and 1 <= book.rows <= ROWS_MAX:
        return None
    return Refusal(OpeningFault.UNCLEAR, {"opening": book.id, "rows_max": ROWS_MAX})


def taken(book: OpeningBook, row: JSON, *, rest: str, quantity: int = 0) -> OpeningBook | Refusal:
    """The book after its next row.

    Args:
        rest: The digest of what follows this row.
        quantity: The units that the row brings in.

    Returns:
        The refusal `opening_book.not_next` for any row but the announced one, or `opening_book.sum_differs` where the
        last row shows that another sum was announced.
    """
    if link(row, rest) != book.next:
        return Refusal(OpeningFault.NOT_NEXT, {"opening": book.id, "taken": book.rows_taken, "rows": book.rows})
    after = replace(book, next=rest, rows_taken=book.rows_taken + 1, quantity_taken=book.quantity_taken + quantity)
    whole = (after.rows_taken, after.quantity_taken) == (book.rows, book.quantity)
    if (rest == END) != (after.rows_taken == book.rows) or (rest == END and not whole):
        sums = {"announced": book.quantity, "found": after.quantity_taken}
        return Refusal(OpeningFault.SUM_DIFFERS, {"opening": book.id, **sums})
    return after
