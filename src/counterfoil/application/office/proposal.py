"""A proposal: an act that waits in the office until enough persons stand behind it. It is no part of the journal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from counterfoil.domain.people.standing import Standing


class ProposalFault(StrEnum):
    UNKNOWN = "approval.unknown"
    NOT_OPEN = "approval.not_open"
    CHANGED = "approval.preview_changed"
    ORGANISATION_SUSPENDED = "approval.organisation_suspended"
    PERSON_GONE = "approval.person_gone"
    NOT_INITIATOR = "approval.not_initiator"
    REASON_MISSING = "approval.reason_missing"
    DAYS_OUT_OF_RANGE = "approval.days_out_of_range"
    TOO_MANY = "approval.too_many"
    ALREADY_DONE = "approval.already_done"


class ProposalState(StrEnum):
    OPEN = "open"
    APPROVING = "approving"
    """The last approval is given, and the act is with the writer."""
    DONE = "done"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Signature:
    """A person who stands behind an act, in the capacity of an organisation (empty: the registry's operator).

    A deputy signs in the place of `giver`. `preview` is the hash of what an approver saw; the initiator asks for the
    act itself, and has none.
    """

    person: str
    organisation: str
    giver: str = ""
    preview: str = ""


def signed(standing: Standing, preview: str = "") -> Signature:
    """The signature of somebody in their standing of now."""
    return Signature(standing.person, standing.organisation, standing.giver, preview)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`command` is the act as JSON, with its id. `signatures`: the initiator, then who approved. Moments are UTC ms.

    `closed_by` says who rejected or withdrew it, `reason` why; `entry` is the act's number once it is in the journal.
    """

    id: str
    name: str
    command: str
    signatures: tuple[Signature, ...]
    made_ms: int
    ends_ms: int
    state: ProposalState = ProposalState.OPEN
    changed_ms: int = 0
    why: str = ""
    closed_by: str = ""
    reason: str = ""
    entry: int | None = None

    @property
    def initiator(self) -> Signature:
        return self.signatures[0]

    @property
    def behind(self) -> frozenset[str]:
        """Everybody who stands behind it, and in whose place: none of them can join it again."""
        return frozenset(name for each in self.signatures for name in (each.person, each.giver) if name)

    def of_preview(self, seen: str) -> "Proposal":
        """Without the approvals of another preview: they were given to something that the act no longer does."""
        given = (each for each in self.signatures[1:] if each.preview == seen)
        return replace(self, signatures=(self.initiator, *given))

    def at(self, now_ms: int) -> ProposalState:
        """Its state at a moment: what is open ends by itself."""
        return ProposalState.EXPIRED if self.state is ProposalState.OPEN and now_ms >= self.ends_ms else self.state


class Proposals(Protocol):
    """Where proposals are kept."""

    def add(self, proposal: Proposal) -> None: ...
    def get(self, name: str) -> Proposal | None: ...
    def put(self, proposal: Proposal) -> None: ...
    def open_of(self, person: str, *, now_ms: int) -> int:
        """How many of a person's proposals are open."""
        ...

    def listed(
        self, *, state: ProposalState | None, organisation: str | None, now_ms: int, before: int, limit: int
    ) -> Sequence[tuple[int, Proposal]]:
        """Newest first, with their numbers, below `before`; of one organisation's initiators where one is named."""
        ...
