"""The identifiers of a row against its other fields: C33 to C37 for actions; C53 asks the same of holdings."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_terms import GHG
from counterfoil.domain.reporting.consistency.underlying import unit_range
from counterfoil.domain.reporting.consistency.world import Block, World, parsed_id
from counterfoil.domain.reporting.finding import Observation
from counterfoil.domain.reporting.records import Records
from counterfoil.domain.units.identifier import VINTAGE_MIN

ROUNDING: Final = Fraction(1, 2)
"""How far a converted amount may be from the exact one, in t CO2 eq. Source: check C35."""


def block_is_valid(world: World) -> Iterator[Observation]:
    """C33: both ids are ITMO identifiers of one class, and the first is not after the last.

    Source: 6/CMA.4 annex I paras. 5-6.
    """
    for act in world.acts:
        yield from block_faults(act)


def block_faults(act: Block) -> Iterator[Observation]:
    """What is wrong with the two identifiers of a row as a block."""
    if not act.key:
        row = act.row
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
        yield from column_faults(act)


def column_faults(act: Block) -> Iterator[Observation]:
    """Where the identifier and the columns of a row differ."""
    identity, row = act.identity, act.row
    if identity is not None:
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
    of the rule is silent without the report. Source: 2/CMA.3 annex para. 1(c); 6/CMA.4 annex I para. 6.
    """
    for act in world.acts:
        yield from quantity_faults(act, world.records)


def quantity_faults(act: Block, records: Records) -> Iterator[Observation]:
    """Where a quantity is not the size of the block, or stands beside a metric that has none."""
    row, ghg = act.row, act.row.metric == GHG
    stated = row.quantity_co2 if ghg else row.quantity_non_ghg
    attribute = "quantity_co2" if ghg else "quantity_non_ghg"
    if act.key and stated != act.size:
        facts: dict[str, str | int] = {"stated": str(stated if stated is not None else "NA"), "size": act.size}
        yield Observation("differs", act.place(attribute), facts)
    if ghg and row.quantity_non_ghg is not None:
        yield Observation("not_applicable", act.place("quantity_non_ghg"), {"found": str(row.quantity_non_ghg)})
    if ghg is (row.non_ghg_metric is not None):
        facts = {"metric": row.metric, "found": row.non_ghg_metric or "NA"}
        yield Observation("metric", act.place("non_ghg_metric"), facts)
    factor = records.factor(row.first_transferring_party_id, row.non_ghg_metric or "")
    if act.key and not ghg and factor is not None and abs(row.quantity_co2 - act.size * factor) > ROUNDING:
        facts = {"stated": str(row.quantity_co2), "size": act.size, "factor": str(factor)}
        yield Observation("converted", act.place("quantity_co2"), facts)


def quantity_and_vintage_possible(world: World) -> Iterator[Observation]:
    """C36: the quantity is above zero, and the vintage lies between 2021 and the year of the action.

    Source: 2/CMA.3 annex para. 1(e); 6/CMA.4 main para. 5.
    """
    for act in world.acts:
        yield from amount_faults(act, last_year=act.action.action_date.year)


def amount_faults(act: Block, *, last_year: int) -> Iterator[Observation]:
    """Where the quantity or the vintage of a row cannot be; `last_year` is the last possible vintage."""
    row = act.row
    if row.quantity_co2 <= 0:
        yield Observation("not_positive", act.place("quantity_co2"), {"found": str(row.quantity_co2)})
    if not VINTAGE_MIN <= row.vintage <= last_year:
        facts: dict[str, str | int] = {"found": row.vintage, "first": VINTAGE_MIN, "last": last_year}
        yield Observation("impossible_vintage", act.place("vintage"), facts)


def underlying_units_match(world: World) -> Iterator[Observation]:
    """C37: underlying registry and both unit ids are given together; the ids differ in one number that spans the block.

    The span is compared for GHG blocks, where one underlying unit is one tonne.
    Source: 6/CMA.4 annex I para. 4; secretariat code II05.
    """
    for act in world.acts:
        yield from unit_faults(act)


def unit_faults(act: Block) -> Iterator[Observation]:
    """Where the underlying units of a row are incomplete, no range, or not as many as the block."""
    row = act.row
    registry = row.underlying_unit_registry_id
    first, last = row.underlying_unit_first_unit_id, row.underlying_unit_last_unit_id
    if registry is None and first is None and last is None:
        return
    if registry is None or first is None or last is None:
        absent = "underlying_unit_registry_id" if registry is None else _absent(act)
        yield Observation("incomplete", act.place(absent))
        return
    units = unit_range(first, last)
    if units is None:
        yield Observation("not_a_range", act.place("underlying_unit_last_unit_id"), {"first": first, "last": last})
    elif act.key and row.metric == GHG and units.size != act.size:
        facts: dict[str, str | int] = {"span": units.size, "size": act.size}
        yield Observation("span", act.place("underlying_unit_last_unit_id"), facts)


def _absent(act: Block) -> str:
    missing_first = act.row.underlying_unit_first_unit_id is None
    return "underlying_unit_first_unit_id" if missing_first else "underlying_unit_last_unit_id"
