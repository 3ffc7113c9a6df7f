"""What this registry does with a partner's notice, and with the partner's answer to one of its own.

A notice rests on an entry of the partner's book, whose proof came with it. What it changes here is decided by the same
rules as if it had happened here; where they refuse, the partner is told the code, and people sort it out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

from counterfoil.application.command import Command, Context, Units, later, record, stored
from counterfoil.application.commands.end_abroad import EndThere, first_transferred_there
from counterfoil.application.commands.first_transferred_there import first_transferred_by_mechanism, read_told
from counterfoil.application.commands.joint_issuance import agreed_there, issued_there
from counterfoil.application.commands.onward import LEFT_AT, SELLER, TOLD_AGAIN, arrived_there, registered
from counterfoil.application.commands.recognition_told import answered_there, objected_there, recognized_there
from counterfoil.application.commands.revoking_abroad import revoked_there
from counterfoil.application.commands.state_authorization import stated_there
from counterfoil.application.commands.witness_partner import day_of_entry
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.federation.joint_issuance import JointTerms
from counterfoil.domain.federation.link import PARTNER, LinkFault, Partner
from counterfoil.domain.federation.notice import (
    NOTICE,
    PARTS_MAX,
    TAKEN_NOTICE,
    Notice,
    NoticeFault,
    NoticeKind,
    NoticeState,
    names_sender,
)
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.units.identifier import unit_class
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.serials import no_range


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeNotice(Command):
    """Take a partner's signed notice. `content` is what its entry says, `message` the digest of the message.

    `entry` is the number of that entry in the partner's log, and `told_on` the day that it names itself.
    """

    notice: TransferId
    partner: Party
    kind: NoticeKind
    told_on: date
    content: Mapping[str, Any]
    message: str
    entry: int | None = later(default=None)


def take_notice(command: TakeNotice, books: Books, context: Context) -> Entry | Refusal:
    """Each notice once; of first transfers each unit once, as a book that was restored may use a name again.

    Source: 4/CMA.6 para. 13; requirement R-CHE-04; ADR-0032; ADR-0036.
    """
    facts = {"notice": command.notice[:80], "partner": command.partner}
    known = stored(books, PARTNER, command.partner, Partner)
    if known is None:
        return Refusal(LinkFault.UNKNOWN, {"partner": command.partner})
    if not names_sender(command.notice, registry=known.registry, own=context.registry.party):
        return Refusal(NoticeFault.NOT_THE_SENDERS, facts)
    if books.record(TAKEN_NOTICE, command.notice) is not None and command.kind is not NoticeKind.FIRST_TRANSFERRED:
        return Refusal(NoticeFault.ALREADY_TAKEN, facts)
    try:
        entry = _TAKEN[command.kind](command, books, context)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Refusal(NoticeFault.CONTENT_UNREADABLE, {**facts, "kind": command.kind.value})
    if isinstance(entry, Refusal):
        return entry
    taken = Notice(
        id=command.notice,
        partner=command.partner,
        kind=command.kind,
        told_on=command.told_on,
        content={name: value for name, value in command.content.items() if name in _MEMBERS[command.kind]},
        state=NoticeState.TAKEN,
        answered_on=context.on,
    )
    details = {"partner": command.partner, **entry.details, "notice": command.notice, "message": command.message}
    return entry._replace(
        records=(*entry.records, record(TAKEN_NOTICE, command.notice, taken)),
        details={**details, "kind": command.kind.value},
    )


Taken = Callable[[TakeNotice, Books, Context], Entry | Refusal]


def _ended(command: TakeNotice, books: Books, context: Context) -> Entry | Refusal:
    content = command.content
    purpose = str(content.get("purpose") or "")
    ended = EndThere(
        command.partner,
        tuple(Units(str(key), int(first), int(last)) for key, first, last in content["units"]),
        Trigger(content["trigger"]),
        command.told_on,
        Purpose(purpose) if purpose else None,
        str(content["entity"]) if content.get("entity") else None,
        str(content.get("beneficiary", "")),
    )
    return first_transferred_there(ended, books, context)


def _recognized(command: TakeNotice, books: Books, context: Context) -> Entry | Refusal:
    content = command.content
    document = content.get("document")
    return recognized_there(
        TransferId(content["transfer"]),
        books,
        context,
        partner=command.partner,
        on=command.told_on,
        reference=str(content["reference"]),
        document=None if document is None else str(document),
    )


def _objected(command: TakeNotice, books: Books, context: Context) -> Entry | Refusal:
    transfer, reason = TransferId(command.content["transfer"]), str(command.content["reason"])
    raised_on = command.told_on
    if command.entry is not None:
        day = {"said": command.told_on, "received": context.on}
        raised_on = day_of_entry(command.partner, command.entry, **day, books=books)
    return objected_there(transfer, books, context, partner=command.partner, on=raised_on, reason=reason)


def _answered(command: TakeNotice, books: Books, context: Context) -> Entry | Refusal:
    transfer, answer = TransferId(command.content["transfer"]), str(command.content["answer"])
    return answered_there(transfer, books, context, partner=command.partner, answer=answer)


def _noted(command: TakeNotice, books: Books, context: Context) -> Entry | Refusal:
    """Units were cancelled there for somebody here: this book knows it, and nothing moves."""
    del books
    parts = [Units(str(key), int(first), int(last)) for key, first, last in command.content["units"]]
    if not 1 <= len(parts) <= PARTS_MAX:
        return Refusal(NoticeFault.TOO_MANY_PARTS, {"parts": len(parts), "parts_max": PARTS_MAX})
    for part in parts:
        of = unit_class(part.unit_class)
        refusal = (of if isinstance(of, Refusal) else None) or no_range(part.first, part.last)
        if refusal is not None:
            return refusal
    units: list[JSON] = [[part.unit_class, part.first, part.last] for part in parts]
    return Entry(Act.NOTICE_TAKEN, context.on, details={"units": units})


def _revoked(command: TakeNotice, books: Books, context: Context) -> Entry | Refusal:
    return revoked_there(command.notice, command.content, books, context, partner=command.partner)


def _agreed(command: TakeNotice, books: Books, context: Context) -> Entry | Refusal:
    return agreed_there(command.content, books, context, partner=command.partner)


def _issued(command: TakeNotice, books: Books, context: Context) -> Entry | Refusal:
    return issued_there(command.content, books, context, partner=command.partner)


def _stated(command: TakeNotice, books: Books, context: Context) -> Entry | Refusal:
    return stated_there(command.content, books, context, partner=command.partner)


def _arrived(command: TakeNotice, books: Books, context: Context) -> Entry | Refusal:
    return arrived_there(command.content, books, context, partner=command.partner)


def _first_transferred(command: TakeNotice, books: Books, context: Context) -> Entry | Refusal:
    partner = stored(books, PARTNER, command.partner, Partner)
    assert partner is not None, "who is not linked is refused before"
    return first_transferred_by_mechanism(read_told(command.content, partner, command.told_on), books, context)


_TAKEN: Final[Mapping[NoticeKind, Taken]] = {
    NoticeKind.ENDED: _ended,
    NoticeKind.RECOGNIZED: _recognized,
    NoticeKind.OBJECTED: _objected,
    NoticeKind.ANSWERED: _answered,
    NoticeKind.BENEFICIARY: _noted,
    NoticeKind.REVOKED: _revoked,
    NoticeKind.JOINT_AGREED: _agreed,
    NoticeKind.JOINTLY_ISSUED: _issued,
    NoticeKind.STATED: _stated,
    NoticeKind.ARRIVED: _arrived,
    NoticeKind.FIRST_TRANSFERRED: _first_transferred,
}

_MEMBERS: Final[Mapping[NoticeKind, frozenset[str]]] = {
    NoticeKind.ENDED: frozenset({"units", "trigger", "purpose", "entity", "beneficiary"}),
    NoticeKind.RECOGNIZED: frozenset({"transfer", "reference", "document"}),
    NoticeKind.OBJECTED: frozenset({"transfer", "reason"}),
    NoticeKind.ANSWERED: frozenset({"transfer", "answer"}),
    NoticeKind.BENEFICIARY: frozenset({"units", "act", "beneficiary"}),
    NoticeKind.REVOKED: frozenset({"authorization", "units", "reason"}),
    NoticeKind.JOINT_AGREED: frozenset(each.name for each in fields(JointTerms)),
    NoticeKind.JOINTLY_ISSUED: frozenset({"decision", "issued"}),
    NoticeKind.STATED: frozenset({"may_follow"}),
    NoticeKind.ARRIVED: frozenset({"units", SELLER, LEFT_AT}),
    NoticeKind.FIRST_TRANSFERRED: frozenset({"to", "act"}),
}
"""What is kept of a notice. A partner may have said more: it is not repeated in this public journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNoticeAnswer(Command):
    """Record a partner's signed answer to a notice of this book: taken, or refused with a code.

    `answer` is the digest of the message, `entry` the number of this book's entry that owes the notice.
    """

    notice: TransferId
    partner: Party
    taken: bool
    answer: str
    entry: int
    code: str = ""


