"""A finding: what a check saw, where, and how much it weighs. Texts in both languages are in `catalogue/checks.toml`.

Source: 4/CMA.6 paras. 29, 33 (result per submission; omissions, mismatches and contradictions are inconsistencies).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """B blocks the upload, I is an inconsistency, N says that information is missing, W never sets a status."""

    BLOCKING = "B"
    INCONSISTENT = "I"
    NOT_AVAILABLE = "N"
    WARNING = "W"


class CheckStatus(StrEnum):
    CONSISTENT = "CONSISTENT"
    INCONSISTENT = "INCONSISTENT"
    NOT_AVAILABLE = "NOT_AVAILABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a finding is. `cell` is an address such as `F7`; the ids are those of the row it stands in."""

    file: str
    party: str | None = None
    sheet: str | None = None
    cell: str | None = None
    first_id: str | None = None
    last_id: str | None = None


Serials = tuple[str, int, int]
"""Class key, first and last serial."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What a check function yields: one case of the check, with the facts that fill its texts."""

    case: str
    place: Place
    facts: Mapping[str, str | int] = field(default_factory=dict)
    severity: Severity | None = None
    """Only when this case weighs otherwise than its check."""
    serials: Serials | None = None
    """The serials that are wrong, where they are fewer than those of the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An observation with the identity of the check that made it. `text_key` finds its texts."""

    check: str
    aliases: tuple[str, ...]
    severity: Severity
    text_key: str
    place: Place
    facts: Mapping[str, str | int]
    serials: Serials | None = None


def status_of(findings: Iterable[Finding]) -> CheckStatus:
    """INCONSISTENT if anything blocks or contradicts, else NOT_AVAILABLE if information is missing, else CONSISTENT.

    Source: 4/CMA.6 para. 29.
    """
    seen = {finding.severity for finding in findings}
    if seen & {Severity.BLOCKING, Severity.INCONSISTENT}:
        return CheckStatus.INCONSISTENT
    return CheckStatus.NOT_AVAILABLE if Severity.NOT_AVAILABLE in seen else CheckStatus.CONSISTENT
