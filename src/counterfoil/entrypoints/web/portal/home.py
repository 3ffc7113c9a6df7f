"""The home page: who keeps this register, where the nation stands, how it is proven, and what happened lately."""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.command import REGISTRY, SELF
from counterfoil.application.queries.earlier import sealing
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.adjustment import AWAITING_USE, by_year
from counterfoil.domain.accounting.inventory import INVENTORY_RECORD
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.note import read_note
from counterfoil.entrypoints.web.moment import AsOf, books_then, moment_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.portal.entry_words import newest
from counterfoil.entrypoints.web.standings_then import Sums, adjustment_book, known_of, sums
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
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    then = books_then(sight, visit, as_of)
    size = known_of(then)
    facts = {
        "as_of": as_of,
        "figures": sums(then, visit, _figures),
        "activities": _activities(sight, visit, as_of),
        "balance": _balance(then, visit, as_of),
        "proof": _proof(sight, as_of),
        "lately": newest(sight, visit, before=size, limit=LATELY),
        "doors": _DOORS,
        "size": size,
    }
    return Shown("portal/home.html", facts)


def _activities(sight: Sight, visit: Visit, as_of: AsOf) -> int:
    """How many there are, or had come by a moment: none ever leaves the register."""
    ground = visit.ground
    if not as_of.size:
        return ground.finding.counted(sight).all
    return ground.histories.count(sight, ACTIVITY, size=as_of.size, mentioned=ground.mentioned, room=ground.room)


def _figures(standings: Sums) -> dict[str, int]:
    """Units by where they stand."""
    return {
        "held": standings.held(_RESERVED),
        "in_flight": standings.ending("pending"),
        "abroad": standings.ending("to"),
        "used": standings.ending("used"),
        "cancelled": standings.ending("cancelled"),
        "retired": standings.ending("retired"),
    }


def _balance(sight: Sight, visit: Visit, as_of: AsOf) -> dict[str, Any]:
    """The adjustments of the period that the day lies in, and whether an inventory allows more to be said."""
    registry = sight.registry
    year = int(as_of.on[:4]) if as_of.size else visit.today.year
    period = next((each for each in registry.ndc_periods if each.first <= year <= each.last), None)
    pairs = adjustment_book(sight, visit).get(TONNES, {})
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


def _proof(sight: Sight, as_of: AsOf) -> Mapping[str, Any]:
    """The signed checkpoint that seals what the page tells, and who cosigned it: the last one, or the first so long."""
    row = sealing(sight.reading, as_of.size) if as_of.size else sight.reading.last_checkpoint()
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