def record_notice_answer(command: RecordNoticeAnswer, books: Books, context: Context) -> Entry | Refusal:
    """What was taken stays taken; what was refused may be taken when it is told again.

    Where the refusal may pass by itself, the notice stays owed and is told again.
    """
    known = stored(books, NOTICE, command.notice, Notice)
    facts = {"notice": command.notice[:80], "partner": command.partner}
    if known is None or known.partner != command.partner:
        return Refusal(NoticeFault.UNKNOWN, facts)
    state = NoticeState.TAKEN if command.taken else NoticeState.REFUSED
    if known.state in (NoticeState.TAKEN, state):
        return Refusal(NoticeFault.ANSWERED, {**facts, "state": known.state.value})
    if command.code in TOLD_AGAIN:
        return Refusal(NoticeFault.TOLD_AGAIN, {**facts, "code": command.code})
    answered = replace(
        known,
        state=state,
        answered_on=context.on,
        answer=command.answer,
        code=command.code[:80],
        entry=command.entry,
    )
    told = {"notice": known.id, "partner": known.partner, "state": state.value, "answer": command.answer}
    return Entry(
        Act.NOTICE_ANSWERED,
        context.on,
        records=(record(NOTICE, known.id, answered), *(registered(known.id, books, context) if command.taken else ())),
        details={**told, **({"code": answered.code} if answered.code else {})},
    )
