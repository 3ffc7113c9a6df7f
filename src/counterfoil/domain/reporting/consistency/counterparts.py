"""The two sides of a movement between Parties: C62 to C65.

What one Party moved to another and what the other acquired from it are counted serial by serial in one walk over sorted
ends; one side may split what the other reports as one block, and a block may go the same way more than once.

Source: 2/CMA.3 annex para. 33(a); 6/CMA.4 annex I paras. 37-39.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from heapq import heappop, heappush
from itertools import pairwise

from counterfoil.domain.reporting.aef_terms import GHG, ActionType
from counterfoil.domain.reporting.consistency.action_fields import moves_to_party
from counterfoil.domain.reporting.consistency.overlaps import disjoint, meetings, overlapping
from counterfoil.domain.reporting.consistency.serial_history import moves_early, where
from counterfoil.domain.reporting.consistency.world import DAYS_APART_MAX, Act, World, years_about
from counterfoil.domain.reporting.finding import Observation, Severity

_OUT = frozenset({ActionType.FIRST_TRANSFER, ActionType.TRANSFER})

_Way = tuple[str, int, str, str, str, str | None, int]
"""Approach, vintage, giving and receiving Party, metric, non-GHG metric, year."""


@dataclass(slots=True)
class Route:
    """What went from one Party to another, of one class, as each of them reports it."""

    sent: list[Act] = field(default_factory=list)
    received: list[Act] = field(default_factory=list)


def routes(world: World) -> Mapping[tuple[str, str, str], Route]:
    """By class key, giving and receiving Party."""
    found: dict[tuple[str, str, str], Route] = defaultdict(Route)
    for act in world.with_block:
        source, target = act.action.transferring_party_id, act.action.acquiring_party_id
        if act.action.action_type in _OUT and target is not None and target != act.party:
            found[act.key, act.party, target].sent.append(act)
        elif act.action.action_type == ActionType.ACQUISITION and source is not None and source != act.party:
            found[act.key, source, act.party].received.append(act)
    return found


def transfer_is_acquired(world: World) -> Iterator[Observation]:
    """C62: the receiving Party reports an acquisition of exactly the serials that went out to it.

    "Not available" where it has not reported the year, or, around the turn of the year, the neighbouring one.
    A receiving Party on a row that goes nowhere is a matter of C27.
    Source: 2/CMA.3 annex para. 33(a); 6/CMA.4 annex I para. 38.
    """
    for (_, _, target), route in world.once(routes).items():
        sent = [act for act in route.sent if moves_to_party(act) is not False]
        for act, first, last in _unmatched(sent, route.received):
            yield _missing(world, act, target, first, last)


def acquisition_was_transferred(world: World) -> Iterator[Observation]:
    """C63: the giving Party reports a first transfer or transfer of exactly the serials that were acquired from it.

    A unit for other purposes that moves before its first transfer has no row on the giving side (rulebook 1.5, 1.6).
    Source: 2/CMA.3 annex para. 33(a); 6/CMA.4 annex I para. 38.
    """
    for (_, source, _), route in world.once(routes).items():
        for act, first, last in _unmatched(route.received, route.sent):
            if not moves_early(world, act):
                yield _missing(world, act, source, first, last)


def _missing(world: World, act: Act, other: str, first: int, last: int) -> Observation:
    years = years_about(act.action.action_date)
    year = act.action.action_date.year
    facts: dict[str, str | int] = {"first": first, "last": last, "other": other, "year": year}
    case, severity = "unmatched", None
    if not _has_reported(world, act, other):
        here = all((other, each) in world.reports for each in years)
        case, severity = "unread" if here else "not_reported", Severity.NOT_AVAILABLE
    return Observation(case, act.place("first_id"), facts, severity, serials=(act.key, first, last))


def _has_reported(world: World, act: Act, other: str) -> bool:
    """Whether the other Party's reports of every year in which it may have dated its side are here, and read whole."""
    return all(world.reported_in_full(other, year) for year in years_about(act.action.action_date))


def _unmatched(acts: Sequence[Act], others: Sequence[Act]) -> Iterator[tuple[Act, int, int]]:
    """The serials that the acts move more often than the others, each with the latest act that moves them."""
    changes: dict[int, int] = defaultdict(int)
    for acts_, step in ((acts, 1), (others, -1)):
        for act in acts_:
            changes[act.first] += step
            changes[act.last + 1] -= step
    waiting = sorted(acts, key=lambda act: act.first, reverse=True)
    live: list[tuple[int, int, int, Act]] = []
    count = 0
    found: tuple[Act, int, int] | None = None
    ends = sorted({act.first for act in acts} | {act.last + 1 for act in acts} | set(changes))
    for start, end in pairwise(ends):
        count += changes.get(start, 0)
        while waiting and waiting[-1].first <= start:
            act = waiting.pop()
            heappush(live, (*_latest_first(act), len(waiting), act))
        while live and live[0][3].last < start:
            heappop(live)
        if count > 0 and live:
            act = live[0][3]
            if found is not None and found[0] is act and found[2] == start - 1:
                found = (act, found[1], end - 1)
                continue
            if found is not None:
                yield found
            found = (act, start, end - 1)
    if found is not None:
        yield found


def _latest_first(act: Act) -> tuple[int, int]:
    day, at = act.moment
    return -day.toordinal(), -(at.hour * 3600 + at.minute * 60 + at.second)


