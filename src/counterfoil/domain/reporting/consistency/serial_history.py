"""What happened to each serial over all Parties and years: C45 to C49.

Every rule here sorts the rows of one class by serial and walks them once; none compares all rows with all rows.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from counterfoil.domain.reporting.aef_terms import (
    MECHANISM_APPROACH,
    ActionType,
    FirstTransferDefinition,
    Purpose,
    Subtype,
)
from counterfoil.domain.reporting.consistency.holdings import Spans, outside
from counterfoil.domain.reporting.consistency.overlaps import Moments, disjoint, meetings, overlapping
from counterfoil.domain.reporting.consistency.world import DAYS_APART_MAX, Act, Block, World
from counterfoil.domain.reporting.finding import Observation, Severity

_OUT: Final = frozenset({ActionType.FIRST_TRANSFER, ActionType.TRANSFER})
_BY_HOST: Final = frozenset({ActionType.TRANSFER, ActionType.USE})
"""What even the host does only with units that were first transferred; its other rows have checks of their own."""


def first_transferred_once(world: World) -> Iterator[Observation]:
    """C45: each serial is first transferred once, over all years and Parties.

    Source: 2/CMA.3 annex para. 2; 4/CMA.6 paras. 12, 15.
    """
    for acts in world.by_key.values():
        for earlier, act in overlapping([act for act in acts if act.is_first_transfer]):
            yield _shared("again", "first_id", earlier, act)


def ends_once(world: World) -> Iterator[Observation]:
    """C46: no serial is used or cancelled twice, by anyone, ever.

    A host that reports a first transfer by use or cancellation abroad, and the Party abroad that reports the use or
    cancellation itself, speak of one act. Source: 2/CMA.3 annex paras. 8(b), 21(e); 4/CMA.6 para. 17.
    """
    for acts in world.by_key.values():
        endings = [act for act in acts if act.ends_life]
        by_transfer = [act for act in endings if act.is_first_transfer]
        by_user = [act for act in endings if not act.is_first_transfer]
        for group in (by_transfer, by_user):
            for earlier, act in overlapping(group):
                yield _shared("again", "first_id", earlier, act)
        for transfer, act in meetings(disjoint(by_transfer), disjoint(by_user)):
            if not _two_sides(transfer, act):
                yield _shared("again", "first_id", transfer, act)


def _two_sides(transfer: Act, act: Act) -> bool:
    """Whether the host's first transfer and another Party's use or cancellation are one act."""
    apart = abs(transfer.action.action_date - act.action.action_date)
    return transfer.action.using_cancelling_party_id == act.party != transfer.party and apart <= DAYS_APART_MAX


def nothing_after_the_end(world: World) -> Iterator[Observation]:
    """C47: nothing happens to a serial after its use or cancellation.

    Source: 2/CMA.3 annex para. 21(e).
    """
    for acts in world.by_key.values():
        endings = Moments(disjoint([act for act in acts if act.ends_life]))
        for act in acts:
            if act.ends_life:
                continue
            end = endings.earliest(act.first, act.last)
            if end is not None and act.after(end):
                yield _shared("after", "action_date", end, act)


def first_transfer_comes_first(world: World) -> Iterator[Observation]:
    """C48: a serial is first transferred before it is transferred, acquired, or used or cancelled abroad.

    That no first transfer is known is a finding only when every report is here in which the host could state it, and
    "not available" otherwise. The host's own plain transfer needs one too: without it nobody would
    owe a corresponding adjustment.
    An OIMP-only unit under USE_OR_CANCELLATION may move abroad before its first transfer, outside the mechanism.
    Source: 2/CMA.3 annex para. 2; 4/CMA.6 paras. 11-12; rulebook 1.5, 7 (error 18).
    """
    for acts in world.by_key.values():
        firsts = [act for act in acts if act.is_first_transfer]
        transfers, moved = Moments(disjoint(firsts)), Spans()
        for act in firsts:
            moved.add(act.first, act.last)
        for act in acts:
            if act.is_first_transfer or act.action.action_type == ActionType.AUTHORIZATION or moves_early(world, act):
                continue
            latest = transfers.latest(act.first, act.last)
            if latest and latest.after(act) and not _dated_apart(latest, act) and not _may_be_early(latest, act):
                yield _shared("later", "action_date", latest, act)
            yield from _never_first_transferred(world, act, moved)


def _never_first_transferred(world: World, act: Act, moved: Spans) -> Iterator[Observation]:
    """The serials of an act that no report first transfers. What another Party has beside those that one does first
    transfer is a matter of C50 and C68."""
    host = act.action.first_transferring_party_id
    if host != act.party and moved.touches(act.first, act.last):
        return
    if host == act.party and act.action.action_type not in _BY_HOST:
        return
    known = world.first_transfers_known(act)
    case, severity = ("never", None) if known else ("not_reported", Severity.NOT_AVAILABLE)
    for first, last in outside(act, moved):
        facts: dict[str, str | int] = {"first": first, "last": last, "host": host}
        yield Observation(case, act.place("action_type"), facts, severity, serials=(act.key, first, last))


def moves_early(world: World, act: Act) -> bool:
    """Whether the unit may move without a first transfer."""
    return not act.ends_life and may_be_early(act)


def may_be_early(block: Block) -> bool:
    """Whether its authorization lets the unit be abroad before its first transfer. Source: 4/CMA.6 paras. 12(c), 17."""
    if block.grant is None or block.row.cooperative_approach_id == MECHANISM_APPROACH:
        return False
    return any(
        version.row.first_transfer_definition == FirstTransferDefinition.USE_OR_CANCELLATION
        and Purpose.NDC not in version.purposes
        for version in block.grant.versions
    )


def _may_be_early(transfer: Act, act: Act) -> bool:
    """Whether the act may precede a first transfer by use or cancellation: the authorization that says is not here."""
    return act.grant is None and transfer.action.action_subtype == Subtype.USE_OR_CANCELLATION


def _dated_apart(transfer: Act, act: Act) -> bool:
    """Two Parties may date the two sides of one movement, or of one ending, a few days apart."""
    if transfer.party == act.party or transfer.action.action_date - act.action.action_date > DAYS_APART_MAX:
        return False
    return act.action.action_type == ActionType.ACQUISITION or (transfer.ends_life and act.ends_life)


def reported_once(world: World) -> Iterator[Observation]:
    """C49: no two rows have the same date, type, subtype, registry, first and last id.

    Where only days are reported, a block that went out, came back and went out again on one day gives two equal rows;
    then the finding is a warning. Source: 6/CMA.4 annex I para. 37; secretariat code II02.
    """
    for acts in world.by_key.values():
        same: dict[tuple[object, ...], list[Act]] = defaultdict(list)
        moves: Counter[tuple[object, ...]] = Counter()
        for act in acts:
            row = act.action
            what = (row.action_type, row.action_subtype, row.party_itmo_registry_id)
            same[(*act.moment, *what, act.first, act.last)].append(act)
            moves[_movement(act, outward=_outward(act))] += 1
        for group in same.values():
            returns = len(group) > 1 and moves[_movement(group[0], outward=_other_way(group[0]))] >= len(group) - 1
            severity = Severity.WARNING if returns and _one_party_by_day(group) else None
            for act in group[1:]:
                facts: dict[str, str | int] = {"type": act.action.action_type, "other": where(group[0])}
                yield Observation("again", act.place("action_type"), facts, severity)


def _outward(act: Act) -> bool | None:
    """True for what goes out, False for what comes in, None for what does not move."""
    kind = act.action.action_type
    return True if kind in _OUT else False if kind == ActionType.ACQUISITION else None


def _other_way(act: Act) -> bool | None:
    outward = _outward(act)
    return None if outward is None else not outward


def _movement(act: Act, *, outward: bool | None) -> tuple[object, ...]:
    """One Party's movements of one block in one direction on one day."""
    return act.party, act.action.action_date, act.first, act.last, outward


def _one_party_by_day(group: Sequence[Act]) -> bool:
    """Whether the equal rows are one Party's movements, reported by day only."""
    act = group[0]
    return act.action.action_time is None and _outward(act) is not None and len({each.party for each in group}) == 1


def _shared(case: str, attribute: str, earlier: Act, act: Act) -> Observation:
    """What two acts have in common: the serials, and where the other one stands."""
    first, last = max(earlier.first, act.first), min(earlier.last, act.last)
    facts: dict[str, str | int] = {
        "first": first,
        "last": last,
        "day": act.action.action_date.isoformat(),
        "other_day": earlier.action.action_date.isoformat(),
        "other": where(earlier),
    }
    return Observation(case, act.place(attribute), facts, serials=(act.key, first, last))


def where(block: Block) -> str:
    """Where another row stands, for a message."""
    place = block.place("first_id")
    return f"{block.party}, {place.file}, {place.sheet}!{place.cell}"
