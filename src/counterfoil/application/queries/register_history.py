"""What the journal said up to a day, record by record: the ground of a report that later acts do not change.

One pass over the journal keeps the records of the kinds that reports tell, every version of an authorization with the
act that made it, and which units were cancelled or given away. A corrected entry and its correction are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from counterfoil.application.commands.correct import CORRECTED
from counterfoil.application.commands.foreign import FOREIGN_APPROACH, FOREIGN_AUTHORIZATION
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.ndc import NDC_RECORD
from counterfoil.domain.accounting.period_account import PERIOD_ACCOUNT
from counterfoil.domain.activities.activity import ACTIVITY, APPROACH, ENTITY
from counterfoil.domain.activities.life import LIFE
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD, Authorization
from counterfoil.domain.authorizations.participation import PARTICIPATION_RECORD
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.ledger.account import ADAPTATION_FUND, cancelled
from counterfoil.domain.ledger.entry import Act, JournalEntry, Move
from counterfoil.domain.reporting.narrative.element import TONNES
from counterfoil.domain.reporting.narrative.report import AuthorizationEvent, Cancelled
from counterfoil.domain.reporting.narrative.statement import STATEMENT
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.metric import MetricKind
from counterfoil.domain.units.unit_type import MitigationType

T = TypeVar("T")

KINDS: Final = frozenset(
    {
        *(NDC_RECORD, PERIOD_ACCOUNT, ACTIVITY, APPROACH, ENTITY),
        LIFE,
        *(AUTHORIZATION_RECORD, FOREIGN_APPROACH, FOREIGN_AUTHORIZATION, STATEMENT, PARTICIPATION_RECORD),
    }
)
OMGE: Final = "OMGE"


@dataclass(slots=True)
class RegisterHistory:
    """The records as they stood at the end of `as_of`, by kind and key, and what happened to units by approach."""

    as_of: date
    latest: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[AuthorizationEvent] = field(default_factory=list)
    classes: dict[str, set[MitigationType]] = field(default_factory=dict)
    omge: dict[str, list[Cancelled]] = field(default_factory=dict)
    adaptation: dict[str, list[Cancelled]] = field(default_factory=dict)
    metrics: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    """Units of another metric than tonnes, by class: first, last, and the metric's unit."""

    def get(self, kind: str, key: str, cls: type[T]) -> T | None:
        value = self.latest.get(kind, {}).get(key)
        return None if value is None else from_json(cls, value)

    def of(self, kind: str, cls: type[T]) -> list[T]:
        """Every record of a kind, in the order of their keys."""
        return [from_json(cls, value) for _, value in sorted(self.latest.get(kind, {}).items())]


def register_history(sight: Sight, *, as_of: date) -> RegisterHistory:
    """Fold the journal up to a day, by the legal days of its entries."""
    history = RegisterHistory(as_of)
    corrected = {int(key) for key, _ in sight.records(CORRECTED)}
    for journal_entry in sight.entries():
        entry = journal_entry.entry
        if entry.effective_on <= as_of and entry.corrects is None and journal_entry.seq not in corrected:
            _take(history, journal_entry)
    return history


def _take(history: RegisterHistory, journal_entry: JournalEntry) -> None:
    entry = journal_entry.entry
    for record in entry.records:
        if record.kind in KINDS:
            history.latest.setdefault(record.kind, {})[record.key] = record.value
        if record.kind == AUTHORIZATION_RECORD:
            authorization = from_json(Authorization, record.value)
            said = str(entry.details.get("statement", ""))
            history.events.append(AuthorizationEvent(entry.effective_on, entry.act.value, authorization, said))
    for change in entry.facts:
        approach = _approach(change.unit_class)
        if approach and (mitigation := change.facts.get("mitigation")):
            history.classes.setdefault(approach, set()).add(MitigationType(str(mitigation)))
        if change.facts.get("metric") == MetricKind.NON_GHG:
            other = (change.first, change.last, str(change.facts["metric_name"]))
            history.metrics.setdefault(change.unit_class, []).append(other)
    match entry.act:
        case Act.CANCELLED if entry.details.get("purpose") == OMGE:
            _add(history, history.omge, journal_entry)
        case Act.CONTRIBUTED_TO_ADAPTATION_FUND:
            _add(history, history.adaptation, journal_entry)
        case Act.ISSUED if entry.because is not None:
            _add(history, history.omge, journal_entry, only=cancelled("omge"))
            _add(history, history.adaptation, journal_entry, only=ADAPTATION_FUND)
        case _:
            pass


def _add(
    history: RegisterHistory, found: dict[str, list[Cancelled]], journal_entry: JournalEntry, *, only: str = ""
) -> None:
    """The units that an entry moved (to one account only, where it is named), under the approach of their class."""
    on = journal_entry.entry.effective_on
    for move in journal_entry.entry.moves:
        if only and move.target != only:
            continue
        for first, last, unit in _by_unit(history, move):
            moved = Cancelled(on, move.unit_class, first, last, move.source, last - first + 1, unit)
            found.setdefault(_approach(move.unit_class), []).append(moved)


def _by_unit(history: RegisterHistory, move: Move) -> Iterator[tuple[int, int, str]]:
    """The units of a move, cut where their metric changes."""
    at = move.first
    for first, last, unit in sorted(history.metrics.get(move.unit_class, ())):
        low, high = max(first, at), min(last, move.last)
        if low > high:
            continue
        if at < low:
            yield at, low - 1, TONNES
        yield low, high, unit
        at = high + 1
    if at <= move.last:
        yield at, move.last, TONNES


def _approach(key: str) -> str:
    of = unit_class(key)
    return (of.cooperative_approach or "") if isinstance(of, UnitClass) else ""
