"""The host records that units of its own, gone abroad without a first transfer, ended there: that is their first one.

Their holder's registry tells it, by a signed notice (`take_notice.py`) or, where the two are not linked, on paper.

Source: 4/CMA.6 paras. 12-14, 16-17; 2/CMA.3 annex para. 2(b).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, Units
from counterfoil.application.commands.covering import covering
from counterfoil.application.commands.first_transferring import FirstTransferring, admissible, counts, flags
from counterfoil.application.commands.foreign import authorization_of
from counterfoil.application.commands.offered import ENDED_THERE, outside
from counterfoil.application.commands.reach import Piece
from counterfoil.domain.accounting.first_transfer import Event, Trigger, trigger
from counterfoil.domain.accounting.unit_facts import Status, unit_facts
from counterfoil.domain.authorizations.coverage import covers
from counterfoil.domain.federation.notice import PARTS_MAX, NoticeFault
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import Party, unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import went_to
from counterfoil.domain.ledger.availability import first_missing
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.purpose import OIMP, Purpose
from counterfoil.domain.units.serials import no_range

ENDED_ABROAD: Final = "ended_abroad"
"""By the reference of a notification on paper: that it was recorded, so that it is recorded once."""


class EndAbroadFault(StrEnum):
    NOT_OURS = "ended_abroad.not_ours"
    NOT_THERE = "ended_abroad.not_there"
    FIRST_TRANSFERRED = "ended_abroad.first_transferred"
    NO_FIRST_TRANSFER = "ended_abroad.no_first_transfer"
    NOT_YET = "ended_abroad.not_yet"
    ALREADY_RECORDED = "ended_abroad.already_recorded"
    DOCUMENT_MISSING = "ended_abroad.document_missing"
    PURPOSE_UNCLEAR = "ended_abroad.purpose_unclear"


_EVENTS: Final = {
    Trigger.USE_OR_CANCELLATION: Event.USED_OR_CANCELLED_FOR_OIMP,
    Trigger.OMGE: Event.CANCELLED_FOR_OMGE,
    Trigger.ADAPTATION_FUND: Event.GIVEN_TO_ADAPTATION_FUND,
}


@dataclass(frozen=True, slots=True)
class EndThere:
    """What ended in a partner's book, as it told: by which event, for which purpose, on which day of that book."""

    partner: Party
    parts: tuple[Units, ...]
    trigger: Trigger
    ended_on: date
    purpose: Purpose | None = None
    entity: str | None = None
    beneficiary: str = ""
    by_notice: bool = True

    def said(self) -> dict[str, JSON]:
        told = {"entity": self.entity, "beneficiary": self.beneficiary}
        return {
            "partner": self.partner,
            "trigger": self.trigger.value,
            "ended_on": self.ended_on.isoformat(),
            "purpose": "OMGE" if self.trigger is Trigger.OMGE else self.purpose.value if self.purpose else "",
            **{name: value for name, value in told.items() if value},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEndAbroad(Command):
    """Record a notification on paper: units of this Party's own ended in another Party's registry.

    `reference` names the notification, `document` is its SHA-256 in the evidence store, `ended_on` the day of the use
    or cancellation there; units may have come to that Party by way of another. `trigger` is `use_or_cancellation`
    (with its `purpose`), `omge` or `adaptation_fund`. A registry that is linked sends a signed notice instead, which
    is recorded without anybody's doing.
    """

    reference: str
    document: str
    partner: Party
    parts: tuple[Units, ...]
    trigger: Trigger
    ended_on: date
    purpose: Purpose | None = None
    entity: str | None = None
    beneficiary: str = ""


def record_end_abroad(command: RecordEndAbroad, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a notification that was recorded before, and one whose document is not kept. Source: 4/CMA.6 para. 13."""
    nameless = unfit("reference", command.reference)
    if nameless is not None:
        return nameless
    facts = {"reference": command.reference}
    if books.record(ENDED_ABROAD, command.reference) is not None:
        return Refusal(EndAbroadFault.ALREADY_RECORDED, facts)
    if not context.kept(command.document):
        return Refusal(EndAbroadFault.DOCUMENT_MISSING, {**facts, "document": command.document[:80]})
    ended = EndThere(
        command.partner,
        command.parts,
        command.trigger,
        command.ended_on,
        command.purpose,
        command.entity,
        command.beneficiary,
        by_notice=False,
    )
    entry = first_transferred_there(ended, books, context)
    if isinstance(entry, Refusal):
        return entry
    kept = Record(ENDED_ABROAD, command.reference, {"document": command.document, "on": context.on.isoformat()})
    details = {**entry.details, "reference": command.reference, "document": command.document}
    return entry._replace(records=(*entry.records, kept), details=details)


def first_transferred_there(ended: EndThere, books: Books, context: Context) -> Entry | Refusal:
    """The first transfer of units that stand in the partner's book for this one, dated by the day they ended there.

    The letter is asked as of that day, and the quantity and the deadline as of now: nothing recorded too late counts.

    Source: 4/CMA.6 paras. 11-14; 2/CMA.3 annex paras. 8(a), 16.
    """
    refusal = _clear(ended, context)
    if refusal is not None:
        return refusal
    groups: list[FirstTransferring] = []
    for part in ended.parts:
        found = _of_part(ended, part, books, context)
        if isinstance(found, Refusal):
            return found
        groups.extend(found)
    if not groups:
        # All of it was recorded before, from a notification on paper.
        return Entry(Act.NOTICE_TAKEN, context.on, details=ended.said())
    refusal = admissible(groups, books, context)
    if refusal is not None:
        return refusal
    flagged = flags(groups, on=ended.ended_on)
    return Entry(
        Act.ENDED_ABROAD,
        context.on,
        facts=tuple(each._replace(facts={**each.facts, ENDED_THERE: ended.partner}) for each in flagged.facts),
        postings=flagged.postings,
        records=counts(groups, books),
        details=ended.said(),
        because=groups[0].authorization.reference,
    )


def _clear(ended: EndThere, context: Context) -> Refusal | None:
    if not 1 <= len(ended.parts) <= PARTS_MAX:
        return Refusal(NoticeFault.TOO_MANY_PARTS, {"parts": len(ended.parts), "parts_max": PARTS_MAX})
    if (ended.trigger is Trigger.USE_OR_CANCELLATION) is not (ended.purpose in OIMP):
        return Refusal(EndAbroadFault.PURPOSE_UNCLEAR, {"trigger": ended.trigger.value, "purpose": ended.purpose or ""})
    if ended.ended_on > context.on:
        days = {"ended_on": ended.ended_on.isoformat(), "on": context.on.isoformat()}
        return Refusal(EndAbroadFault.NOT_YET, {**days})
    return None


def _of_part(ended: EndThere, part: Units, books: Books, context: Context) -> Sequence[FirstTransferring] | Refusal:
    unreadable = no_range(part.first, part.last)
    if unreadable is not None:
        return unreadable
    of = unit_class(part.unit_class)
    if isinstance(of, Refusal):
        return of
    known = {"units": f"{of.key} {part.first}..{part.last}"}
    if of.party != context.registry.party or of.vintage is None:
        return Refusal(EndAbroadFault.NOT_OURS, {**known, "party": context.registry.party})
    holdings = books.holdings(of.key, part.first, part.last)
    elsewhere = next(
        (each.account for each in holdings if not (_recorded(each, ended) or _is_there(each, ended))), None
    )
    if elsewhere is not None or first_missing(part.first, part.last, holdings) is not None:
        return Refusal(EndAbroadFault.NOT_THERE, {**known, "partner": ended.partner, "found": elsewhere or "-"})
    groups: list[FirstTransferring] = []
    for holding in holdings:
        if _recorded(holding, ended):
            continue
        found = _of_piece(ended, of, Piece(holding.serials, unit_facts(holding.facts)), books, context)
        if isinstance(found, Refusal):
            return found
        groups.append(found)
    return groups


def _is_there(holding: Holding, ended: EndThere) -> bool:
    """A registry speaks for what left to it; a document may also speak of units that went on to a third."""
    return holding.account == went_to(ended.partner) if ended.by_notice else outside(holding)


def _recorded(holding: Holding, ended: EndThere) -> bool:
    """Whether a notice tells again what was recorded from a document."""
    facts = unit_facts(holding.facts)
    same = (facts.first_transferred_on, facts.first_transfer_trigger) == (ended.ended_on, ended.trigger.value)
    return ended.by_notice and same


def _of_piece(
    ended: EndThere, of: UnitClass, piece: Piece, books: Books, context: Context
) -> FirstTransferring | Refusal:
    known = {"units": f"{of.key} {piece.serials}"}
    if piece.facts.status is not Status.AUTHORIZED:
        return Refusal(EndAbroadFault.FIRST_TRANSFERRED, {**known, "partner": ended.partner})
    then = replace(context, on=ended.ended_on)
    letter = authorization_of(books, then, host=of.party, authorization=piece.facts.authorization or "")
    if isinstance(letter, Refusal):
        return letter
    cover = covering(
        of,
        piece.facts,
        on=ended.ended_on,
        purpose=ended.purpose,
        party=ended.partner,
        entity=ended.entity,
        uses=True,
    )
    refusal = covers(letter, cover)
    if refusal is not None:
        return refusal
    event = _EVENTS.get(ended.trigger)
    pulled = (
        None if event is None else trigger(event, purposes=letter.purposes, definition=letter.first_transfer_definition)
    )
    if pulled is None:
        facts = {**known, "authorization": letter.id, "event": ended.trigger.value}
        return Refusal(EndAbroadFault.NO_FIRST_TRANSFER, facts)
    return FirstTransferring(of, (piece,), letter, pulled)
