"""What a page is: a row with its path, its handler, and what it answers.

A handler is asynchronous and gets a `Visit`. Most pages only read: `reading` makes a handler of a plain function that
looks at the books in a reader's thread, where the page is rendered too, so that the event loop stays free for acts.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.exchange import Header

if TYPE_CHECKING:
    from counterfoil.entrypoints.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: a template with its facts. With `kept`, a browser may keep it until something is committed.

    Only what depends on the books, the day and the address may be kept; nothing that depends on who asks.
    """

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    kept: bool = True
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """Go on elsewhere (303): after every change, so that going back or loading again repeats nothing."""

    to: str
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """A file, or a piece of data. `name` makes a browser save it under that name."""

    body: bytes
    kind: str
    name: str = ""
    status: int = 200
    kept: bool = True
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class Streamed:
    """A long file, piece by piece, such as a list of a million rows as CSV.

    `piece` is asked in a reader's thread with the mark at which the last one ended (first an empty one), and gives the
    bytes and the next mark; None ends the file.
    """

    piece: Callable[[Sight, str], tuple[bytes, str | None]]
    kind: str
    name: str


Reply: TypeAlias = Shown | Gone | Sent | Streamed
Handler: TypeAlias = "Callable[[Visit], Awaitable[Reply | Refusal]]"


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page: who may come is said by the rows `GET path` and `POST path` of the permission table."""

    path: str
    get: "Handler | None" = None
    post: "Handler | None" = None

    @property
    def methods(self) -> tuple[str, ...]:
        return tuple(name for name, handler in (("GET", self.get), ("POST", self.post)) if handler is not None)


def reading(question: "Callable[[Sight, Visit], Reply | Refusal]") -> Handler:
    """The handler of a page that only reads: `question` runs in a reader's thread, and so does the rendering."""

    async def handler(visit: "Visit") -> Reply | Refusal:
        return await visit.ask(lambda sight: visit.rendered(question(sight, visit), sight))

    return handler
