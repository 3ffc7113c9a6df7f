"""Sections of the international registry: for which Party each was opened, on which letter, and when it was closed.

The administrator keeps this list and nothing else: units, letters and adjustments are the Parties' own, each in its own
section. Source: 6/CMA.4 annex I paras. 12, 13, 17, 18.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import Party

SECTION: Final = "section"
SECTION_REGISTRY: Final = "section_registry"
"""By the registry's identifier: whose section had it first. An identifier is never given to another Party."""
INTERNATIONAL: Final = "international"
"""The purpose of the administrator's registry."""


class SectionFault(StrEnum):
    NOT_INTERNATIONAL = "section.not_international"
    MOVES_NOTHING = "section.administrator_moves_nothing"
    UNREADABLE = "section.unreadable"
    OF_ADMINISTRATOR = "section.of_administrator"
    PARTY_TAKEN = "section.party_taken"
    REGISTRY_TAKEN = "section.registry_taken"
    REQUEST_MISSING = "section.request_missing"
    UNKNOWN = "section.unknown"
    CLOSED = "section.closed"


class SectionState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class HostedSection:
    """A Party's section: its registry, the name and first key of its log, and the SHA-256 of the Party's letters.

    Once it is closed, `entries` and `root` say how far its log had come, and `address` where the Party keeps it now.
    """

    party: Party
    registry: str
    origin: str
    public_key: str
    request: str
    opened_on: date
    state: SectionState = SectionState.OPEN
    closing_request: str = ""
    closed_on: date | None = None
    entries: int = 0
    root: str = ""
    address: str = ""
