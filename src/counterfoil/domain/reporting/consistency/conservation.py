"""Units over all Parties: nothing is lost, used twice, or stands for the same underlying unit twice. C68 to C70."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from counterfoil.domain.reporting.aef_terms import ActionType, Subtype
from counterfoil.domain.reporting.consistency.attributes import units_offset
from counterfoil.domain.reporting.consistency.holding_rows import shared
from counterfoil.domain.reporting.consistency.holdings import Spans, moves_out, outside
from counterfoil.domain.reporting.consistency.overlaps import disagreeing
from counterfoil.domain.reporting.consistency.serial_history import moves_early, where
from counterfoil.domain.reporting.consistency.underlying import unit_range, units_behind
from counterfoil.domain.reporting.consistency.world import Act, Block, World
from counterfoil.domain.reporting.finding import Observation

_AT_HOME = frozenset({Subtype.AUTHORIZATION, Subtype.ISSUANCE})


def units_conserved(world: World) -> Iterator[Observation]:
    """C68: what the host first transferred is abroad, held, used or cancelled, and nothing else of it is abroad.

    Source: 2/CMA.3 annex para. 33; 6/CMA.4 annex I para. 38.
    """
    held: dict[str, list[Block]] = defaultdict(list)
    for block in world.holdings:
        if block.key:
            held[block.key].append(block)
    for key, acts in world.by_key.items():
        yield from _lost_at_home(world, acts, held.get(key, ()))
        yield from _never_left(world, acts)


def _lost_at_home(world: World, acts: Sequence[Act], held: Sequence[Block]) -> Iterator[Observation]:
    """First transferred by authorization or issuance, and then neither held at home, moved, used nor cancelled."""
    at_home = [act for act in acts if act.is_first_transfer and act.action.action_subtype in _AT_HOME]
    located: dict[tuple[str, int], Spans] = {}
    for act in at_home:
        latest = _latest_known(world, act)
        if latest is None:
            continue
        if (act.party, latest) not in located:
            located[act.party, latest] = _located(act.party, latest, acts, held)
        for first, last in outside(act, located[act.party, latest]):
            facts: dict[str, str | int] = {"first": first, "last": last, "year": latest}
            yield Observation("lost", act.place("first_id"), facts, serials=(act.key, first, last))


def _latest_known(world: World, act: Act) -> int | None:
    """The last year of an unbroken run of the host's reports from the act on whose holdings are known."""
    year = act.filed.year
    while world.reported_in_full(act.party, year + 1) and world.holdings_known(act.party, year + 1):
        year += 1
    known = world.reported_in_full(act.party, year) and world.holdings_known(act.party, year)
    return year if known else None


def _located(party: str, year: int, acts: Sequence[Act], held: Sequence[Block]) -> Spans:
    spans = Spans()
    for block in held:
        if block.party == party and block.filed.year == year:
            spans.add(block.first, block.last)
    for act in acts:
        if act.ends_life or moves_out(act) or act.action.action_type == ActionType.ACQUISITION:
            spans.add(act.first, act.last)
    return spans


def _never_left(world: World, acts: Sequence[Act]) -> Iterator[Observation]:
    """Serials abroad that lie beside what the host first transferred. No first transfer at all is a matter of C48."""
    moved = Spans()
    for act in acts:
        if act.is_first_transfer:
            moved.add(act.first, act.last)
    for act in acts:
        host = act.action.first_transferring_party_id
        abroad = act.action.action_type == ActionType.ACQUISITION and host != act.party
        if not abroad or not moved.touches(act.first, act.last) or moves_early(world, act):
            continue
        if world.first_transfers_known(act):
            for first, last in outside(act, moved):
                facts: dict[str, str | int] = {"first": first, "last": last, "host": host}
                yield Observation("never_left", act.place("first_id"), facts, serials=(act.key, first, last))


def used_by_one_party(world: World) -> Iterator[Observation]:
    """C69: no serial is used towards the NDCs, or for the purposes, of two Parties.

    Source: 2/CMA.3 annex paras. 7, 8(b).
    """
    for acts in world.by_key.values():
        uses = [act for act in acts if act.action.action_type == ActionType.USE]
        for earlier, act in disagreeing(uses, lambda act: act.party):
            yield shared("two_parties", "first_id", earlier, act, holder=earlier.party)


@dataclass(frozen=True, slots=True)
class _Behind:
    """A range of underlying units and what stands before it: ITMO serials, or a claim in its own programme."""

    first: int
    last: int
    claim: object
    block: Block | None
    text: str


def underlying_units_once(world: World) -> Iterator[Observation]:
    """C70: one underlying unit is behind one ITMO serial, and was not cancelled in its programme for another claim.

    Source: 6/CMA.4 annex I para. 4; 2/CMA.3 annex para. 17.
    """
    for ranges in _behind(world).values():
        reach: _Behind | None = None
        for one in sorted(ranges, key=lambda each: (each.first, each.last)):
            if reach is not None and one.first <= reach.last and one.claim != reach.claim:
                yield from _twice(reach, one)
            if reach is None or one.last > reach.last:
                reach = one


def _twice(reach: _Behind, one: _Behind) -> Iterator[Observation]:
    here, other = (one, reach) if one.block is not None else (reach, one)
    if here.block is None:
        return
    facts: dict[str, str | int] = {
        "first": max(reach.first, one.first),
        "last": min(reach.last, one.last),
        "registry": here.block.row.underlying_unit_registry_id or "–",
        "other": other.text if other.block is None else where(other.block),
    }
    case = "withdrawn" if other.block is None else "twice"
    yield Observation(case, here.block.place("underlying_unit_first_unit_id"), facts)


def _behind(world: World) -> Mapping[object, list[_Behind]]:
    """By registry and text of the unit ids, each range once per claim."""
    found: dict[object, list[_Behind]] = defaultdict(list)
    told: set[object] = set()
    for block in (*world.acts, *world.holdings):
        offset = units_offset(block) if block.key else None
        units = units_behind(block.row)
        if offset is None or units is None:
            continue
        name = (block.row.underlying_unit_registry_id, units.around)
        claim = (block.key, offset)
        if (name, claim, units.first, units.last) not in told:
            told.add((name, claim, units.first, units.last))
            found[name].append(_Behind(units.first, units.last, claim, block, ""))
    for withdrawn in world.records.withdrawn_units or ():
        units = unit_range(withdrawn.first_unit, withdrawn.last_unit)
        if units is not None:
            name = (withdrawn.registry, units.around)
            found[name].append(_Behind(units.first, units.last, withdrawn.claim, None, withdrawn.claim))
    return found
