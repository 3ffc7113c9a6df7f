"""An application of the public for an account, and the file on a holder that comes of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

OPEN_MAX: Final = 1_000
"""Applications that wait at once, whoever sends them."""
DOCUMENTS_MAX: Final = 30
OWNERS_MAX: Final = 30


class ApplicationFault(StrEnum):
    UNREADABLE = "application.unreadable"
    FULL = "application.full"
    WAIT = "application.wait"
    UNKNOWN = "application.unknown"
    DECIDED = "application.decided"
    DAY_DIFFERS = "application.day_differs"
    KYC_UNKNOWN = "kyc.file_unknown"


class ApplicationState(StrEnum):
    OPEN = "open"
    ENDORSED = "endorsed"
    """One officer has approved; a second one is to."""
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Owner:
    """A beneficial owner: who, of which country, with how many hundredths of the body (0 where that is not told)."""

    name: str
    country: str
    percent: int = 0


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody asks for. `documents` are SHA-256 digests; after a rejection mail and owners are forgotten."""

    number: str
    organisation: str
    kind: str
    name: str
    mail: str
    account: str
    documents: tuple[str, ...]
    owners: tuple[Owner, ...]
    state: ApplicationState
    made_ms: int
    endorsed_by: str = ""
    valid_until: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who is to act for the applicant, once the account is open."""

    name: str
    mail: str


@dataclass(frozen=True, slots=True)
class Saying:
    """A question of the office, or what the applicant says."""

    by_applicant: bool
    text: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Room:
    """What stands beside an application that came from the page. `key` is a digest; the sender alone has the key.

    After a rejection the contact, the purpose, the colleagues and the talk are forgotten.
    """

    number: str
    key: bytes
    language: str
    country: str
    contact: str
    purpose: str
    colleagues: tuple[Colleague, ...]
    sayings: tuple[Saying, ...] = ()


@dataclass(frozen=True, slots=True)
class KycFile:
    """What a registry knows of a holder, and the last day on which it is good. Only that day enters the journal."""

    organisation: str
    documents: tuple[str, ...]
    owners: tuple[Owner, ...]
    valid_until: str
    kept_ms: int


class Applications(Protocol):
    def add(self, application: Application) -> None: ...
    def get(self, number: str) -> Application | None: ...
    def put(self, application: Application) -> None: ...
    def waiting(self) -> int: ...
    def open_ones(self, *, limit: int) -> list[Application]:
        """Those that are not decided, oldest first."""
        ...

    def listed(self, *, after: str, limit: int) -> list[Application]: ...
    def furnish(self, room: Room) -> None:
        """Keep the room of an application, in place of what stood there."""
        ...

    def room(self, number: str) -> Room | None: ...
    def keep(self, file: KycFile) -> None: ...
    def file(self, organisation: str) -> KycFile | None: ...
    def forget(self, organisation: str) -> bool:
        """Delete the file on a body; False where there is none."""
        ...
