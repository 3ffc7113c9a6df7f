"""Whether the closing holdings of a year follow from the opening ones and the year's actions: C55.

No row of the format creates units, so what a host holds of its own units may be more than what it held and got, but
never something that is away; what it first transfers at home, by authorization or issuance, is there and stays until it
moves or ends. Nor does any row tell that units lost their authorization (by revocation, reduction or a cancellation at
home): until they are first transferred they are then no ITMOs any more, and are free to leave the holdings, at home and
where they are abroad before their first transfer. Of other foreign units the holdings must be exactly what the year
leaves.

Source: 2/CMA.3 annex paras. 20(b), 29; 4/CMA.6 para. 7; rulebook 5.3, check C55; secretariat code ISC01.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from counterfoil.domain.reporting.aef_terms import ActionType, Subtype
from counterfoil.domain.reporting.consistency.holdings import (
    Spans,
    cannot_be_older,
    in_feasible_order,
    is_own,
    moves_out,
    outside,
    present_in,
)
from counterfoil.domain.reporting.consistency.overlaps import disjoint_blocks
from counterfoil.domain.reporting.consistency.serial_history import may_be_early
from counterfoil.domain.reporting.consistency.world import Act, Block, World
from counterfoil.domain.reporting.filed import Filed
from counterfoil.domain.reporting.finding import Observation, Place, Severity
from counterfoil.domain.units.identifier import identifier

Ranges = Sequence[tuple[int, int]]

AT_HOME: Final = frozenset({Subtype.AUTHORIZATION, Subtype.ISSUANCE})
"""First transfers that move nothing: the units are then in the host's book."""


@dataclass(slots=True)
class _Year:
    """One Party's rows of one class in one report, and what it held of the class at the end of the year before."""

    acts: list[Act] = field(default_factory=list)
    held: list[Block] = field(default_factory=list)
    opening: Sequence[Block] = ()


def closing_follows(world: World) -> Iterator[Observation]:
    """C55: closing holdings are the opening ones plus what came in minus what went out, was used or cancelled.

    Where the report of the year before is missing and foreign units may be older, the answer is "not available".
    Source: 2/CMA.3 annex paras. 20(b), 29; secretariat code ISC01.
    """
    closings = world.once(_closings)
    by_report = _rows_by_report(world)
    classes: dict[tuple[str, int], set[str]] = defaultdict(set)
    for party, year, key in closings:
        classes[party, year].add(key)
    for filed in world.filed:
        if not world.is_full(filed) or not world.holdings_known(filed.party, filed.year):
            continue
        rows = by_report.get(id(filed), {})
        opened = world.holdings_known(filed.party, filed.year - 1)
        unknown = False
        for key in {**dict.fromkeys(sorted(classes[filed.party, filed.year - 1])), **dict.fromkeys(rows)}:
            mine = rows.get(key, _Year())
            if not opened and _may_be_older(filed, [*mine.acts, *mine.held]):
                unknown = True
                continue
            mine.opening = closings.get((filed.party, filed.year - 1, key), ())
            yield from _differences(world, filed, key, mine)
        if unknown:
            facts: dict[str, str | int] = {"party": filed.party, "year": filed.year - 1}
            place = filed.heading_place("reported_year")
            yield Observation("opening_missing", place, facts, Severity.NOT_AVAILABLE)


def _may_be_older(filed: Filed, rows: Sequence[Block]) -> bool:
    """Whether the Party may have held some of these foreign units before the year.

    A Party's own units can always be new: no row says when they were created.
    """
    return not is_own(rows[0]) and not all(cannot_be_older(row, filed.year) for row in rows)


def _closings(world: World) -> Mapping[tuple[str, int, str], Sequence[Block]]:
    """What each Party held at the end of each year, by class."""
    found: dict[tuple[str, int, str], list[Block]] = defaultdict(list)
    for block in world.holdings:
        if block.key:
            found[block.filed.party, block.filed.year, block.key].append(block)
    return found


def _rows_by_report(world: World) -> Mapping[int, Mapping[str, _Year]]:
    found: dict[int, dict[str, _Year]] = defaultdict(lambda: defaultdict(_Year))
    for act in world.with_block:
        found[id(act.filed)][act.key].acts.append(act)
    for block in world.holdings:
        if block.key:
            found[id(block.filed)][block.key].held.append(block)
    return found


