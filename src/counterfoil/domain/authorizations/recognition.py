"""The acquiring Party's statement that it recognizes a transfer: in some approaches units count only after it.

The transfer is the host's event, its recognition another of the acquiring Party. While an objection stands, there is no
recognition; the days for both are what the agreement says.

Source: requirement R-CHE-04.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal

RECOGNITION: Final = "recognition"
TEXT_MAX: Final = 1_000


class RecognitionFault(StrEnum):
    MISSING = "recognition.missing"
    TRANSFER_UNKNOWN = "recognition.transfer_unknown"
    TEXT_UNCLEAR = "recognition.text_unclear"
    ALREADY_GIVEN = "recognition.already_given"
    OBJECTION_STANDS = "recognition.objection_stands"
    NO_OBJECTION = "recognition.no_objection"
    OBJECTION_LATE = "recognition.objection_late"
    OTHER_OBJECTOR = "recognition.other_objector"


class RecognitionState(StrEnum):
    AWAITED = "awaited"
    OBJECTED = "objected"
    ANSWERED = "answered"
    RECOGNIZED = "recognized"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """How far the recognition of one transfer is. `objection_until` and `due_on` follow from the agreement."""

    transfer: str
    partner: Party
    acquired_on: date
    state: RecognitionState = RecognitionState.AWAITED
    objection_until: date | None = None
    due_on: date | None = None
    objection: str = ""
    objector: str = ""
    """The Party whose objection it is: it alone lifts it. Empty in objections from before that was kept."""
    answer: str = ""
    reference: str = ""
    document: str | None = None
    recognized_on: date | None = None
    assumed: tuple[str, ...] = ()


def awaited(transfer: str, partner: Party, acquired_on: date, *, objection_days: int, due_days: int) -> Recognition:
    """The recognition of a transfer that was just acquired; 0 days mean that the agreement sets none."""
    return Recognition(
        transfer=transfer,
        partner=partner,
        acquired_on=acquired_on,
        objection_until=acquired_on + timedelta(days=objection_days) if objection_days else None,
        due_on=acquired_on + timedelta(days=due_days) if due_days else None,
    )


def recognizable(recognition: Recognition) -> Refusal | None:
    """Whether the statement may be given: once, and not while an objection stands."""
    facts = {"transfer": recognition.transfer}
    if recognition.state is RecognitionState.RECOGNIZED:
        return Refusal(RecognitionFault.ALREADY_GIVEN, facts)
    if recognition.state is RecognitionState.OBJECTED:
        return Refusal(RecognitionFault.OBJECTION_STANDS, {**facts, "objection": recognition.objection})
    return None


def liftable(recognition: Recognition, *, by: str) -> Refusal | None:
    """Whether a Party may say that an objection is answered: one stands, and it is its own."""
    facts = {"transfer": recognition.transfer}
    if recognition.state is not RecognitionState.OBJECTED:
        return Refusal(RecognitionFault.NO_OBJECTION, facts)
    if recognition.objector not in ("", by):
        return Refusal(RecognitionFault.OTHER_OBJECTOR, {**facts, "objector": recognition.objector})
    return None


def objectionable(recognition: Recognition, *, on: date) -> Refusal | None:
    """Whether an objection may be raised: before the statement, and within the days of the agreement."""
    refusal = recognizable(recognition)
    if refusal is None and recognition.objection_until is not None and on > recognition.objection_until:
        facts = {"transfer": recognition.transfer, "until": recognition.objection_until.isoformat()}
        return Refusal(RecognitionFault.OBJECTION_LATE, facts)
    return refusal
