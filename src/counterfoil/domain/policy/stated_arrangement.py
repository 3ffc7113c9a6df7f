"""What the authority of a jurisdiction states of its own system: a part exists, is piloted, or is missing.

It stands in the readiness view before everything else, because the authority answers for it with a document.
Source: requirement R-GLB-14.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import DIGEST
from counterfoil.domain.kernel.refusal import Refusal

ARRANGEMENT_RECORD: Final = "arrangement"
"""One record for each criterion: the latest statement. Earlier ones stay in the journal."""
AUTHORITY_MAX: Final = 200
REFERENCE_MAX: Final = 500
CRITERION: Final = re.compile(r"[a-z][a-z0-9_]{0,59}\Z", re.ASCII)


class ArrangementFault(StrEnum):
    CRITERION_UNREADABLE = "arrangement.criterion_unreadable"
    AUTHORITY_UNREADABLE = "arrangement.authority_unreadable"
    DOCUMENT_MISSING = "arrangement.document_missing"
    SINCE_LATER = "arrangement.since_later"


class Stated(StrEnum):
    """What can be stated. That something cannot be determined is no statement."""

    HAS = "has"
    PILOTS = "pilots"
    LACKS = "lacks"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedArrangement:
    """`since`: from when it holds, such as the first day of a pilot. `document`: its SHA-256 in the evidence store."""

    criterion: str
    state: Stated
    authority: str
    stated_on: date
    document: str
    since: date | None = None
    reference: str = ""
    assumed: tuple[str, ...] = ()


def unfounded(stated: StatedArrangement) -> Refusal | None:
    """Refuses a statement whose criterion is no word, that nobody makes, without a document, or from a later day."""
    facts = {"criterion": stated.criterion[:60]}
    if not CRITERION.match(stated.criterion):
        return Refusal(ArrangementFault.CRITERION_UNREADABLE, facts)
    if not 0 < len(stated.authority) <= AUTHORITY_MAX or len(stated.reference) > REFERENCE_MAX:
        limits = {"authority_max": AUTHORITY_MAX, "reference_max": REFERENCE_MAX}
        return Refusal(ArrangementFault.AUTHORITY_UNREADABLE, {**facts, **limits})
    if not DIGEST.match(stated.document):
        return Refusal(ArrangementFault.DOCUMENT_MISSING, facts)
    if stated.since is not None and stated.since > stated.stated_on:
        days = {"since": stated.since.isoformat(), "on": stated.stated_on.isoformat()}
        return Refusal(ArrangementFault.SINCE_LATER, {**facts, **days})
    return None
