"""The outbox: what is told, to whom, on which way, and how far that has come.

A notice is made once, by its key; a delivery of it is tried until it succeeds or is set aside, so it may arrive twice.
Deliveries on one way to one target about one subject go out in their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from counterfoil.domain.people.notice import Offsets


class Channel(StrEnum):
    INBOX = "inbox"
    MAIL = "mail"
    WEBHOOK = "webhook"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"
    """Tried too often: it waits for a hand."""
    DROPPED = "dropped"
    """There is nobody to tell any more: the person is erased, or the webhook is no longer configured."""


@dataclass(frozen=True, slots=True)
class Notice:
    """`key` names what it tells of (`journal:7`, `trail:12`); `facts` is canonical JSON without personal data."""

    number: int
    key: str
    sort: str
    subject: str
    at_ms: int
    facts: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """`target` is a pseudonym, or the name of a webhook. `detail` says why the last try failed."""

    number: int
    notice: Notice
    channel: Channel
    target: str
    state: DeliveryState
    tries: int
    next_ms: int
    digest: bool
    detail: str = ""
    read_ms: int | None = None


class MailWish(StrEnum):
    """How often somebody wants mail."""

    EACH = "each"
    DAILY = "daily"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Preference:
    mail: MailWish
    language: str


class Outbox(Protocol):
    """Where notices are kept. Every change stands inside the office's `change()`."""

    def position(self, log: str) -> int | None:
        """How far a log has been read; None when it has not been begun."""
        ...

    def move(self, log: str, position: int) -> None: ...
    def add(self, notice: Notice) -> int | None:
        """Its number; None when a notice with its key is there."""
        ...

    def queue(self, notice: int, channel: Channel, target: str, *, next_ms: int, digest: bool = False) -> None: ...
    def due(self, now_ms: int, *, limit: int) -> Sequence[Delivery]:
        """What may be tried now, in order: of a channel, target and subject nothing after one that has to wait."""
        ...

    def digest(self, person: str, now_ms: int, *, limit: int) -> Sequence[Delivery]:
        """What goes into somebody's collected mail."""
        ...

    def settle(self, number: int, state: DeliveryState, *, tries: int, next_ms: int, detail: str) -> None: ...
    def get(self, number: int) -> Delivery | None: ...
    def listed(self, state: DeliveryState, *, after: int, limit: int) -> Sequence[Delivery]: ...
    def inbox(self, person: str, *, before: int, unread: bool, limit: int) -> Sequence[Delivery]:
        """Newest first."""
        ...

    def read(self, number: int, at_ms: int) -> None: ...
    def preference(self, person: str) -> Preference | None: ...
    def prefer(self, person: str, preference: Preference) -> None: ...
    def members(self, organisation: str, *, on: str) -> Sequence[str]:
        """Active persons who hold any role in a body on a day."""
        ...

    def proposer(self, proposal: str) -> tuple[str, str] | None:
        """Who proposed an act, and for which organisation."""
        ...


@dataclass(frozen=True, slots=True)
class Sort:
    """A kind of notice: whom it is for, whether it is mailed whatever somebody wishes, and its words by language."""

    name: str
    to: tuple[str, ...]
    always: bool
    title: Mapping[str, str]
    body: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Practice:
    """The sorts that a registry tells, and the offsets of its reminders, dated."""

    sorts: Mapping[str, Sort]
    offsets: tuple[Offsets, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is handed to a server: one address, plain text. `name` stays the same when it is sent again."""

    address: str
    title: str
    text: str
    name: str
    language: str


class Post(Protocol):
    """The operator's mail server."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over.

        Raises:
            Outage: `notice.not_delivered`, with the reason.
        """
        ...


class Webhook(Protocol):
    """One configured address of a machine."""

    @property
    def name(self) -> str: ...
    def wants(self, sort: str) -> bool: ...
    def send(self, body: bytes, *, number: int, at_ms: int) -> None:
        """Post a signed body.

        Raises:
            Outage: `notice.not_delivered`, with the reason.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways out that the operator configured; without any, notices are in the application alone."""

    post: Post | None = None
    webhooks: tuple[Webhook, ...] = ()
    language: str = "en"

    def webhook(self, name: str) -> Webhook | None:
        return next((each for each in self.webhooks if each.name == name), None)
