"""Record an inventory: a Party's totals by year, or the levels of an indicator, as one submission gives them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, record
from counterfoil.domain.accounting.inventory import INVENTORY_RECORD, Inventory, YearTotal
from counterfoil.domain.accounting.ndc import Source
from counterfoil.domain.kernel.ids import NAME, PARTY, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry

VALUES_MAX: Final = 100
"""So many totals fit into one entry; a longer series is recorded in parts."""


class InventoryFault(StrEnum):
    ID_UNREADABLE = "inventory.id_unreadable"
    ALREADY_RECORDED = "inventory.already_recorded"
    PARTY_UNREADABLE = "inventory.party_unreadable"
    SOURCE_MISSING = "inventory.source_missing"
    SCOPE_MISSING = "inventory.scope_missing"
    VALUES_MISSING = "inventory.values_missing"
    TOO_MANY_VALUES = "inventory.too_many_values"
    VALUE_TWICE = "inventory.value_twice"
    YEAR_NOT_OVER = "inventory.year_not_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInventory(Command):
    """Record one submission of an inventory. It is a snapshot: a correction is a submission with an id of its own.

    Values are whole t CO2 eq for the sectors named with each, removals negative. With `metric` they are levels of that
    non-GHG indicator in its unit, without sectors and gases. A year that is not known is left out, never zero.
    """

    inventory: str
    values: tuple[YearTotal, ...]
    source: Source
    gases: tuple[str, ...] = ()
    gwp: str = ""
    metric: str = ""
    party: Party | None = None
    submitted_on: date | None = None


def record_inventory(command: RecordInventory, books: Books, context: Context) -> Entry | Refusal:
    """Refuses values without source or scope, twice the same, and of years that are not over.

    Source: 2/CMA.3 annex paras. 4(e), 23(a), 23(i); 18/CMA.1 annex paras. 57-58.
    """
    facts = {"inventory": command.inventory[:80]}
    party = command.party or context.registry.party
    if not NAME.match(command.inventory):
        return Refusal(InventoryFault.ID_UNREADABLE, facts)
    if books.record(INVENTORY_RECORD, command.inventory) is not None:
        return Refusal(InventoryFault.ALREADY_RECORDED, facts)
    if not PARTY.match(party):
        return Refusal(InventoryFault.PARTY_UNREADABLE, {**facts, "party": party[:20]})
    if not command.source.document.strip():
        return Refusal(InventoryFault.SOURCE_MISSING, facts)
    refusal = _values(command, context)
    if refusal is not None:
        return refusal
    inventory = Inventory(
        command.inventory,
        party,
        command.submitted_on or context.on,
        command.values,
        command.source,
        command.gases,
        command.gwp,
        command.metric,
        command.assumed,
    )
    return Entry(
        Act.INVENTORY_RECORDED,
        context.on,
        records=(record(INVENTORY_RECORD, command.inventory, inventory),),
        details={"inventory": command.inventory},
    )


def _values(command: RecordInventory, context: Context) -> Refusal | None:
    facts = {"inventory": command.inventory[:80]}
    if not command.values:
        return Refusal(InventoryFault.VALUES_MISSING, facts)
    if len(command.values) > VALUES_MAX:
        return Refusal(InventoryFault.TOO_MANY_VALUES, {**facts, "values_max": VALUES_MAX})
    scoped = bool(command.gases) and all(value.sectors for value in command.values)
    bare = not command.gases and not any(value.sectors for value in command.values)
    if not (bare if command.metric else scoped):
        return Refusal(InventoryFault.SCOPE_MISSING, facts)
    seen: set[tuple[int, frozenset[str]]] = set()
    for value in command.values:
        key = (value.year, frozenset(value.sectors))
        if key in seen:
            return Refusal(InventoryFault.VALUE_TWICE, {**facts, "year": value.year})
        seen.add(key)
        if value.year >= context.on.year:
            return Refusal(InventoryFault.YEAR_NOT_OVER, {**facts, "year": value.year, "on": context.on.isoformat()})
    return None
