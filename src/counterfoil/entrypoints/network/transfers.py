"""The transfers of a network, each counted once although two books have it, and where the two books disagree.

The source alone ends a transfer, so its record says how one ended. It is final once it is so in both books: between
the source's final entry and the target's acquisition it is still in flight.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from counterfoil.application.commands.abroad import TransferRecord, TransferState

OUT: Final = "out"
IN: Final = "in"
ENDS: Final = ("final", "in_flight", "refused", "expired", "withdrawn")
_CLOSED: Final = {
    TransferState.REFUSED: "refused",
    TransferState.EXPIRED: "expired",
    TransferState.WITHDRAWN: "withdrawn",
    TransferState.VOIDED: "withdrawn",
}

Book = Mapping[str, TransferRecord]
"""The transfers that one registry's book has, by their ids."""


@dataclass(slots=True)
class Counted:
    """How many transfers of the network stand how, and the ids of those on which two books disagree for good."""

    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ENDS, 0))
    disagreed: list[str] = field(default_factory=list)
    in_flight: list[str] = field(default_factory=list)


def counted(books: Mapping[str, Book]) -> Counted:
    """Count the transfers in the books of all registries, by Party."""
    found = Counted()
    for transfer, state, agreed in _each(books):
        found.states[state] += 1
        if state == "in_flight":
            found.in_flight.append(transfer)
        if not agreed:
            found.disagreed.append(transfer)
    return found


def _each(books: Mapping[str, Book]) -> Iterator[tuple[str, str, bool]]:
    """Every transfer once: its id, its state, and whether the two books can both be right about it."""
    for party, book in books.items():
        for transfer, own in book.items():
            other = books.get(own.partner, {}).get(transfer)
            if own.direction == OUT:
                yield transfer, *standing(own, other, seen=own.partner in books)
            elif own.partner in books and (other is None or (other.direction, other.partner) != (OUT, party)):
                # The source's book does not know what this one took from it: it was restored, or it denies it.
                yield transfer, "in_flight", own.state is not TransferState.FINAL


def standing(own: TransferRecord, other: TransferRecord | None, *, seen: bool) -> tuple[str, bool]:
    """The state of a transfer by its source's record, and whether the target's record fits it."""
    acquired = other is not None and other.state is TransferState.FINAL
    same = other is None or other.parts == own.parts
    if own.state in _CLOSED:
        return _CLOSED[own.state], not acquired
    if own.state is not TransferState.FINAL:
        return "in_flight", not acquired and same
    declined = other is not None and other.state in _CLOSED
    if acquired or not seen:
        return "final", same
    return "in_flight", same and not declined
