"""Consultations of the people concerned, and the consent of indigenous peoples: gates, not notes.

A refusal or a withdrawal of consent bars registration, renewal and further issuance under every table, and no answer of
anybody overrides it. Consent lapses when a crediting period is renewed.

Source: requirement R-A64-14; A6.4-STAN-METH-002 para. 16.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import DIGEST, NAME
from counterfoil.domain.kernel.refusal import Refusal

CONSULTATION: Final = "consultation"
TEXT_MAX: Final = 500
DOCUMENTS_MAX: Final = 20


class ConsultationFault(StrEnum):
    ID_UNREADABLE = "consultation.id_unreadable"
    ALREADY_RECORDED = "consultation.already_recorded"
    CONTENT_UNREADABLE = "consultation.content_unreadable"
    DAYS_UNCLEAR = "consultation.days_unclear"
    DECISION_UNCLEAR = "consultation.decision_unclear"


class ConsultationKind(StrEnum):
    """A public comment is open to all, a local consultation to those who live there, consent to peoples concerned."""

    PUBLIC_COMMENT = "public_comment"
    LOCAL = "local"
    CONSENT = "consent"


class ConsentDecision(StrEnum):
    """What the peoples concerned decided, freely, before, and informed; or that none is concerned."""

    CONSENT = "consent"
    CONDITIONAL = "conditional"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NONE_CONCERNED = "none_concerned"


BARRING: Final = frozenset({ConsentDecision.REFUSED.value, ConsentDecision.WITHDRAWN.value})


@dataclass(frozen=True, slots=True)
class Consultation:
    """What was asked of whom, from when to when, with what result. Documents lie in the evidence store."""

    id: str
    activity: str
    kind: ConsultationKind
    first_day: date
    last_day: date
    community: str
    outcome: str
    decision: ConsentDecision | None = None
    comments: int = 0
    documents: tuple[str, ...] = ()


def readable_consultation(consultation: Consultation, on: date) -> Refusal | None:
    """Whether it is over, says whom it asked and what came of it; a decision belongs to a consent, and only there."""
    facts = {"consultation": consultation.id[:80]}
    if not NAME.match(consultation.id):
        return Refusal(ConsultationFault.ID_UNREADABLE, facts)
    texts = all(0 < len(text.strip()) <= TEXT_MAX for text in (consultation.community, consultation.outcome))
    documents = consultation.documents
    proven = 0 < len(documents) <= DOCUMENTS_MAX and all(DIGEST.match(each) for each in documents)
    if not (texts and proven and 0 <= consultation.comments <= 10**9):
        return Refusal(ConsultationFault.CONTENT_UNREADABLE, facts)
    if not consultation.first_day <= consultation.last_day <= on:
        return Refusal(ConsultationFault.DAYS_UNCLEAR, facts)
    if (consultation.decision is None) == (consultation.kind is ConsultationKind.CONSENT):
        return Refusal(ConsultationFault.DECISION_UNCLEAR, facts)
    return None
