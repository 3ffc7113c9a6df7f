"""Submit a monitoring report, and verify it."""

from dataclasses import dataclass
from datetime import date

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.crediting import may_be_monitored, may_be_verified
from counterfoil.application.commands.living import living
from counterfoil.domain.kernel.ids import ActivityId, unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.mrv.verification import (
    MONITORING,
    VERIFICATION,
    Monitoring,
    MonitoringFault,
    Verification,
    VerificationFault,
    VintageQuantity,
    monitoring_accepted,
    verification_accepted,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitMonitoring(Command):
    """Submit what was monitored in one period, per vintage, with the evidence by its SHA-256."""

    monitoring: str
    activity: ActivityId
    first_day: date
    last_day: date
    monitored: tuple[VintageQuantity, ...]
    evidence: tuple[str, ...]


def submit_monitoring(command: SubmitMonitoring, books: Books, context: Context) -> Entry | Refusal:
    """Refuses periods that overlap an earlier report of the same activity: one outcome, one unit.

    Source: 2/CMA.3 annex paras. 1(a), 22(b); 6/CMA.4 para. 5.
    """
    nameless = unfit("monitoring", command.monitoring)
    if nameless is not None:
        return nameless
    known = living(books, command.activity)
    if isinstance(known, Refusal):
        return known
    if books.record(MONITORING, command.monitoring) is not None:
        return Refusal(MonitoringFault.ALREADY_SUBMITTED, {"monitoring": command.monitoring})
    monitoring = Monitoring(
        command.monitoring,
        command.activity,
        command.first_day,
        command.last_day,
        command.monitored,
        command.evidence,
        command.assumed,
    )
    of_activity = books.record("monitoring_of", command.activity) or []
    earlier = tuple(found for key in of_activity if (found := stored(books, MONITORING, key, Monitoring)) is not None)
    refusal = monitoring_accepted(monitoring, earlier=earlier, on=context.on)
    refusal = refusal or may_be_monitored(monitoring, known, books, context)
    if refusal is not None:
        return refusal
    return Entry(
        Act.MONITORING_SUBMITTED,
        context.on,
        records=(
            record(MONITORING, monitoring.id, monitoring),
            Record("monitoring_of", command.activity, [*of_activity, monitoring.id]),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify(Command):
    """Record a verifier's statement on a monitoring report: the quantities per vintage that may be issued."""

    verification: str
    monitoring: str
    verifier: str
    verified: tuple[VintageQuantity, ...]
    statement: str


def verify(command: Verify, books: Books, context: Context) -> Entry | Refusal:
    """Verified is at most what was monitored, vintage by vintage. Source: 2/CMA.3 annex para. 1(a)."""
    nameless = unfit("verification", command.verification)
    if nameless is not None:
        return nameless
    monitoring = stored(books, MONITORING, command.monitoring, Monitoring)
    if monitoring is None:
        return Refusal(MonitoringFault.UNKNOWN, {"monitoring": command.monitoring})
    if books.record(VERIFICATION, command.verification) is not None or books.record("verified", command.monitoring):
        return Refusal(VerificationFault.ALREADY_GIVEN, {"monitoring": command.monitoring})
    verification = Verification(
        command.verification,
        command.monitoring,
        monitoring.activity,
        command.verifier,
        command.verified,
        command.statement,
        assumed=command.assumed,
    )
    refusal = verification_accepted(verification, monitoring)
    if refusal is not None:
        return refusal
    first = may_be_verified(verification, monitoring, books, context)
    if isinstance(first, Refusal):
        return first
    return Entry(
        Act.VERIFIED,
        context.on,
        records=(
            record(VERIFICATION, verification.id, verification),
            Record("verified", command.monitoring, verification.id),
            *first,
        ),
    )
