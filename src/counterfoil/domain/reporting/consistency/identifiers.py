"""The identifiers of an action row against its other fields: C33 to C37."""

import re
from collections.abc import Iterator
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_terms import GHG
from counterfoil.domain.reporting.consistency.world import Act, World, parsed_id
from counterfoil.domain.reporting.finding import Observation
from counterfoil.domain.units.identifier import VINTAGE_MIN

DIGITS_MAX: Final = 40
"""Digits of an underlying serial that are read as a number."""
_NUMBERS: Final = re.compile(r"(\d+)", re.ASCII)


def block_is_valid(world: World) -> Iterator[Observation]:
    """C33: both ids are ITMO identifiers of one class, and the first is not after the last.

    Source: 6/CMA.4 annex I paras. 5-6.
    """
    for act in world.acts:
        if act.key:
            continue
        row = act.action
        first, last = parsed_id(row.first_id), parsed_id(row.last_id)
        if isinstance(first, Refusal):
            yield Observation("unreadable", act.place("first_id"), {"found": row.first_id[:80]})
        elif isinstance(last, Refusal):
            yield Observation("unreadable", act.place("last_id"), {"found": row.last_id[:80]})
        elif first.key != last.key:
            yield Observation("two_classes", act.place("last_id"), {"first": first.key, "last": last.key})
        else:
            yield Observation("backwards", act.place("last_id"), {"first": first.serial, "last": last.serial})


def identifier_equals_columns(world: World) -> Iterator[Observation]:
    """C34: cooperative approach, first transferring Party and vintage inside the identifier are those of the columns.

    The registry inside the identifier is where the unit was first recorded and may differ from the column, which says
    where this action was tracked. Source: 6/CMA.4 annex I para. 5; secretariat code II07.
    """
    for act in world.acts:
        identity, row = act.identity, act.action
        if identity is None:
            continue
        if identity.cooperative_approach != row.cooperative_approach_id:
            facts: dict[str, str | int] = {
                "inside": identity.cooperative_approach,
                "column": row.cooperative_approach_id,
            }
            yield Observation("approach", act.place("cooperative_approach_id"), facts)
        if identity.party != row.first_transferring_party_id:
            facts = {"inside": identity.party, "column": row.first_transferring_party_id}
            yield Observation("host", act.place("first_transferring_party_id"), facts)
        if identity.vintage != row.vintage:
            facts = {"inside": identity.vintage, "column": row.vintage}
            yield Observation("vintage", act.place("vintage"), facts)


def quantity_equals_block(world: World) -> Iterator[Observation]:
    """C35: one identifier is one tonne, or one of the non-GHG metric's unit.

    The factor that turns a non-GHG amount into t CO2 eq stands in the initial report, not in the format, so that part
    of the rule needs the report. Source: 2/CMA.3 annex para. 1(c); 6/CMA.4 annex I para. 6.
    """
    for act in world.with_block:
        row = act.action
        attribute = "quantity_co2" if row.metric == GHG else "quantity_non_ghg"
        stated = row.quantity_co2 if row.metric == GHG else row.quantity_non_ghg
        if stated != act.size:
            facts: dict[str, str | int] = {"stated": str(stated if stated is not None else "NA"), "size": act.size}
            yield Observation("differs", act.place(attribute), facts)


def quantity_and_vintage_possible(world: World) -> Iterator[Observation]:
    """C36: the quantity is above zero, and the vintage lies between 2021 and the year of the action.

    Source: 2/CMA.3 annex para. 1(e); 6/CMA.4 main para. 5.
    """
    for act in world.acts:
        row = act.action
        if row.quantity_co2 <= 0:
            yield Observation("not_positive", act.place("quantity_co2"), {"found": str(row.quantity_co2)})
        if not VINTAGE_MIN <= row.vintage <= row.action_date.year:
            facts: dict[str, str | int] = {"found": row.vintage, "first": VINTAGE_MIN, "last": row.action_date.year}
            yield Observation("vintage", act.place("vintage"), facts)


def underlying_units_match(world: World) -> Iterator[Observation]:
    """C37: underlying registry and both unit ids are given together; the ids differ in one number that spans the block.

    The span is compared for GHG blocks, where one underlying unit is one tonne.
    Source: 6/CMA.4 annex I para. 4; secretariat code II05.
    """
    for act in world.acts:
        row = act.action
        registry = row.underlying_unit_registry_id
        first, last = row.underlying_unit_first_unit_id, row.underlying_unit_last_unit_id
        if registry is None and first is None and last is None:
            continue
        if registry is None or first is None or last is None:
            absent = "underlying_unit_registry_id" if registry is None else _absent(act)
            yield Observation("incomplete", act.place(absent))
            continue
        span = _span(first, last)
        if span is None:
            yield Observation("not_a_range", act.place("underlying_unit_last_unit_id"), {"first": first, "last": last})
        elif act.key and row.metric == GHG and span != act.size:
            facts: dict[str, str | int] = {"span": span, "size": act.size}
            yield Observation("span", act.place("underlying_unit_last_unit_id"), facts)


def _absent(act: Act) -> str:
    missing_first = act.action.underlying_unit_first_unit_id is None
    return "underlying_unit_first_unit_id" if missing_first else "underlying_unit_last_unit_id"


def _span(first: str, last: str) -> int | None:
    """How many units lie between two ids that differ in one number only; None when they are not such a pair.

    >>> _span("VCS-15-100", "VCS-15-199")
    100
    """
    ours, theirs = _NUMBERS.split(first.replace(",", "")), _NUMBERS.split(last.replace(",", ""))
    if len(ours) != len(theirs):
        return None
    # Splitting on numbers puts them at the odd positions.
    differing = [place for place, part in enumerate(ours) if part != theirs[place]]
    if not differing:
        return 1
    place = differing[0]
    if len(differing) > 1 or place % 2 == 0 or max(len(ours[place]), len(theirs[place])) > DIGITS_MAX:
        return None
    span = int(theirs[place]) - int(ours[place]) + 1
    return span if span > 0 else None
