"""Open a section of the international registry for a Party that asked for one, and close it when the Party takes it."""

from dataclasses import dataclass, replace
from typing import Final

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.domain.federation.section import (
    INTERNATIONAL,
    SECTION,
    SECTION_REGISTRY,
    HostedSection,
    SectionFault,
    SectionState,
)
from counterfoil.domain.kernel.ids import DIGEST, PARTY, Party
from counterfoil.domain.kernel.ids import REGISTRY as REGISTRY_ID
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.ledger.key_history import read_key

_TEXT_MAX: Final = 200
_ENTRIES_MAX: Final = 2**53 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSection(Command):
    """Open a Party's section, at the Party's written request (its SHA-256), which lies in the evidence store.

    `registry`, `origin` and `public_key` are those of the registry that the section is: whoever checks its log later
    can begin with them.
    """

    party: Party
    registry: str
    origin: str
    public_key: str
    request: str


def open_section(command: OpenSection, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a second section of a Party, an identifier that had another Party, and a request that is not kept.

    A Party whose section was closed may ask for one again. Source: 2/CMA.3 annex para. 30; 6/CMA.4 annex I para. 12.
    """
    if context.registry.purpose != INTERNATIONAL:
        return Refusal(SectionFault.NOT_INTERNATIONAL, {"registry": context.registry.registry})
    unreadable = _unreadable(command)
    if unreadable is not None:
        return Refusal(SectionFault.UNREADABLE, {"field": unreadable})
    if command.party == context.registry.party:
        return Refusal(SectionFault.OF_ADMINISTRATOR, {"party": command.party})
    known = stored(books, SECTION, command.party, HostedSection)
    if known is not None and known.state is SectionState.OPEN:
        return Refusal(SectionFault.PARTY_TAKEN, {"party": command.party, "registry": known.registry})
    owner = books.record(SECTION_REGISTRY, command.registry)
    if owner is not None and owner["party"] != command.party:
        return Refusal(SectionFault.REGISTRY_TAKEN, {"registry": command.registry, "party": owner["party"]})
    if not context.kept(command.request):
        return Refusal(SectionFault.REQUEST_MISSING, {"request": command.request})
    section = HostedSection(
        command.party, command.registry, command.origin, command.public_key, command.request, context.on
    )
    records = (
        record(SECTION, command.party, section),
        record(SECTION_REGISTRY, command.registry, {"party": command.party}),
    )
    return Entry(Act.SECTION_OPENED, context.on, records=records)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSection(Command):
    """Close a section that its Party has taken over, at the Party's written request.

    `entries` and `root` are the size and root hash (hex) of its log when it was handed over; `address` says where the
    Party keeps it now, as far as it wants that known.
    """

    party: Party
    request: str
    entries: int
    root: str
    address: str = ""


def close_section(command: CloseSection, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a section that is not open, and a request that is not kept. Source: 6/CMA.4 annex I paras. 12, 18."""
    if context.registry.purpose != INTERNATIONAL:
        return Refusal(SectionFault.NOT_INTERNATIONAL, {"registry": context.registry.registry})
    known = stored(books, SECTION, command.party, HostedSection)
    if known is None:
        return Refusal(SectionFault.UNKNOWN, {"party": command.party[:40]})
    if known.state is not SectionState.OPEN:
        return Refusal(SectionFault.CLOSED, {"party": command.party, "on": str(known.closed_on)})
    unreadable = _unreadable_end(command)
    if unreadable is not None:
        return Refusal(SectionFault.UNREADABLE, {"field": unreadable})
    if not context.kept(command.request):
        return Refusal(SectionFault.REQUEST_MISSING, {"request": command.request})
    closed = replace(
        known,
        state=SectionState.CLOSED,
        closing_request=command.request,
        closed_on=context.on,
        entries=command.entries,
        root=command.root,
        address=command.address,
    )
    return Entry(Act.SECTION_CLOSED, context.on, records=(record(SECTION, command.party, closed),))


def _unreadable(command: OpenSection) -> str | None:
    """The first field that cannot be what it should."""
    if not PARTY.match(command.party):
        return "party"
    if not REGISTRY_ID.match(command.registry):
        return "registry"
    if not 0 < len(command.origin) <= _TEXT_MAX or not command.origin.isprintable():
        return "origin"
    if read_key(command.public_key) is None:
        return "public_key"
    return None if DIGEST.match(command.request) else "request"


def _unreadable_end(command: CloseSection) -> str | None:
    if not DIGEST.match(command.request):
        return "request"
    if not 0 < command.entries <= _ENTRIES_MAX:
        return "entries"
    if not DIGEST.match(command.root):
        return "root"
    return None if len(command.address) <= _TEXT_MAX and command.address.isprintable() else "address"
