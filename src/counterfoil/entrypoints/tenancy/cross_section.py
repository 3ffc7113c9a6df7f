"""Consistency across sections: no unit may stand in the books of two at once.

Each book is public and is read by itself; what another section says of a unit is not asked, but looked at. Units that
left a book do not stand in it any more; those in flight stand in their source's book alone. A transfer that becomes
final while we look could be seen in both: so we look twice, the second time in the opposite order, which sees no such
transfer twice, and tell only what both looks found. Source: 6/CMA.4 annex I para. 13.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.tenancy.installation import Installation, SectionState

FOUND_MAX: Final = 1_000
"""Findings that are told; beyond them something is wrong that no list makes clearer."""
_HERE: Final = frozenset((AccountRole.HOLDING, AccountRole.PENDING, AccountRole.TERMINAL))

Ranges = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, order=True)
class HeldTwice:
    """Units `first` to `last` of a class that stand in the books of two Parties."""

    unit_class: str
    first: int
    last: int
    parties: tuple[str, str]


def held_twice(installation: Installation) -> tuple[HeldTwice, ...]:
    """The units that stand in two sections' books, in order.

    Raises:
        Outage: a section cannot be read.
    """
    sections = [each for each in installation.sections if each.state is not SectionState.HANDED_OVER]
    looks = [{str(each.party): standing_in(each.folder) for each in order} for order in (sections, sections[::-1])]
    found = set(in_two(looks[0])) & set(in_two(looks[1]))
    return tuple(sorted(found))[:FOUND_MAX]


def standing_in(directory: Path) -> dict[str, Ranges]:
    """The units that stand in a registry's book, by class, neighbours joined."""
    classes: dict[int, str] = {}
    here: set[int] = set()
    found: dict[str, Ranges] = {}
    with open_for_reading(Folder(directory)) as readable:
        for term in readable.reading.terms():
            if term.kind == "class":
                classes[term.number] = term.text
            elif term.kind == "account" and role(term.text) in _HERE:
                here.add(term.number)
        for block in readable.reading.blocks():
            if block.account in here:
                _joined(found.setdefault(classes[block.unit_class], []), block.first, block.last)
    return found


def in_two(books: Mapping[str, Mapping[str, Ranges]]) -> Iterable[HeldTwice]:
    """What stands in two of the books. Within one book no serial stands twice; its own rules see to that."""
    shared = [key for key in {key for book in books.values() for key in book} if _in_several(key, books.values())]
    for key in sorted(shared):
        rows = sorted((first, last, party) for party, book in books.items() for first, last in book.get(key, ()))
        reach: tuple[int, int, str] | None = None
        for row in rows:
            if reach is not None and row[0] <= reach[1] and row[2] != reach[2]:
                parties = (reach[2], row[2]) if reach[2] < row[2] else (row[2], reach[2])
                yield HeldTwice(key, row[0], min(row[1], reach[1]), parties)
            if reach is None or row[1] > reach[1]:
                reach = row


def _in_several(key: str, books: Iterable[Mapping[str, Ranges]]) -> bool:
    return sum(key in book for book in books) > 1


def _joined(ranges: Ranges, first: int, last: int) -> None:
    """Add a range behind the others; blocks come in the order of their serials."""
    if ranges and ranges[-1][1] + 1 == first:
        ranges[-1] = (ranges[-1][0], last)
    else:
        ranges.append((first, last))


def told(found: Sequence[HeldTwice]) -> list[dict[str, object]]:
    """The findings as JSON."""
    return [
        {"unit_class": each.unit_class, "first": each.first, "last": each.last, "parties": list(each.parties)}
        for each in found
    ]