def _differences(world: World, filed: Filed, key: str, year: _Year) -> Iterator[Observation]:
    rows = (*year.held, *year.acts, *year.opening)
    own = is_own(rows[0])
    held, away, unclear = _walked([(block.first, block.last) for block in year.opening], year.acts, own=own)
    closing = [(block.first, block.last) for block in year.held]
    free = _free_to_leave(world, key, rows, own=own)
    for first, last in _minus(held.ranges(), (*closing, *unclear, *free)):
        facts: dict[str, str | int] = {"first": first, "last": last, "year": filed.year}
        yield Observation("lost", _place(filed, key, first, last), facts, serials=(key, first, last))
    known = _minus(closing, unclear)
    wrong = _common(known, away.ranges()) if own else _minus(known, held.ranges())
    for block, first, last in _pieces(disjoint_blocks(year.held), wrong):
        facts = {"first": first, "last": last, "year": filed.year}
        yield Observation("appeared", block.place("first_id"), facts, serials=(key, first, last))


def _free_to_leave(world: World, key: str, rows: Sequence[Block], *, own: bool) -> Ranges:
    """The units among these rows that may cease to be ITMOs without a row of their own: those never first transferred.

    Source: 4/CMA.6 para. 7 (a change reaches what is not first transferred).
    """
    early = [(block.first, block.last) for block in rows if own or may_be_early(block)]
    if not early:
        return ()
    moved = [(act.first, act.last) for act in world.by_key.get(key, ()) if act.is_first_transfer]
    return _minus(early, moved)


def _pieces(blocks: Sequence[Block], ranges: Ranges) -> Iterator[tuple[Block, int, int]]:
    """Each range, cut at the blocks that it lies in. Both are in order and disjoint."""
    at = 0
    for first, last in ranges:
        while at < len(blocks) and blocks[at].last < first:
            at += 1
        for number in range(at, len(blocks)):
            block = blocks[number]
            if block.first > last:
                break
            yield block, max(first, block.first), min(last, block.last)


def _walked(opening: Ranges, acts: Sequence[Act], *, own: bool) -> tuple[Spans, Spans, Ranges]:
    """What is held at the end, what is away, and what a subtype that is not yet defined leaves open.

    A Party's own units need no opening: they are there as long as they are not away.
    """
    held, away = Spans(), Spans()
    unclear: list[tuple[int, int]] = []
    for first, last in opening:
        held.add(first, last)
    present: Callable[[Act], bool] = (lambda act: not away.touches(act.first, act.last)) if own else present_in(held)
    for act in in_feasible_order(sorted(acts, key=lambda act: act.moment), present):
        if act.action.action_type == ActionType.ACQUISITION:
            held.add(act.first, act.last)
            away.remove(act.first, act.last)
        elif moves_out(act) or act.ends_life:
            held.remove(act.first, act.last)
            away.add(act.first, act.last)
        elif act.is_first_transfer and act.action.action_subtype in (None, Subtype.NOT_YET_DEFINED):
            unclear.append((act.first, act.last))
        elif act.is_first_transfer and act.action.action_subtype in AT_HOME and is_own(act):
            for first, last in outside(act, away):
                held.add(first, last)
    return held, away, unclear


def _minus(ranges: Iterator[tuple[int, int]] | Ranges, others: Iterator[tuple[int, int]] | Ranges) -> Ranges:
    left = Spans()
    for first, last in ranges:
        left.add(first, last)
    for first, last in others:
        left.remove(first, last)
    return list(left.ranges())


def _common(ranges: Ranges, others: Iterator[tuple[int, int]]) -> Ranges:
    return _minus(ranges, _minus(ranges, others))


def _place(filed: Filed, key: str, first: int, last: int) -> Place:
    """A row that is missing has a table and identifiers, and no cell."""
    sheet = filed.origins[4].sheet if 4 in filed.origins else None
    ids = identifier(key, first), identifier(key, last)
    return Place(file=filed.file, party=filed.party, sheet=sheet, first_id=ids[0], last_id=ids[1])
