"""Transfers that wait here for a person's consent: what was offered, and whose offers wait, by partner.

What was offered is kept until it is decided. The list of a partner is short and read by its key, so a desk that asks
who waits never looks through all transfers that ever were.
"""

from collections.abc import Sequence
from typing import Any, Final

from counterfoil.application.command import Units
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.ledger.account import went_to
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Record

ARRIVING: Final = "arriving_transfer"
"""What a partner offered, by the transfer's name; empty once it is decided."""
WAITING: Final = "transfers_waiting"
"""The names of a partner's transfers that wait, by the partner's code."""
ELSEWHERE: Final = "offered_elsewhere"
"""By the transfer's name: its units that this book knew, when they came, to be at another place than the sender's."""
WAITING_MAX: Final = 50
"""Transfers of one partner that wait at the same time: the list stands in an entry, which has a bound."""


def waiting_from(books: Books, partner: str) -> tuple[str, ...]:
    """The names of a partner's transfers that wait, the oldest first."""
    return tuple(books.record(WAITING, partner) or ())


def now_waiting(books: Books, partner: str, transfer: str, offered: dict[str, JSON]) -> tuple[Record, Record]:
    """The records after an offer has come."""
    names: list[JSON] = [*waiting_from(books, partner), transfer]
    return Record(ARRIVING, transfer, offered), Record(WAITING, partner, names)


def elsewhere(books: Books, partner: str, parts: Sequence[Units]) -> list[tuple[str, int, int, str]]:
    """The units of an offer that this book knows to be elsewhere than in the sender's book: rows of span and account.

    They came on from there by receipts that the sender shows.
    """
    whole: list[tuple[str, int, int, str]] = []
    for part in parts:
        for held in books.holdings(part.unit_class, part.first, part.last):
            if held.account == went_to(Party(partner)):
                continue
            of, first, last, account = held.unit_class, held.serials.first, held.serials.last, held.account
            if whole and (whole[-1][0], whole[-1][2] + 1, whole[-1][3]) == (of, first, account):
                first = whole.pop()[1]
            whole.append((of, first, last, account))
    return whole


def no_longer_waiting(books: Books, partner: str, transfer: str) -> tuple[Record, ...]:
    """The records after it was decided, or taken back; none where it does not wait."""
    names = waiting_from(books, partner)
    if transfer not in names:
        return ()
    left: list[JSON] = [each for each in names if each != transfer]
    return Record(ARRIVING, transfer, {}), Record(WAITING, partner, left)


def what_was_offered(books: Books, transfer: str) -> Any:
    """What a partner offered, as it was kept; None where nothing waits under that name."""
    return books.record(ARRIVING, transfer) or None
