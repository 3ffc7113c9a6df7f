"""Agreements between Parties as data: which one, in force since when, and whether it lets mitigation outcomes pass.

A transfer for NDC use rests on an agreement in force that permits it; a memorandum of understanding is none. What an
agreement permits is not told by its title but by its provision, which is therefore recorded.

Read next: `domain/authorizations/coverage.py`.
Source: requirement R-A62-19; 2/CMA.3 annex para. 18(g) (the cooperative approach and its arrangements).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import PARTY, CooperativeApproachId, Party, unfit
from counterfoil.domain.kernel.refusal import Refusal

AGREEMENT_RECORD: Final = "agreement"
DAYS_MAX: Final = 3_660


class AgreementFault(StrEnum):
    PARTIES_UNREADABLE = "agreement.parties_unreadable"
    KIND_PERMITS_NO_TRANSFER = "agreement.kind_permits_no_transfer"
    PROVISION_MISSING = "agreement.provision_missing"
    PERIOD_BACKWARDS = "agreement.period_backwards"
    IDENTITY_DIFFERS = "agreement.identity_differs"
    DAYS_UNREADABLE = "agreement.days_unreadable"
    NONE_IN_FORCE = "agreement.none_in_force"


class AgreementKind(StrEnum):
    """What Parties, and entities under them, conclude. The purchase contracts never stand for the Parties' own."""

    MEMORANDUM = "memorandum_of_understanding"
    JOINT_STATEMENT = "joint_statement"
    IMPLEMENTATION_AGREEMENT = "implementation_agreement"
    MUTUAL_RECOGNITION = "mutual_recognition_arrangement"
    JCM_MEMORANDUM = "jcm_memorandum"
    PURCHASE_AGREEMENT = "purchase_agreement"


NEVER_PERMITTING: Final = frozenset(
    {AgreementKind.MEMORANDUM, AgreementKind.JOINT_STATEMENT, AgreementKind.PURCHASE_AGREEMENT}
)
"""A statement of intent binds nobody to adjust, and a purchase contract is not between Parties."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement as it stands. `approaches` empty means: every approach between its Parties.

    `provision` is the article that permits transfers; `document` the SHA-256 of the text in the evidence store.
    `objection_days` and `recognition_days` after a transfer are the acquiring Party's to object and to recognize; 0 is
    no limit. `host_days` after a verification are the host's to issue on it, or to say why not.
    """

    id: str
    kind: AgreementKind
    title: str
    parties: tuple[Party, ...]
    signed_on: date | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    permits_transfer: bool = False
    provision: str = ""
    approaches: tuple[CooperativeApproachId, ...] = ()
    source: str = ""
    document: str | None = None
    assumed: tuple[str, ...] = ()
    objection_days: int = 0
    recognition_days: int = 0
    host_days: int = 0

    @property
    def days(self) -> tuple[int, ...]:
        return self.objection_days, self.recognition_days, self.host_days

    def in_force(self, on: date) -> bool:
        """In force from its first day to its last, both included; never before it entered into force."""
        if self.in_force_from is None or on < self.in_force_from:
            return False
        return self.in_force_to is None or on <= self.in_force_to


def recordable(agreement: Agreement, *, known: Agreement | None) -> Refusal | None:
    """Whether an agreement can be recorded, or a recorded one be brought up to date.

    A later record may say that it entered into force, ended, or permits more; it stays the same agreement.

    Source: requirement R-A62-19.
    """
    facts = {"agreement": agreement.id[:80]}
    nameless = unfit("agreement", agreement.id)
    if nameless is not None:
        return nameless
    if len(set(agreement.parties)) < 2 or not all(PARTY.match(party) for party in agreement.parties):
        return Refusal(AgreementFault.PARTIES_UNREADABLE, facts)
    if agreement.permits_transfer and agreement.kind in NEVER_PERMITTING:
        return Refusal(AgreementFault.KIND_PERMITS_NO_TRANSFER, {**facts, "kind": agreement.kind.value})
    if agreement.permits_transfer and not agreement.provision:
        return Refusal(AgreementFault.PROVISION_MISSING, facts)
    first, last = agreement.in_force_from, agreement.in_force_to
    if last is not None and (first is None or last < first):
        return Refusal(AgreementFault.PERIOD_BACKWARDS, facts)
    if not all(0 <= days <= DAYS_MAX for days in agreement.days):
        return Refusal(AgreementFault.DAYS_UNREADABLE, {**facts, "days_max": DAYS_MAX})
    if known is not None and (known.kind, set(known.parties)) != (agreement.kind, set(agreement.parties)):
        return Refusal(AgreementFault.IDENTITY_DIFFERS, facts)
    return None


def permitting(
    agreements: Iterable[Agreement], *, one: Party, other: Party, approach: str, on: date
) -> Agreement | Refusal:
    """The agreement between two Parties that permits a transfer on a day, or the refusal that lists why none does.

    Source: requirement R-A62-19; 2/CMA.3 annex para. 18(g).
    """
    found: list[str] = []
    for agreement in agreements:
        concerned = not agreement.approaches or approach in agreement.approaches
        if not concerned or not {one, other} <= set(agreement.parties):
            continue
        if agreement.permits_transfer and agreement.in_force(on):
            return agreement
        why = "not in force" if agreement.permits_transfer else agreement.kind.value
        found.append(f"{agreement.id} ({why})")
    return Refusal(
        AgreementFault.NONE_IN_FORCE,
        {"one": one, "other": other, "approach": approach, "on": on.isoformat(), "known": ", ".join(found) or "-"},
    )
