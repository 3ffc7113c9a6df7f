"""The home page: who keeps this register, where the nation stands, how it is proven, and what happened lately."""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.command import REGISTRY, SELF
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.standings import Standings
from counterfoil.domain.accounting.adjustment import AWAITING_USE, by_year
from counterfoil.domain.accounting.inventory import INVENTORY_RECORD
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.note import read_note
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.portal.entry_words import newest
from counterfoil.entrypoints.web.visit import Visit

TONNES: Final = "tCO2e"
LATELY: Final = 8
INVENTORIES_READ: Final = 400
_RESERVED: Final = ("issued", "imported", "from", "pending", "to", "used", "cancelled", "retired")
"""First words of accounts that nobody opened. Source: the chart in `domain/ledger/account.py`."""
_DOORS: Final = (
    ("citizen", ("transparency",)),
    ("developer", ("activities",)),
    ("company", ("units",)),
    ("authority", ("authorizations",)),
    ("reviewer", ("reports",)),
    ("program", ("data",)),
)
"""Who comes here, and where they begin."""


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/", reading(_home)),)


def _home(sight: Sight, visit: Visit) -> Reply | Refusal:
    if sight.reading.record(REGISTRY, SELF) is None:
        return Shown("portal/unfounded.html")
    last = sight.reading.last_checkpoint()
    size = 0 if last is None else last.size
    facts = {
        "figures": visit.ground.standings.ask(sight, _figures),
        "activities": visit.ground.finding.counted(sight).all,
        "balance": _balance(sight, visit),
        "proof": _proof(sight),
        "lately": newest(sight, visit, before=size, limit=LATELY),
        "doors": _DOORS,
        "size": size,
    }
    return Shown("portal/home.html", facts)


def _figures(standings: Standings) -> dict[str, int]:
    """Units by where they stand."""
    return {
        "held": standings.held(_RESERVED),
        "in_flight": standings.ending("pending"),
        "abroad": standings.ending("to"),
        "used": standings.ending("used"),
        "cancelled": standings.ending("cancelled"),
        "retired": standings.ending("retired"),
    }


def _balance(sight: Sight, visit: Visit) -> dict[str, Any]:
    """The adjustments of the period that today lies in, and whether an inventory allows more to be said."""
    registry = sight.registry
    year = visit.today.year
    period = next((each for each in registry.ndc_periods if each.first <= year <= each.last), None)
    pairs = visit.ground.standings.ask(sight, lambda all_: dict(all_.adjustments().get(TONNES, {})))
    years = by_year(Party(registry.party), pairs.items())
    inside = [each for on, each in years.items() if period is None or period.first <= on <= period.last]
    filed = sight.records(INVENTORY_RECORD, limit=INVENTORIES_READ)
    known = {value["year"] for _, each in filed if not each.get("metric") for value in each["values"]}
    inventories = sorted(on for on in known if period is not None and period.first <= on <= period.last)
    return {
        "period": period,
        "added": sum(each.added for each in inside),
        "subtracted": sum(each.subtracted for each in inside),
        "net": sum(each.net for each in inside),
        "awaiting_use": -pairs.get(AWAITING_USE, 0),
        "inventory": inventories[-1] if inventories else 0,
    }


def _proof(sight: Sight) -> Mapping[str, Any]:
    """The last signed checkpoint, and who cosigned it."""
    row = sight.reading.last_checkpoint()
    note = None if row is None else read_note(row.note)
    checkpoint = None if note is None else read_checkpoint(note.text)
    if row is None or checkpoint is None:
        return {"number": 0, "size": 0, "recorded_at": "", "root": "", "witnesses": []}
    witnesses = sorted({each.name for each in sight.reading.cosignatures(row.number)})
    return {
        "number": checkpoint.number,
        "size": row.size,
        "recorded_at": checkpoint.recorded_at,
        "root": checkpoint.root.hex(),
        "witnesses": witnesses,
    }
