"""What a command is, and what it is decided with.

A command is an imperative with an id; the same id and content give the first receipt again. `decide` functions are
rules with their facts read from the books: they return the entry to append, or the refusal.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.period import YearSpan
from counterfoil.domain.kernel.record import from_json, to_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry, JournalEntry, Record
from counterfoil.domain.people.safeguards import Safeguards
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.laws import NO_LAWS, Laws

REGISTRY: Final = "registry"
SELF: Final = "self"
PROPOSED: Final = "proposal:"
"""How the id of an act begins that the office does for a proposal; no caller gives such an id."""
REPORTED: Final = "reported"
LATER: Final = "later"
READ_MAX: Final = 4_096
"""Typed records that are kept; a bound for memory."""


class CommandFault(StrEnum):
    ID_UNREADABLE = "command.id_unreadable"
    ID_TAKEN = "command.id_taken"
    ID_RESERVED = "command.id_reserved"
    UNKNOWN = "command.unknown"
    UNREADABLE = "command.unreadable"
    FIELD_UNKNOWN = "command.field_unknown"
    FROM_PARTNERS_ONLY = "command.from_partners_only"


class EntryFault(StrEnum):
    BACKDATED = "entry.backdated"
    ASSUMED = "entry.assumed_outside_demonstration"
    FUTURE_DATED = "entry.future_dated"
    BEFORE_FROZEN_REPORT = "entry.before_frozen_report"
    TOO_LARGE = "entry.too_large"
    BREAKS_LEDGER = "entry.breaks_ledger"
    REGISTRY_NOT_FOUNDED = "entry.registry_not_founded"


def later(default: Any = MISSING, *, factory: Any = MISSING) -> Any:
    """A field that a later version gave to a command. At its default it says nothing, so it is left out of the hash.

    A command that was sent before an upgrade, and is sent again after it, is then still the same command.
    """
    marked = {LATER: True}
    if factory is not MISSING:
        return field(default_factory=factory, metadata=marked)
    return field(default=default, metadata=marked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What every command carries: its id (given when left empty), its legal day, and confidential fields.

    `on` is the day that decides authorization, rules and reporting year; left out, it is the day of recording.
    `confidential` fields stand in the public journal as salted hashes only. `assumed` names what a demonstration
    supposes (`name = value`); it is shown wherever the act is, and refused outside demonstrations. `answers` are what
    the law of the jurisdiction asks and only people know, by the names of its facts (ADR-0024).
    Source: 2/CMA.3 annex para. 24.
    """

    id: str = ""
    on: date | None = None
    confidential: Mapping[str, str | int] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    answers: Mapping[str, Any] = later(factory=dict)


@dataclass(frozen=True, slots=True)
class NdcPeriod:
    """An NDC implementation period, and the year in which the report on its end is due."""

    first: int
    last: int
    final_btr_year: int

    @property
    def span(self) -> YearSpan:
        return YearSpan(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Registry:
    """Who keeps this book. `is_party` says whether the jurisdiction can authorize and adjust (ADR-0008)."""

    registry: str
    party: Party
    name: str
    origin: str
    public_key: str
    is_party: bool = True
    demonstration: bool = False
    ndc_periods: tuple[NdcPeriod, ...] = ()
    purpose: str = "national"

    def period_of(self, year: int) -> NdcPeriod | None:
        return next((period for period in self.ndc_periods if year in period.span), None)


@dataclass(frozen=True, slots=True)
class Context:
    """The facts of the moment: the registry, the command's legal day, the day of recording, and the journal so far.

    `law` is the law of the adopted pack; a refusal where that pack is here in another version than the one adopted.
    `kept` says whether a document is in the evidence store, for the few acts that stand on one. `now_ms` is the moment
    of recording, UTC milliseconds; `safeguards` are those of accounts on the day of recording.
    """

    registry: Registry
    on: date
    today: date
    entry_at: Callable[[int], JournalEntry | None] = lambda _: None
    laws: Laws = NO_LAWS
    law: Law | Refusal | None = None
    kept: Callable[[str], bool] = lambda _: True
    now_ms: Callable[[], int] = lambda: 0
    safeguards: Safeguards | Refusal | None = None


class Decide(Protocol):
    """A use case: the command and the books in, an entry or a refusal out."""

    def __call__(self, command: Any, books: Books, context: Context, /) -> Entry | Refusal: ...


class Guarding(Protocol):
    """Asked right before an act is decided, with the books that it is decided on: who stands behind it?"""

    def __call__(self, command: Any, books: Books, context: Context, /) -> Refusal | None: ...


@dataclass(frozen=True, slots=True)
class Units:
    """Units `first` to `last` of a class, as a command names them."""

    unit_class: str
    first: int
    last: int


T = TypeVar("T")


def stored(books: Books, kind: str, key: str, cls: type[T]) -> T | None:
    """A record of the books, typed; None when there is none. A record that was read before is not read again."""
    value: JSON = books.record(kind, key)
    if value is None:
        return None
    known = books.read.get((kind, key))
    # A record that is set anew is another object, even with the same content; a draft that was taken back, likewise.
    if known is not None and known[0] is value and type(known[1]) is cls:
        read: T = known[1]
        return read
    found = from_json(cls, value)
    if len(books.read) >= READ_MAX:
        books.read.clear()
    books.read[(kind, key)] = value, found
    return found


def record(kind: str, key: str, value: object) -> Record:
    """A record to be set by an entry."""
    return Record(kind, key, to_json(value))
