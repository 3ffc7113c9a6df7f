"""What a page answers: a page, the way elsewhere, a file, or a long file piece by piece."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.http.exchange import Header


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
