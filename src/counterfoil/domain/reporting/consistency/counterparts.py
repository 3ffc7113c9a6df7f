"""The two sides of a movement between Parties: C62 to C65.

What one Party moved to another and what the other acquired from it are counted serial by serial in one walk over sorted
ends; one side may split what the other reports as one block, and a block may go the same way more than once.

Source: 2/CMA.3 annex para. 33(a); 6/CMA.4 annex I paras. 37-39.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from heapq import heappop, heappush
from itertools import pairwise

from counterfoil.domain.reporting.aef_terms import GHG, ActionType
from counterfoil.domain.reporting.consistency.overlaps import disjoint, meetings, overlapping
from counterfoil.domain.reporting.consistency.serial_history import DAYS_APART_MAX, moves_early, where
from counterfoil.domain.reporting.consistency.world import Act, World
from counterfoil.domain.reporting.finding import Observation, Severity

_OUT = frozenset({ActionType.FIRST_TRANSFER, ActionType.TRANSFER})


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
    Source: 2/CMA.3 annex para. 33(a); 6/CMA.4 annex I para. 38.
    """
    for (_, _, target), route in world.once(routes).items():
        for act, first, last in _unmatched(route.sent, route.received):
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
    known = _has_reported(world, act, other)
    year = act.action.action_date.year
    facts: dict[str, str | int] = {"first": first, "last": last, "other": other, "year": year}
    case, severity = ("unmatched", None) if known else ("not_reported", Severity.NOT_AVAILABLE)
    return Observation(case, act.place("first_id"), facts, severity, serials=(act.key, first, last))


def _has_reported(world: World, act: Act, other: str) -> bool:
    """Whether the other Party's reports of every year in which it may have dated its side are here."""
    day = act.action.action_date.toordinal()
    apart = DAYS_APART_MAX.days
    ends = {_year(day - apart), _year(day + apart)}
    return all(world.reported_in_full(other, year) for year in ends)


def _year(ordinal: int) -> int:
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal())).year


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
    """C64: per approach, vintage, metric and pair of Parties, the acquired amount equals the transferred one; in a
    non-GHG metric it is not more.

    Compared where both sides are reported in full. Source: 6/CMA.4 main para. 17(e), annex I para. 38.
    """
    grouped: dict[tuple[object, ...], Route] = defaultdict(Route)
    for (_, source, target), route in world.once(routes).items():
        for side, acts in (("sent", route.sent), ("received", route.received)):
            for act in acts:
                row = act.action
                name = (row.cooperative_approach_id, row.vintage, source, target, row.metric, row.non_ghg_metric)
                getattr(grouped[name], side).append(act)
    for (_, _, giver, receiver, metric, _), route in grouped.items():
        source, target = str(giver), str(receiver)
        if not route.sent or not route.received or not _both_reported(world, route, source, target):
            continue
        sent, received = _total(route.sent), _total(route.received)
        if received > sent or (metric == GHG and received != sent):
            act = route.received[0]
            facts: dict[str, str | int] = {
                "sent": str(sent),
                "received": str(received),
                "source": source,
                "target": target,
                "approach": act.action.cooperative_approach_id,
                "vintage": act.action.vintage,
            }
            yield Observation("differs", act.place("quantity_co2" if metric == GHG else "quantity_non_ghg"), facts)


def _both_reported(world: World, route: Route, source: str, target: str) -> bool:
    sides = ((route.sent, target), (route.received, source))
    return all(_has_reported(world, act, other) for acts, other in sides for act in acts)


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
