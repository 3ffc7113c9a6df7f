"""The register of bodies that validate and verify: their scope, how long they are accredited, and their suspensions.

Source: 3/CMA.3 annex (designated operational entities); requirement R-A64-13.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import DIGEST, NAME
from counterfoil.domain.kernel.refusal import Refusal

VERIFIER: Final = "verifier"
EVERY_SECTOR: Final = "*"
SCOPES_MAX: Final = 100
TEXT_MAX: Final = 500


class VerifierFault(StrEnum):
    ID_UNREADABLE = "verifier.id_unreadable"
    CONTENT_UNREADABLE = "verifier.content_unreadable"
    DAYS_UNCLEAR = "verifier.days_unclear"
    NOT_REGISTERED = "verifier.not_registered"
    TASK_NOT_IN_SCOPE = "verifier.task_not_in_scope"
    SECTOR_NOT_IN_SCOPE = "verifier.sector_not_in_scope"
    NOT_ACCREDITED = "verifier.not_accredited"
    SUSPENDED = "verifier.suspended"
    VALIDATED_IT = "verifier.validated_it"
    TAKES_PART = "verifier.takes_part"
    MISSING = "verifier.missing"


class Task(StrEnum):
    """Before: an opinion on a design. After: a check of results."""

    VALIDATION = "validation"
    VERIFICATION = "verification"


@dataclass(frozen=True, slots=True)
class Verifier:
    """An accredited body. `sectors` are those it may judge, `*` for all; a later act about it takes the place of this.

    `entity` is its number in the register of entities, so that it can be told from a participant.
    """

    id: str
    name: str
    tasks: tuple[Task, ...]
    sectors: tuple[str, ...]
    valid_from: date
    valid_to: date
    accreditation: str = ""
    document: str | None = None
    entity: str = ""
    suspended_from: date | None = None
    suspended_to: date | None = None

    def suspended(self, on: date) -> bool:
        if self.suspended_from is None or on < self.suspended_from:
            return False
        return self.suspended_to is None or on <= self.suspended_to


def readable_verifier(verifier: Verifier) -> Refusal | None:
    """Whether a body has a usable name, something to do, and days that do not run backwards."""
    facts = {"verifier": verifier.id[:80]}
    if not NAME.match(verifier.id):
        return Refusal(VerifierFault.ID_UNREADABLE, facts)
    words = (*verifier.sectors, verifier.name, verifier.accreditation or "-", verifier.entity or "-")
    bounded = all(0 < len(word.strip()) <= TEXT_MAX for word in words) and len(verifier.sectors) <= SCOPES_MAX
    document = verifier.document is None or DIGEST.match(verifier.document)
    if not (verifier.tasks and verifier.sectors and bounded and document):
        return Refusal(VerifierFault.CONTENT_UNREADABLE, facts)
    since, until = verifier.suspended_from, verifier.suspended_to
    backwards = since is None if until is not None else False
    backwards = backwards or (since is not None and until is not None and until < since)
    if verifier.valid_to < verifier.valid_from or backwards:
        return Refusal(VerifierFault.DAYS_UNCLEAR, facts)
    return None


def accredited(verifier: Verifier, task: Task, sector: str, on: date) -> Refusal | None:
    """Whether a body may do this for an activity of this sector on this day."""
    facts = {"verifier": verifier.id, "on": on.isoformat()}
    if task not in verifier.tasks:
        return Refusal(VerifierFault.TASK_NOT_IN_SCOPE, {**facts, "task": task.value})
    if sector not in verifier.sectors and EVERY_SECTOR not in verifier.sectors:
        return Refusal(VerifierFault.SECTOR_NOT_IN_SCOPE, {**facts, "sector": sector[:80]})
    if not verifier.valid_from <= on <= verifier.valid_to:
        days = {"valid_from": verifier.valid_from.isoformat(), "valid_to": verifier.valid_to.isoformat()}
        return Refusal(VerifierFault.NOT_ACCREDITED, {**facts, **days})
    if verifier.suspended(on):
        since = verifier.suspended_from
        return Refusal(VerifierFault.SUSPENDED, {**facts, "since": "" if since is None else since.isoformat()})
    return None
