"""What falls due by the days of an agreement: objections to a transfer, its recognition, and the host's issuance.

Source: requirement R-CHE-04.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from counterfoil.application.commands.abroad import TRANSFER, TransferState
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.deadlines import Due, Duty
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.authorizations.agreement import AGREEMENT_RECORD, Agreement, permitting
from counterfoil.domain.authorizations.recognition import RECOGNITION
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.verification import VERIFICATION
from counterfoil.domain.units.identifier import UnitClass, unit_class

AgreedDue = tuple[Due, date | None]
"""What falls due, and the day on which it was done."""


def agreed_dues(sight: Sight) -> Iterator[AgreedDue]:
    """Everything that an agreement on record sets a day for; nothing is read where none sets any."""
    agreements = [from_json(Agreement, value) for _, value in sight.records(AGREEMENT_RECORD)]
    timed = [agreement for agreement in agreements if any(agreement.days)]
    if any(agreement.objection_days or agreement.recognition_days for agreement in timed):
        yield from _of_transfers(sight, agreements)
    if any(agreement.host_days for agreement in timed):
        yield from _of_verifications(sight, timed)


def _of_transfers(sight: Sight, agreements: list[Agreement]) -> Iterator[AgreedDue]:
    """Of every transfer that was acquired: until when to object, and until when to recognize it.

    The agreement is the one that permitted the transfer on its day, as `RecordRecognition` reads it.
    """
    for name, value in sight.records(TRANSFER):
        if value["direction"] != "in" or value["state"] != TransferState.FINAL or not value["final_on"]:
            continue
        day = date.fromisoformat(value["final_on"])
        agreement = _permitting(sight, agreements, value["parts"][0]["unit_class"], day)
        if agreement is None:
            continue
        by = _by(agreement)
        spoken: dict[str, Any] = sight.record(RECOGNITION, name) or {}
        said = spoken.get("recognized_on")
        recognized = date.fromisoformat(said) if said else None
        if agreement.recognition_days:
            due = day + timedelta(days=agreement.recognition_days)
            yield Due(due, Duty.RECOGNITION, name, by), recognized
        if agreement.objection_days and recognized is None:
            yield Due(day + timedelta(days=agreement.objection_days), Duty.OBJECTION, name, by), None


def _permitting(sight: Sight, agreements: list[Agreement], key: str, on: date) -> Agreement | None:
    of = unit_class(key)
    assert isinstance(of, UnitClass), "units that were acquired have a class that can be read"
    own, host = sight.registry.party, Party(of.party)
    found = permitting(agreements, one=own, other=host, approach=of.cooperative_approach or "", on=on)
    return None if isinstance(found, Refusal) else found


def _of_verifications(sight: Sight, agreements: list[Agreement]) -> Iterator[AgreedDue]:
    """Of every verification on which nothing was issued yet: until when the host issues, by the shortest days."""
    for row in sight.reading.records(VERIFICATION):
        value = sight.codec.decode(row.value)
        verified = sight.entry(row.seq)
        if value["issued"] or verified is None:
            continue
        activity = sight.record(ACTIVITY, value["activity"])
        approach = "" if activity is None else activity["cooperative_approach"] or ""
        day = verified.entry.effective_on
        bound = [each for each in agreements if each.host_days and each.in_force(day) and _concerns(each, approach)]
        if bound and approach:
            shortest = min(bound, key=lambda each: (each.host_days, each.id))
            yield Due(day + timedelta(days=shortest.host_days), Duty.ISSUANCE, row.key, _by(shortest)), None


def _concerns(agreement: Agreement, approach: str) -> bool:
    return not agreement.approaches or approach in agreement.approaches


def _by(agreement: Agreement) -> str:
    return f"{agreement.id}, {agreement.provision}" if agreement.provision else agreement.id
