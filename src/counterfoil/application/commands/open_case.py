"""Open a case about units of which this book and a partner's say different things, and block exactly those.

Read before: `domain/federation/case.py`. Source: ADR-0033.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, Units, record, stored
from counterfoil.domain.federation.case import CaseKind, Claim, Mender
from counterfoil.domain.federation.link import PARTNER, LinkFault, LinkState, Partner
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST, NAME, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import HOLD, Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.units.identifier import unit_class
from counterfoil.domain.units.serials import no_range

CASE: Final = "case"
CASE_RANGES_MAX: Final = 32


class CaseFault(StrEnum):
    ID_UNREADABLE = "case.id_unreadable"
    ALREADY_OPEN = "case.already_open"
    RANGES = "case.ranges"
    EVIDENCE_UNREADABLE = "case.evidence_unreadable"


class CaseState(StrEnum):
    """`mended`: this book has booked what was missing, and waits until the partner's agrees."""

    OPEN = "open"
    MENDED = "mended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Departure:
    """An entry that this registry signed and does not know any more: units that it let go.

    `trigger` is set where it was their first transfer, on the day `on`.
    """

    entry: int
    transfer: str
    on: date
    trigger: str | None = None


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case as this book sees it. `evidence` is the digest of the partner's signed answer, which is kept."""

    id: str
    partner: Party
    kind: CaseKind
    mender: Mender
    blocked: bool
    units: tuple[Units, ...]
    ours: Claim | None
    theirs: Claim | None
    evidence: str
    opened_on: date
    departure: Departure | None = None
    state: CaseState = CaseState.OPEN
    way: str = ""
    authority: str = ""
    reason: str = ""
    closed_on: date | None = None
    closing_evidence: str = ""
    partner_entry: int | None = None

    @property
    def holds(self) -> tuple[str, ...]:
        """The keys of its holds, one for each range."""
        return tuple(f"{self.id}:{number}" for number in range(1, len(self.units) + 1)) if self.blocked else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase(Command):
    """Open a case: what both books say of these units, who has to mend it, and what the partner showed (a digest)."""

    case: str
    partner: Party
    kind: CaseKind
    mender: Mender
    blocked: bool
    units: tuple[Units, ...]
    evidence: str
    ours: Claim | None = None
    theirs: Claim | None = None
    departure: Departure | None = None


def open_case(command: OpenCase, books: Books, context: Context) -> Entry | Refusal:
    """Block the units, whether they are here or not: what is not may be brought in while the case stands.

    A partner whose log was rewritten is suspended with it. Source: 6/CMA.4 annex I paras. 9-10; ADR-0033.
    """
    partner = stored(books, PARTNER, command.partner, Partner)
    refusal = _openable(command, books) or _readable(command)
    if partner is None:
        return Refusal(LinkFault.UNKNOWN, {"partner": command.partner[:20]})
    if refusal is not None:
        return refusal
    case = CaseRecord(
        command.case,
        command.partner,
        command.kind,
        command.mender,
        command.blocked,
        command.units,
        command.ours,
        command.theirs,
        command.evidence,
        context.on,
        command.departure,
    )
    records = [record(CASE, case.id, case), *_holds(case)]
    if command.kind is CaseKind.FORKED:
        stopped = replace(partner, state=LinkState.SUSPENDED, reason=case.id)
        records.append(record(PARTNER, partner.party, stopped))
    return Entry(
        Act.CASE_OPENED,
        context.on,
        records=tuple(records),
        details={"case": case.id, "partner": case.partner, "kind": case.kind.value, "evidence": case.evidence},
    )


def _openable(command: OpenCase, books: Books) -> Refusal | None:
    if not NAME.match(command.case):
        return Refusal(CaseFault.ID_UNREADABLE, {"case": command.case[:80]})
    if books.record(CASE, command.case) is not None:
        return Refusal(CaseFault.ALREADY_OPEN, {"case": command.case})
    if not DIGEST.match(command.evidence):
        return Refusal(CaseFault.EVIDENCE_UNREADABLE, {"case": command.case, "evidence": command.evidence[:80]})
    return None


def _readable(command: OpenCase) -> Refusal | None:
    """Serials are named, where it is about serials, and can be read."""
    about = 0 if command.kind is CaseKind.FORKED else 1
    if not about <= len(command.units) <= CASE_RANGES_MAX * about:
        return Refusal(CaseFault.RANGES, {"ranges": len(command.units), "ranges_max": CASE_RANGES_MAX})
    for units in command.units:
        of = unit_class(units.unit_class)
        refusal = (of if isinstance(of, Refusal) else None) or no_range(units.first, units.last)
        if refusal is not None:
            return refusal
    return None


def _holds(case: CaseRecord) -> list[Record]:
    found = []
    for key, units in zip(case.holds, case.units, strict=bool(case.holds)):
        value: dict[str, JSON] = {
            "unit_class": units.unit_class,
            "first": units.first,
            "last": units.last,
            "authority": "",
            "reason": f"{case.partner}: {case.kind.value}",
            "placed_on": case.opened_on.isoformat(),
            "released_on": None,
            "case": case.id,
        }
        found.append(Record(HOLD, key, value))
    return found


def freed(case: CaseRecord, books: Books, on: date) -> list[Record]:
    """The case's holds, released."""
    standing = ((key, books.record(HOLD, key)) for key in case.holds)
    return [
        Record(HOLD, key, {**held, "released_on": on.isoformat(), "release_reason": case.id}) for key, held in standing
    ]
