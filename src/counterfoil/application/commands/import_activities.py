"""Import activities and monitoring periods of another registry's public record, with provenance instead of documents.

They stand in the register to be found, compared and followed, and nothing is issued from them here: an activity of
another host issues in that host's own registry, and an imported period holds no vintage that could be verified.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityFault, ActivityKind
from counterfoil.domain.activities.life import LIFE, Life
from counterfoil.domain.kernel.ids import PARTY, ActivityId, Party, unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Backdating, Entry, Record
from counterfoil.domain.mrv.imported_period import imported_period
from counterfoil.domain.mrv.verification import MONITORING, Monitoring, MonitoringFault
from counterfoil.domain.policy.stages import Stage
from counterfoil.domain.units.unit_type import MitigationType, Reversibility

TEXT_MAX: Final = 300
"""Characters of each text of an imported activity."""


class ImportedFault(StrEnum):
    TEXT_TOO_LONG = "import.activity_text_too_long"
    HOST_UNREADABLE = "import.host_unreadable"
    ISSUES_ELSEWHERE = "import.issues_elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportActivity(Command):
    """One activity of another registry's record. `host` is empty where the record names no country.

    `status` is the word of the record, `stage` what it means here; `provenance` is file and line.
    """

    activity: ActivityId
    title: str
    host: str
    standard: str
    methodology: str
    sector: str
    activity_type: str
    kind: ActivityKind
    mitigation_type: MitigationType
    stage: Stage
    status: str
    provenance: str


def import_activity(command: ImportActivity, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a name that is taken: an activity is imported once.

    Source: 2/CMA.3 annex para. 31 (records of activities); peers of the CDM registry's public record.
    """
    facts = {"activity": command.activity[:80]}
    nameless = unfit("activity", command.activity)
    if nameless is not None:
        return nameless
    if books.record(ACTIVITY, command.activity) is not None:
        return Refusal(ActivityFault.ALREADY_REGISTERED, {**facts})
    if command.host and not PARTY.match(command.host):
        return Refusal(ImportedFault.HOST_UNREADABLE, {**facts, "host": command.host[:20]})
    for field in ("title", "standard", "methodology", "sector", "activity_type", "status", "provenance"):
        if len(getattr(command, field)) > TEXT_MAX:
            return Refusal(ImportedFault.TEXT_TOO_LONG, {**facts, "field": field, "length_max": TEXT_MAX})
    removal = command.mitigation_type is MitigationType.REMOVAL
    activity = Activity(
        id=command.activity,
        title=command.title,
        host=Party(command.host),
        mitigation_type=command.mitigation_type,
        sector=command.sector,
        activity_type=command.activity_type,
        standard=command.standard,
        methodology=command.methodology,
        # The public record does not say how lasting a removal is; trees can burn.
        reversibility=Reversibility.REVERSIBLE if removal else Reversibility.NOT_APPLICABLE,
        kind=command.kind,
    )
    life = Life(command.activity, command.stage, context.on, passed=(command.stage,))
    return Entry(
        Act.ACTIVITY_IMPORTED,
        context.on,
        records=(record(ACTIVITY, command.activity, activity), record(LIFE, command.activity, life)),
        details={"status": command.status, "provenance": command.provenance},
        backdated=Backdating.IMPORT,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPeriod(Command):
    """One monitoring period of another registry's record, with the units that were issued for it there."""

    monitoring: str
    activity: ActivityId
    first_day: date
    last_day: date
    issued_t: int
    provenance: str


def import_period(command: ImportPeriod, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a period that overlaps an earlier one of the same activity, and one that is too long to be believed.

    Source: 2/CMA.3 annex para. 1(a); 6/CMA.4 para. 5 (one outcome, one unit).
    """
    nameless = unfit("monitoring", command.monitoring)
    if nameless is not None:
        return nameless
    if books.record(ACTIVITY, command.activity) is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": command.activity[:80]})
    if books.record(MONITORING, command.monitoring) is not None:
        return Refusal(MonitoringFault.ALREADY_SUBMITTED, {"monitoring": command.monitoring})
    # Without vintages and readings: nothing can be verified, and so nothing issued, from a period that is only known.
    period = Monitoring(command.monitoring, command.activity, command.first_day, command.last_day, (), ())
    of_activity = books.record("monitoring_of", command.activity) or []
    earlier = (found for key in of_activity if (found := stored(books, MONITORING, key, Monitoring)) is not None)
    refusal = imported_period(period, earlier=earlier, on=context.today)
    if refusal is not None:
        return refusal
    return Entry(
        Act.PERIOD_IMPORTED,
        context.on,
        records=(
            record(MONITORING, period.id, period),
            Record("monitoring_of", command.activity, [*of_activity, period.id]),
        ),
        details={"issued_t": command.issued_t, "provenance": command.provenance},
        backdated=Backdating.IMPORT,
    )


def issued_by_host(activity: Activity, context: Context) -> Refusal | None:
    """Units of an activity are issued in the registry of its host only. Source: 6/CMA.4 annex I para. 6."""
    if activity.host == context.registry.party:
        return None
    facts = {"activity": activity.id, "host": activity.host or "-", "own": context.registry.party}
    return Refusal(ImportedFault.ISSUES_ELSEWHERE, {**facts})
