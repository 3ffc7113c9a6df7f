"""Findings of a validation or verification: corrections and clarifications to close before anything builds on them.

Source: A6.4-STAN-AC-003 (corrective action, clarification and forward action requests).
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import DIGEST, NAME
from counterfoil.domain.kernel.refusal import Refusal

FINDING: Final = "activity_finding"
OPEN_MAX: Final = 50
TEXT_MAX: Final = 1_000


class FindingFault(StrEnum):
    ID_UNREADABLE = "finding.id_unreadable"
    ALREADY_RECORDED = "finding.already_recorded"
    TEXT_UNCLEAR = "finding.text_unclear"
    TOO_MANY = "finding.too_many"
    UNKNOWN = "finding.unknown"
    CLOSED = "finding.closed"


class FindingKind(StrEnum):
    """A forward action bars the next verification and nothing before; the others bar whatever builds on them."""

    CORRECTIVE_ACTION = "corrective_action"
    CLARIFICATION = "clarification"
    FORWARD_ACTION = "forward_action"

    @property
    def bars(self) -> bool:
        return self is not FindingKind.FORWARD_ACTION


@dataclass(frozen=True, slots=True)
class Finding:
    """`monitoring` is the report that it is about, where it is about one. `body` found it."""

    id: str
    activity: str
    kind: FindingKind
    body: str
    text: str
    found_on: date
    answer_by: date | None = None
    monitoring: str = ""
    closed_on: date | None = None
    answer: str = ""
    document: str | None = None
    provision: str = ""

    def overdue(self, on: date) -> bool:
        return self.closed_on is None and self.answer_by is not None and on > self.answer_by


def readable_finding(finding: Finding) -> Refusal | None:
    """Whether a finding has a usable name, says who found what, and leaves a day for the answer."""
    facts = {"finding": finding.id[:80]}
    if not NAME.match(finding.id):
        return Refusal(FindingFault.ID_UNREADABLE, facts)
    backwards = finding.answer_by is not None and finding.answer_by < finding.found_on
    if not (_clear(finding.body) and _clear(finding.text)) or backwards:
        return Refusal(FindingFault.TEXT_UNCLEAR, {**facts, "text_max": TEXT_MAX})
    return None


def closed(finding: Finding, *, body: str, answer: str, document: str | None, on: date) -> Finding | Refusal:
    """A finding is closed once, with what was done about it, by a body that accepts it."""
    facts = {"finding": finding.id}
    if finding.closed_on is not None:
        return Refusal(FindingFault.CLOSED, {**facts, "on": finding.closed_on.isoformat()})
    if not (_clear(answer) and _clear(body)) or (document is not None and not DIGEST.match(document)):
        return Refusal(FindingFault.TEXT_UNCLEAR, {**facts, "text_max": TEXT_MAX})
    return replace(finding, closed_on=on, answer=answer, document=document)


def _clear(text: str) -> bool:
    return 0 < len(text.strip()) <= TEXT_MAX