def amounts_agree(world: World) -> Iterator[Observation]:
    """C64: per approach, vintage, metric, pair of Parties and year, the acquired amount equals the transferred one; in
    a non-GHG metric it is not more.

    The year is that of the transfer: what is sent on the last day of a year and arrives on the first of the next counts
    once. The finding stands at a row that says more or less than its own block, where one does, and else at serials
    that only one side moves. Compared where both sides are reported in full; rows whose metrics differ are a matter of
    C66. Source: 6/CMA.4 main para. 17(e), annex I para. 38.
    """
    grouped: dict[_Way, list[Route]] = defaultdict(list)
    for (_, source, target), route in world.once(routes).items():
        for part in _parts(route):
            if _comparable(world, part, source, target):
                grouped[_way(part, source, target)].append(part)
    for (approach, vintage, source, target, metric, _, year), parts in grouped.items():
        sent = sum((_total(part.sent) for part in parts), Fraction())
        received = sum((_total(part.received) for part in parts), Fraction())
        if received > sent or (metric == GHG and received != sent):
            facts: dict[str, str | int] = {"approach": approach, "vintage": vintage, "source": source, "target": target}
            facts |= {"year": year, "sent": str(sent), "received": str(received)}
            place = _odd(parts).place("quantity_co2" if metric == GHG else "quantity_non_ghg")
            yield Observation("differs", place, facts)


def _way(part: Route, source: str, target: str) -> _Way:
    """What the amounts are compared by; the year is the one in which these serials first went out."""
    row = min(part.sent or part.received, key=lambda act: act.moment).action
    approach, metric = row.cooperative_approach_id, row.metric
    return approach, row.vintage, source, target, metric, row.non_ghg_metric, row.action_date.year


def _parts(route: Route) -> Iterator[Route]:
    """The rows of a route that move the same serials, directly or through each other, in the order of time."""
    part, reach = Route(), 0
    sides = [*((act, True) for act in route.sent), *((act, False) for act in route.received)]
    for act, is_sent in sorted(sides, key=lambda side: (side[0].first, side[0].moment)):
        if act.first > reach and (part.sent or part.received):
            yield part
            part = Route()
        (part.sent if is_sent else part.received).append(act)
        reach = max(reach, act.last)
    if part.sent or part.received:
        yield part


def _comparable(world: World, part: Route, source: str, target: str) -> bool:
    """Whether both sides must say the same: both reported in full, of one metric, and on a way that has two sides."""
    sides = ((part.sent, target), (part.received, source))
    if not all(_has_reported(world, act, other) for acts, other in sides for act in acts):
        return False
    if len({(act.action.metric, act.action.non_ghg_metric) for act in (*part.sent, *part.received)}) > 1:
        return False
    if not part.sent:
        return not any(moves_early(world, act) for act in part.received)
    return not any(moves_to_party(act) is False for act in part.sent)


def _odd(parts: Sequence[Route]) -> Act:
    """The row to look at first: one whose amount is not its block, or one that moves what the other side does not."""
    differing = [part for part in parts if _total(part.sent) != _total(part.received)]
    for part in differing:
        for act in (*part.sent, *part.received):
            if _total([act]) != act.size:
                return act
    more = sum((_total(part.received) - _total(part.sent) for part in differing), Fraction()) > 0
    for part in differing:
        ours, others = (part.received, part.sent) if more else (part.sent, part.received)
        for act, _, _ in _unmatched(ours, others):
            return act
    return differing[0].received[0] if differing[0].received else differing[0].sent[0]


def _total(acts: Sequence[Act]) -> int | Fraction:
    """The amount in the metric of the rows."""
    total: int | Fraction = 0
    for act in acts:
        row = act.action
        total += row.quantity_co2 if row.metric == GHG else row.quantity_non_ghg or 0
    return total


def dates_agree(world: World) -> Iterator[Observation]:
    """C65: the two sides of a movement are dated at most five days apart; in two years is allowed, and said.

    Source: 6/CMA.4 annex I para. 38; rulebook 5.3, check C65 (tolerance).
    """
    for route in world.once(routes).values():
        for sent, received in _pairs(route):
            one, other = sent.action.action_date, received.action.action_date
            apart: timedelta = abs(one - other)
            facts: dict[str, str | int] = {
                "sent": one.isoformat(),
                "received": other.isoformat(),
                "days": apart.days,
                "other": where(sent),
            }
            if apart > DAYS_APART_MAX:
                yield Observation("apart", received.place("action_date"), facts)
            elif one.year != other.year:
                yield Observation("other_year", received.place("action_date"), facts)


def _pairs(route: Route) -> Iterator[tuple[Act, Act]]:
    """Movements with their other side: equal blocks in the order of time, and blocks that went this way once."""
    sent, received = _by_range(route.sent), _by_range(route.received)
    equal = {name: acts for name, acts in sent.items() if len(acts) == len(received.get(name, ()))}
    for name, acts in equal.items():
        yield from zip(acts, received[name], strict=True)
    left, right = (
        [act for name, acts_ in side.items() if name not in equal for act in acts_] for side in (sent, received)
    )
    if not _repeats(left) and not _repeats(right):
        yield from meetings(disjoint(left), disjoint(right))


def _by_range(acts: Sequence[Act]) -> dict[tuple[int, int], list[Act]]:
    grouped: dict[tuple[int, int], list[Act]] = defaultdict(list)
    for act in sorted(acts, key=lambda act: act.moment):
        grouped[act.first, act.last].append(act)
    return grouped


def _repeats(acts: Sequence[Act]) -> bool:
    return next(overlapping(acts), None) is not None
