"""Crossings: when units left one book for another, and when they came, as one journal tells it.

For each pair of books and each unit there is a last crossing. Both books tell of the same one, or something is wrong:
so what went onward to a third book, or came home by one, needs no special rule (ADR-0033).

Read next: `domain/federation/reconciliation.py`. Source: 6/CMA.4 annex I paras. 9-10.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

from counterfoil.domain.kernel.ids import PARTY
from counterfoil.domain.ledger.account import IN_MECHANISM

_FROM: Final = "from:"
_TO: Final = "to:"


class Way(StrEnum):
    """In which direction units crossed, as the book says that tells of it."""

    OUT = "out"
    IN = "in"


class Crossing(NamedTuple):
    """Units `first` to `last` of a class that crossed in entry `seq`."""

    first: int
    last: int
    way: Way
    seq: int


def crossings_in(leaf: Mapping[str, Any]) -> Iterator[tuple[str, str, Crossing]]:
    """Every crossing of an entry, from its public leaf: the partner's Party, the class, and the crossing.

    Units that come home stood in the account of whom they were sent to; who sent them back, the entry's details say.
    """
    seq = leaf["seq"]
    for of, first, last, source, target in leaf.get("moves", ()):
        gone, here = _abroad(source), _abroad(target)
        if here is not None and gone is None:
            yield here, of, Crossing(first, last, Way.OUT, seq)
        elif (origin := _origin(source)) is not None:
            yield origin, of, Crossing(first, last, Way.IN, seq)
        elif (gone is not None or source == IN_MECHANISM) and here is None:
            yield str(leaf.get("details", {}).get("partner", gone)), of, Crossing(first, last, Way.IN, seq)


@lru_cache(maxsize=4_096)
def _origin(account: str) -> str | None:
    """The Party from whose book units in this account come."""
    party = account.removeprefix(_FROM)
    return party if party != account and PARTY.match(party) else None


@lru_cache(maxsize=4_096)
def _abroad(account: str) -> str | None:
    """The Party whose book units in this account have left for."""
    party = account.removeprefix(_TO)
    return party if party != account and PARTY.match(party) else None


def latest(crossings: Iterable[Crossing]) -> list[Crossing]:
    """The last crossing of every unit of one class, in order, in pieces that do not overlap.

    What crossed once, which is nearly all, costs one look in order; only pieces that overlap are cut.
    """
    ordered = sorted(crossings)
    found: list[Crossing] = []
    begin, count = 0, len(ordered)
    while begin < count:
        reach = ordered[begin].last
        end = begin + 1
        while end < count and ordered[end].first <= reach:
            reach = max(reach, ordered[end].last)
            end += 1
        if end == begin + 1:
            found.append(ordered[begin])
        else:
            found += _cut(ordered[begin:end])
        begin = end
    return found


def _cut(cluster: Sequence[Crossing]) -> Iterator[Crossing]:
    """Pieces of crossings that overlap: in each the latest stands on top."""
    bounds = sorted({each.first for each in cluster} | {each.last + 1 for each in cluster})
    standing: list[tuple[int, Crossing]] = []
    waiting = 0
    open_: Crossing | None = None
    for low, above in pairwise(bounds):
        while waiting < len(cluster) and cluster[waiting].first <= low:
            heapq.heappush(standing, (-cluster[waiting].seq, cluster[waiting]))
            waiting += 1
        while standing and standing[0][1].last < low:
            heapq.heappop(standing)
        top = standing[0][1]  # a cluster has no gap
        if open_ is not None and (open_.seq, open_.way) == (top.seq, top.way):
            open_ = open_._replace(last=above - 1)
            continue
        if open_ is not None:
            yield open_
        open_ = Crossing(low, above - 1, top.way, top.seq)
    if open_ is not None:
        yield open_


def touching(crossings: Sequence[Crossing], first: int, last: int) -> Iterator[Crossing]:
    """The pieces of `first` to `last` in crossings that are in order and do not overlap."""
    low, high = 0, len(crossings)
    while low < high:
        middle = (low + high) // 2
        if crossings[middle].last < first:
            low = middle + 1
        else:
            high = middle
    while low < len(crossings) and crossings[low].first <= last:
        found = crossings[low]
        yield found._replace(first=max(first, found.first), last=min(last, found.last))
        low += 1
