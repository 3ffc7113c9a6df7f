"""Monitoring and verification: from readings to the quantity per vintage that issuance may not exceed.

Readings and reports lie in the evidence store; the records name them by SHA-256.
Source: 2/CMA.3 annex para. 1(a) (real, verified, additional); 6/CMA.4 para. 5 (vintage is the year of the mitigation).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST, ActivityId
from counterfoil.domain.kernel.refusal import Refusal

MONITORING: Final = "monitoring"
VERIFICATION: Final = "verification"
VERIFIED: Final = "verified"
"""By monitoring report: the verification of it, written once."""


class MonitoringFault(StrEnum):
    UNKNOWN = "monitoring.unknown"
    ALREADY_SUBMITTED = "monitoring.already_submitted"
    PERIOD_BACKWARDS = "monitoring.period_backwards"
    PERIOD_NOT_OVER = "monitoring.period_not_over"
    PERIOD_OVERLAPS = "monitoring.period_overlaps"
    EVIDENCE_MISSING = "monitoring.evidence_missing"
    EVIDENCE_UNREADABLE = "monitoring.evidence_unreadable"


class VerificationFault(StrEnum):
    UNKNOWN = "verification.unknown"
    ALREADY_GIVEN = "verification.already_given"
    QUANTITY_NOT_POSITIVE = "verification.quantity_not_positive"
    VINTAGE_OUTSIDE_PERIOD = "verification.vintage_outside_period"
    VINTAGE_TWICE = "verification.vintage_twice"
    EXCEEDS_MONITORED = "verification.exceeds_monitored"
    ACTIVITY_DIFFERS = "verification.activity_differs"
    QUANTITY_EXCEEDED = "verification.quantity_exceeded"
    VINTAGE_NOT_VERIFIED = "verification.vintage_not_verified"


@dataclass(frozen=True, slots=True)
class VintageQuantity:
    """Whole units of the activity's metric that belong to one calendar year."""

    vintage: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Monitoring:
    """A monitoring report: the period, what it found per vintage, and the evidence by digest."""

    id: str
    activity: ActivityId
    first_day: date
    last_day: date
    monitored: tuple[VintageQuantity, ...]
    evidence: tuple[str, ...]
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """A verifier's statement about one monitoring report. `issued` grows until it equals `verified`."""

    id: str
    monitoring: str
    activity: ActivityId
    verifier: str
    verified: tuple[VintageQuantity, ...]
    statement: str
    issued: tuple[VintageQuantity, ...] = ()
    assumed: tuple[str, ...] = ()


def total(quantities: tuple[VintageQuantity, ...]) -> int:
    """Units of all vintages together."""
    return sum(entry.quantity for entry in quantities)


def quantity_of(quantities: tuple[VintageQuantity, ...], vintage: int) -> int:
    return sum(entry.quantity for entry in quantities if entry.vintage == vintage)


def monitoring_accepted(monitoring: Monitoring, *, earlier: tuple[Monitoring, ...], on: date) -> Refusal | None:
    """Whether a monitoring report can be taken: its period is over, and no other of the activity shares a day."""
    facts: dict[str, JSON] = {"monitoring": monitoring.id, "activity": monitoring.activity}
    if monitoring.first_day > monitoring.last_day:
        return Refusal(MonitoringFault.PERIOD_BACKWARDS, facts)
    if monitoring.last_day > on:
        return Refusal(MonitoringFault.PERIOD_NOT_OVER, {**facts, "last_day": monitoring.last_day.isoformat()})
    if not monitoring.evidence:
        return Refusal(MonitoringFault.EVIDENCE_MISSING, facts)
    for digest in monitoring.evidence:
        if not DIGEST.match(digest):
            return Refusal(MonitoringFault.EVIDENCE_UNREADABLE, {**facts, "digest": digest[:80]})
    for other in earlier:
        if monitoring.first_day <= other.last_day and other.first_day <= monitoring.last_day:
            return Refusal(MonitoringFault.PERIOD_OVERLAPS, {**facts, "other": other.id})
    return _vintages_fit(monitoring, monitoring.monitored)


def verification_accepted(verification: Verification, monitoring: Monitoring) -> Refusal | None:
    """Whether a verification fits its report: same activity, vintages of the period, no more than was monitored."""
    facts = {"verification": verification.id, "monitoring": monitoring.id}
    if verification.activity != monitoring.activity:
        return Refusal(VerificationFault.ACTIVITY_DIFFERS, facts)
    refusal = _vintages_fit(monitoring, verification.verified)
    if refusal is not None:
        return refusal
    for entry in verification.verified:
        monitored = quantity_of(monitoring.monitored, entry.vintage)
        if entry.quantity > monitored:
            return Refusal(
                VerificationFault.EXCEEDS_MONITORED, {**facts, "vintage": entry.vintage, "monitored": monitored}
            )
    return None


def _vintages_fit(monitoring: Monitoring, quantities: tuple[VintageQuantity, ...]) -> Refusal | None:
    facts = {"monitoring": monitoring.id}
    seen: set[int] = set()
    for entry in quantities:
        if entry.quantity <= 0:
            return Refusal(VerificationFault.QUANTITY_NOT_POSITIVE, {**facts, "vintage": entry.vintage})
        if not monitoring.first_day.year <= entry.vintage <= monitoring.last_day.year:
            return Refusal(VerificationFault.VINTAGE_OUTSIDE_PERIOD, {**facts, "vintage": entry.vintage})
        if entry.vintage in seen:
            return Refusal(VerificationFault.VINTAGE_TWICE, {**facts, "vintage": entry.vintage})
        seen.add(entry.vintage)
    return None if quantities else Refusal(VerificationFault.QUANTITY_NOT_POSITIVE, {**facts, "vintage": 0})


def issuable(verification: Verification, *, vintage: int, quantity: int) -> Refusal | None:
    """Whether so much of a vintage may still be issued: issuance never exceeds what was verified for that vintage."""
    verified = quantity_of(verification.verified, vintage)
    facts: dict[str, JSON] = {"verification": verification.id, "vintage": vintage}
    if verified == 0:
        return Refusal(VerificationFault.VINTAGE_NOT_VERIFIED, facts)
    left = verified - quantity_of(verification.issued, vintage)
    if quantity > left:
        return Refusal(VerificationFault.QUANTITY_EXCEEDED, {**facts, "left": left, "asked": quantity})
    return None
