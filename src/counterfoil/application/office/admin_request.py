"""A change of people's powers that waits for a second administrator. It is no part of the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from counterfoil.domain.people.standing import acting


class AdminRequestFault(StrEnum):
    UNKNOWN = "admin_request.unknown"
    NOT_OPEN = "admin_request.not_open"
    ASKER_GONE = "admin_request.asker_gone"
    TOO_MANY = "admin_request.too_many"


class AdminAct(StrEnum):
    """What nobody does alone beside another administrator: whoever gives roles alone is two persons at will."""

    INVITE = "invite"
    GIVE_ROLE = "give_role"
    END_ADMINISTRATOR = "end_administrator"
    ERASE = "erase"


class AdminState(StrEnum):
    OPEN = "open"
    DONE = "done"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class AdminRequest:
    """`asker` is a pseudonym, empty for the folder's owner; `giver` the one in whose place the asker acts.

    `person` is whom it is about, empty for somebody who is to be invited: then `name` and `mail` say who, and only
    while it is open. Moments are UTC milliseconds, `last_day` is ISO 8601 or empty.
    """

    id: str
    act: AdminAct
    asker: str
    giver: str
    made_ms: int
    ends_ms: int
    person: str = ""
    name: str = ""
    mail: str = ""
    role: str = ""
    organisation: str = ""
    last_day: str = ""
    state: AdminState = AdminState.OPEN

    @property
    def actor(self) -> str:
        """The asker's name in the trail."""
        return f"person:{acting(self.asker, self.giver)}" if self.asker else "local"


class AdminRequests(Protocol):
    """Where they are kept. Every change stands inside the office's `change()`."""

    def add(self, request: AdminRequest) -> None: ...
    def get(self, name: str) -> AdminRequest | None: ...
    def close(self, name: str, state: AdminState) -> bool:
        """Close an open one and forget name and mail; False when it is not open. Of two at once, one gets it."""
        ...

    def reopen(self, request: AdminRequest) -> None:
        """Put it back as it was."""
        ...

    def forget(self, mail: str) -> None:
        """Reject those that are open and name an address, and forget it."""
        ...

    def expire(self, now_ms: int) -> None:
        """Close those whose time is over, and forget whom they named."""
        ...

    def listed(self, *, limit: int) -> Sequence[AdminRequest]:
        """Those that are open, oldest first."""
        ...

    def administrators(self, *, on: str) -> Sequence[str]:
        """Who holds the role on a day and has enrolled; a suspended administrator still counts."""
        ...
