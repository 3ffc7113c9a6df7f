"""Whether a Party held what it moved out or used: C50, by interval arithmetic.

A unit enters a foreign book only by acquisition, so for units of another host the position is the opening holding of
the year plus what came in minus what went out. No row of the format creates units: what a host first transfers, uses or
cancels of its own units needs no opening holding, and only what has already left it must have come back.

Source: 2/CMA.3 annex paras. 20(a), 29; rulebook 5.3, check C50.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice
from typing import Final

from counterfoil.domain.reporting.aef_terms import ADAPTATION, ActionType, Subtype
from counterfoil.domain.reporting.consistency.world import Act, Block, World
from counterfoil.domain.reporting.finding import Observation, Severity
from counterfoil.domain.units.identifier import VINTAGE_MIN

ROUNDS_MAX: Final = 16
"""How often a block may go out and come back within one day before its rows count as out of order."""


PIECES_MAX: Final = 8
"""Pieces of one block that are told apart. Many acts on a set in many pieces would otherwise cost rows times pieces."""


class Spans:
    """A set of serials as disjoint closed intervals in order."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []

    def holds(self, first: int, last: int) -> bool:
        """Whether every serial of the range is in the set."""
        at = bisect_left(self._lasts, first)
        return at < len(self._lasts) and self._firsts[at] <= first and last <= self._lasts[at]

    def touches(self, first: int, last: int) -> bool:
        """Whether some serial of the range is in the set."""
        at = bisect_left(self._lasts, first)
        return at < len(self._lasts) and self._firsts[at] <= last

    def ranges(self) -> Iterator[tuple[int, int]]:
        """The intervals in order."""
        return zip(self._firsts, self._lasts, strict=True)

    def within(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The intervals that touch the range, in order."""
        at = bisect_left(self._lasts, first)
        while at < len(self._firsts) and self._firsts[at] <= last:
            yield self._firsts[at], self._lasts[at]
            at += 1

    def add(self, first: int, last: int) -> None:
        low = high = bisect_left(self._lasts, first - 1)
        while high < len(self._firsts) and self._firsts[high] <= last + 1:
            first, last = min(first, self._firsts[high]), max(last, self._lasts[high])
            high += 1
        self._firsts[low:high] = [first]
        self._lasts[low:high] = [last]

    def remove(self, first: int, last: int) -> None:
        low = high = bisect_left(self._lasts, first)
        firsts: list[int] = []
        lasts: list[int] = []
        while high < len(self._firsts) and self._firsts[high] <= last:
            if self._firsts[high] < first:
                firsts.append(self._firsts[high])
                lasts.append(first - 1)
            if self._lasts[high] > last:
                firsts.append(last + 1)
                lasts.append(self._lasts[high])
            high += 1
        self._firsts[low:high] = firsts
        self._lasts[low:high] = lasts


def held_what_it_moved(world: World) -> Iterator[Observation]:
    """C50: a block that a Party moved out, used or cancelled was in its holdings at that time.

    Where the report of the year before is missing and the block may have been held from then on, the answer is "not
    available". Source: 2/CMA.3 annex paras. 20(a), 29.
    """
    histories: dict[tuple[str, str], list[Act]] = defaultdict(list)
    for act in world.with_block:
        if world.is_full(act.filed):
            histories[act.party, act.key].append(act)
    opening = world.once(closing_holdings)
    for (_, key), acts in histories.items():
        acts.sort(key=lambda act: act.moment)
        own = is_own(acts[0])
        yield from (_own_units(acts) if own else _foreign_units(world, key, acts, opening))


def is_own(block: Block) -> bool:
    """Whether the units are the reporting Party's own."""
    return block.identity is not None and block.identity.party == block.party


def present_in(held: Spans) -> Callable[[Act], bool]:
    """Whether an act's whole block is in the set at the time of asking."""
    return lambda act: held.holds(act.first, act.last)


def closing_holdings(world: World) -> dict[tuple[str, int, str], list[tuple[int, int]]]:
    """Closing holdings by Party, year and class."""
    found: dict[tuple[str, int, str], list[tuple[int, int]]] = defaultdict(list)
    for block in world.holdings:
        if block.key:
            found[block.filed.party, block.filed.year, block.key].append((block.first, block.last))
    return found


def _own_units(acts: Sequence[Act]) -> Iterator[Observation]:
    """Units of the Party itself: what has left must have come back before it moves again."""
    away = Spans()
    for act in in_feasible_order(acts, lambda act: not away.touches(act.first, act.last)):
        kind = act.action.action_type
        if kind == ActionType.ACQUISITION:
            away.remove(act.first, act.last)
        elif moves_out(act) or act.ends_life:
            for first, last in () if _ended_abroad(act) else common(act, away):
                yield _not_held(act, "left_before", first, last)
            if moves_out(act):
                away.add(act.first, act.last)


def _ended_abroad(act: Act) -> bool:
    """Whether the host reports as a first transfer what another Party did with units that it already held.

    Source: 4/CMA.6 paras. 12-13, 17 (the host learns of the use or cancellation); rulebook 1.6.
    """
    user = act.action.using_cancelling_party_id
    return act.is_first_transfer and act.ends_life and user is not None and user != act.party


def _foreign_units(
    world: World, key: str, acts: Sequence[Act], opening: dict[tuple[str, int, str], list[tuple[int, int]]]
) -> Iterator[Observation]:
    """Units of another host, year by year from the opening holding."""
    held = Spans()
    party = acts[0].party
    for year, group in groupby(acts, key=lambda act: act.filed.year):
        reported = world.holdings_known(party, year - 1)
        known = reported or cannot_be_older(acts[0], year)
        if reported:
            held = Spans()
            for first, last in opening.get((party, year - 1, key), ()):
                held.add(first, last)
        for act in in_feasible_order(list(group), present_in(held)):
            if act.action.action_type == ActionType.ACQUISITION:
                held.add(act.first, act.last)
            elif moves_out(act) or act.ends_life:
                for first, last in outside(act, held):
                    if not known:
                        yield _not_known(act, year)
                        break
                    yield _not_held(act, "not_held", first, last)
                held.remove(act.first, act.last)


def cannot_be_older(block: Block, year: int) -> bool:
    """Whether these units cannot have been held at the end of the year before: too young, or not yet authorized."""
    if year <= max(block.row.vintage, VINTAGE_MIN):
        return True
    grant = block.grant
    return grant is not None and grant.versions[0].row.authorization_version == 1 and grant.since.year >= year


def moves_out(act: Act) -> bool:
    """Whether the units leave the Party."""
    kind, subtype = act.action.action_type, act.action.action_subtype
    if kind == ActionType.TRANSFER:
        return True
    return kind == ActionType.FIRST_TRANSFER and (subtype == Subtype.TO_PARTY or subtype in ADAPTATION)


def outside(block: Block, spans: Spans) -> Sequence[tuple[int, int]]:
    """The serials of a block that are not in the set; the whole block where the set is in too many pieces to list."""
    inside = list(islice(spans.within(block.first, block.last), PIECES_MAX + 1))
    if len(inside) > PIECES_MAX:
        return [(block.first, block.last)]
    left = Spans()
    left.add(block.first, block.last)
    for first, last in inside:
        left.remove(first, last)
    return list(left.ranges())


def common(block: Block, spans: Spans) -> Sequence[tuple[int, int]]:
    """The serials of a block that are in the set; the whole block where they are in too many pieces to list."""
    inside = list(islice(spans.within(block.first, block.last), PIECES_MAX + 1))
    if len(inside) > PIECES_MAX:
        return [(block.first, block.last)]
    return [(max(first, block.first), min(last, block.last)) for first, last in inside]


def _not_held(act: Act, case: str, first: int, last: int) -> Observation:
    facts: dict[str, str | int] = {"type": act.action.action_type, "day": act.action.action_date.isoformat()}
    facts |= {"party": act.party, "first": first, "last": last}
    return Observation(case, act.place("first_id"), facts, serials=(act.key, first, last))


def _not_known(act: Act, year: int) -> Observation:
    facts: dict[str, str | int] = {"party": act.party, "year": year - 1}
    return Observation("opening_missing", act.place("first_id"), facts, Severity.NOT_AVAILABLE)


def in_feasible_order(acts: Sequence[Act], present: Callable[[Act], bool]) -> Iterator[Act]:
    """The acts by moment; those of one moment in an order that can have happened, if there is one.

    Days have no hours in most reports, so a block that goes out, comes back and goes out again on one day must not be
    taken for a block that goes out twice. `present` is asked again after each act.
    """
    for _, same_moment in groupby(acts, key=lambda act: act.moment):
        waiting = list(same_moment)
        for _ in range(ROUNDS_MAX if len(waiting) > 1 else 0):
            left: list[Act] = []
            for act in waiting:
                enters = act.action.action_type == ActionType.ACQUISITION
                if present(act) is enters:
                    left.append(act)
                else:
                    yield act
            if len(left) in (0, len(waiting)):
                waiting = left
                break
            waiting = left
        yield from waiting
