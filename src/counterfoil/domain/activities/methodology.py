"""The register of methodologies: each with its versions, and the days on which a version may be applied.

Source: requirement R-A64-11; 3/CMA.3 annex (methodologies approved by the Supervisory Body).
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import DIGEST, is_key
from counterfoil.domain.kernel.refusal import Refusal

METHODOLOGY: Final = "methodology"
VERSIONS_MAX: Final = 50
TEXT_MAX: Final = 300
WORD_MAX: Final = 40


class MethodologyFault(StrEnum):
    CONTENT_UNREADABLE = "methodology.content_unreadable"
    DAYS_BACKWARDS = "methodology.days_backwards"
    TOO_MANY = "methodology.too_many"
    NOT_REGISTERED = "methodology.not_registered"
    NOT_VALID = "methodology.not_valid"


@dataclass(frozen=True, slots=True)
class MethodologyVersion:
    """`valid_to` is the last day on which an activity may be registered or renewed under this version."""

    version: str
    valid_from: date
    valid_to: date | None = None
    document: str | None = None

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Methodology:
    """`id` is the name under which activities cite it. Versions stand in the order of their first days."""

    id: str
    title: str
    standard: str = ""
    versions: tuple[MethodologyVersion, ...] = ()

    def on(self, day: date) -> MethodologyVersion | None:
        """The latest version that holds on a day."""
        return next((each for each in reversed(self.versions) if each.holds(day)), None)


def with_version(methodology: Methodology, version: MethodologyVersion) -> Methodology | Refusal:
    """The methodology with a version more, or with new days of one that it has."""
    facts = {"methodology": methodology.id[:80], "version": version.version[:WORD_MAX]}
    texts = 0 < len(methodology.title.strip()) <= TEXT_MAX and len(methodology.standard) <= TEXT_MAX
    named = is_key(methodology.id) and 0 < len(version.version.strip()) <= WORD_MAX
    if not (texts and named) or (version.document is not None and not DIGEST.match(version.document)):
        return Refusal(MethodologyFault.CONTENT_UNREADABLE, facts)
    if version.valid_to is not None and version.valid_to < version.valid_from:
        return Refusal(MethodologyFault.DAYS_BACKWARDS, facts)
    others = tuple(each for each in methodology.versions if each.version != version.version)
    if len(others) >= VERSIONS_MAX:
        return Refusal(MethodologyFault.TOO_MANY, {**facts, "most": VERSIONS_MAX})
    return replace(methodology, versions=tuple(sorted((*others, version), key=lambda each: each.valid_from)))
