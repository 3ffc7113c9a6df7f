"""The rows of table 4, by themselves, against each other and against the actions: C52 to C54 and C56 to C58."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from counterfoil.domain.reporting.consistency.attributes import Attribute, units_offset
from counterfoil.domain.reporting.consistency.authorized import authorization_fault
from counterfoil.domain.reporting.consistency.identifiers import (
    amount_faults,
    block_faults,
    column_faults,
    quantity_faults,
    unit_faults,
)
from counterfoil.domain.reporting.consistency.overlaps import (
    Moments,
    disagreeing,
    disjoint,
    disjoint_blocks,
    meetings,
)
from counterfoil.domain.reporting.consistency.serial_history import where
from counterfoil.domain.reporting.consistency.world import Block, World
from counterfoil.domain.reporting.finding import Observation

SHARED: Final[tuple[Attribute, ...]] = (
    ("authorization_id", lambda block: block.row.authorization_id),
    ("first_transferring_party_id", lambda block: block.row.first_transferring_party_id),
    ("vintage", lambda block: block.row.vintage),
    ("metric", lambda block: block.row.metric),
    ("non_ghg_metric", lambda block: block.row.non_ghg_metric),
    ("mitigation_type", lambda block: block.row.mitigation_type),
    ("underlying_unit_first_unit_id", units_offset),
)
"""What a held block has in common with the action rows of its serials, by the attribute that a finding points at."""


def held_once(world: World) -> Iterator[Observation]:
    """C52: the blocks of one table 4 do not overlap.

    Source: 6/CMA.4 annex I para. 5.
    """
    grouped: dict[tuple[int, str], list[Block]] = defaultdict(list)
    for block in _held(world):
        grouped[id(block.filed), block.key].append(block)
    for blocks in grouped.values():
        for earlier, block in disagreeing(blocks, lambda block: block.index):
            yield shared("overlap", "first_id", earlier, block)


def rows_valid(world: World) -> Iterator[Observation]:
    """C53: what C33 to C37 ask of action rows holds for held blocks; a vintage is not after the reported year.

    Source: 6/CMA.4 annex I paras. 4-6; 2/CMA.3 annex para. 1(e).
    """
    for block in world.holdings:
        yield from block_faults(block)
        yield from column_faults(block)
        yield from quantity_faults(block, world.records)
        yield from amount_faults(block, last_year=block.filed.year)
        yield from unit_faults(block)


def authorization_known(world: World) -> Iterator[Observation]:
    """C54: the authorization of a held block is in a table 2 with the same cooperative approach, as in C40.

    Source: 4/CMA.6 paras. 11, 29-30.
    """
    for block in world.holdings:
        fault = authorization_fault(world, block)
        if fault is not None:
            yield fault


def nothing_ended_is_held(world: World) -> Iterator[Observation]:
    """C56: no held serial was used or cancelled, by anyone, on or before 31 December of the year.

    Source: 2/CMA.3 annex para. 21(e).
    """
    for key, blocks in _by_key(world).items():
        endings = Moments(disjoint([act for act in world.by_key.get(key, ()) if act.ends_life]))
        for block in blocks:
            end = endings.earliest(block.first, block.last)
            if end is not None and end.action.action_date <= date(min(block.filed.year, date.max.year), 12, 31):
                yield shared("ended", "first_id", end, block, day=end.action.action_date.isoformat())


def one_holder(world: World) -> Iterator[Observation]:
    """C57: no serial is held by two Parties at the end of one year. Two registries of one Party are a matter of C52.

    Source: 6/CMA.4 annex I paras. 4-5.
    """
    for blocks in _by_key(world).values():
        years: dict[int, list[Block]] = defaultdict(list)
        for block in blocks:
            years[block.filed.year].append(block)
        for year, same_year in years.items():
            for earlier, block in disagreeing(same_year, lambda block: block.party):
                yield shared("two_holders", "first_id", earlier, block, year=year, holder=earlier.party)


def agrees_with_actions(world: World) -> Iterator[Observation]:
    """C58: authorization, host, vintage, metric, mitigation type and underlying units are those of the action rows.

    Source: 6/CMA.4 annex I paras. 5-6.
    """
    for key, blocks in _by_key(world).items():
        acts = disjoint_blocks(world.by_key.get(key, ()))
        for _, own in _by_filed(blocks).items():
            told: set[tuple[int, str]] = set()
            for block, act in meetings(disjoint_blocks(own), acts):
                for attribute, value in SHARED:
                    mine, theirs = value(block), value(act)
                    if _differ(attribute, mine, theirs) and (block.index, attribute) not in told:
                        told.add((block.index, attribute))
                        facts = {"found": _shown(mine), "expected": _shown(theirs)}
                        yield shared("differs", attribute, act, block, **facts)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(str(part) for part in value if part)
    return "NA" if value is None else str(value)


def _differ(attribute: str, mine: object, theirs: object) -> bool:
    """Underlying units are optional, so only two that are given can differ."""
    given = mine is not None and theirs is not None
    return mine != theirs and (given or attribute != "underlying_unit_first_unit_id")


def _held(world: World) -> Iterator[Block]:
    return (block for block in world.holdings if block.key)


def _by_key(world: World) -> Mapping[str, Sequence[Block]]:
    grouped: dict[str, list[Block]] = defaultdict(list)
    for block in _held(world):
        grouped[block.key].append(block)
    return grouped


def _by_filed(blocks: Sequence[Block]) -> Mapping[int, Sequence[Block]]:
    grouped: dict[int, list[Block]] = defaultdict(list)
    for block in blocks:
        grouped[id(block.filed)].append(block)
    return grouped


def shared(case: str, attribute: str, other: Block, block: Block, **facts: str | int) -> Observation:
    """An observation on the serials that two blocks share, at the second."""
    first, last = max(other.first, block.first), min(other.last, block.last)
    both: dict[str, str | int] = {"first": first, "last": last, "other": where(other), **facts}
    return Observation(case, block.place(attribute), both, serials=(block.key, first, last))
