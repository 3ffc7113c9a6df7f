"""Notices between books: what this side owes a partner by its own entries, and what a partner's notice asks for.

A notice carries the proof of the entry that owes it, and what it says is read from that entry alone. The answer is an
acknowledgement with the proof of the other book's entry, or a refusal with its code.
Read before: `domain/federation/notice.py`, `acting.py`. Source: 4/CMA.6 para. 13; 6/CMA.4 annex I para. 10; ADR-0032.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from counterfoil.application.command import Command, Registry, Units
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.joint_issuance import JOINT_ISSUANCE, own_terms
from counterfoil.application.commands.onward import LEFT_AT
from counterfoil.application.commands.take_notice import RecordNoticeAnswer, TakeNotice
from counterfoil.application.federation.arrivals import left_at, receipt_behind
from counterfoil.application.federation.opening import Opened
from counterfoil.application.ports import JournalRow, Reading, World
from counterfoil.application.provenance import RECEIPT
from counterfoil.application.proving import entry_proof, proven
from counterfoil.domain.federation.message import MessageFault, MessageKind
from counterfoil.domain.federation.notice import (
    NOTICE,
    TAKEN_NOTICE,
    Notice,
    NoticeKind,
    NoticeState,
    is_notice,
    told,
)
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import TRANSFER as TRANSFER_ID
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import ADAPTATION_FUND, AccountRole, role, went_to
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.identifier import unit_class
from counterfoil.domain.units.unit_type import UnitType

NOTICED: Final = "noticed"
"""The state that an acknowledgement of a notice tells."""
_CHARACTERS_MAX: Final = 80


class OwedNotice(NamedTuple):
    """What is to be said about a notice: to whom, as which kind of message, as of which entry."""

    partner: str
    kind: MessageKind
    body: Mapping[str, JSON]
    at: str


def owed_notice(name: str, reading: Reading, world: World) -> OwedNotice | None:
    """The notice that this book owes, or its acknowledgement of one that it took; None where there is none."""
    for record_kind, message in ((NOTICE, MessageKind.NOTICE), (TAKEN_NOTICE, MessageKind.ACKNOWLEDGEMENT)):
        found = reading.record(record_kind, name)
        if found is None:
            continue
        notice = from_json(Notice, world.codec.decode(found.value))
        if record_kind == NOTICE and notice.state is NoticeState.TAKEN:
            return None
        seq = found.seq if notice.entry is None else notice.entry
        row = reading.row(seq)
        if row is None:
            return None
        leaf = world.codec.decode(row.leaf)
        proof: JSON = entry_proof(reading, seq, world.codec)
        body: dict[str, JSON] = {"effective_on": leaf["on"], "proof": proof}
        if message is MessageKind.ACKNOWLEDGEMENT:
            body["state"] = NOTICED
        elif notice.kind is NoticeKind.ARRIVED:
            body[RECEIPT] = receipt_behind(leaf, world)
        return OwedNotice(notice.partner, message, body, leaf["at"])
    return None


def about_notice(opened: Opened, reading: Reading, world: World, own: Registry) -> Command | Refusal | None:
    """The act that a notice, or an answer to one of ours, asks for; None for a message about a transfer."""
    message = opened.message
    if message.kind is MessageKind.NOTICE:
        return _taking(opened, reading, world, own)
    if message.kind not in (MessageKind.ACKNOWLEDGEMENT, MessageKind.REFUSAL) or not is_notice(message.transfer):
        return None
    found = reading.record(NOTICE, message.transfer)
    if found is None:
        return None
    known = from_json(Notice, world.codec.decode(found.value))
    taken = message.kind is MessageKind.ACKNOWLEDGEMENT
    if taken and _proven_leaf(opened, world, notice=message.transfer) is None:
        return _unproven(opened)
    return RecordNoticeAnswer(
        id=f"{message.transfer}:answer:{opened.digest[:12]}",
        on=_on(opened, own),
        notice=TransferId(message.transfer),
        partner=Party(message.sender),
        taken=taken,
        answer=opened.digest,
        entry=found.seq if known.entry is None else known.entry,
        code="" if taken else str(_body(opened).get("code", ""))[:_CHARACTERS_MAX],
    )


def follows(act: Command, books: Books) -> Command | None:
    """The issuance of this book's part of a joint decision, once the partner's book has told that it issued its own."""
    if not isinstance(act, TakeNotice) or act.kind is not NoticeKind.JOINTLY_ISSUED:
        return None
    decision = str(act.content["decision"])
    own = own_terms(books, decision)
    if own is None or own.terms.originating or books.record(JOINT_ISSUANCE, decision) is not None:
        return None
    return Issue(
        id=f"{act.notice}:issue",
        on=act.on,
        answers=own.answers,
        activity=own.terms.activity,
        verification=own.verification,
        vintage=own.terms.vintage,
        quantity=own.terms.quantity,
        account=own.account,
        unit_type=UnitType(own.unit_type),
        scheme=own.scheme,
        authorization=own.authorization,
        decision=decision,
    )


def _taking(opened: Opened, reading: Reading, world: World, own: Registry) -> Command | Refusal:
    message = opened.message
    if not TRANSFER_ID.match(message.transfer):
        return _unproven(opened)
    try:
        row = _proven(opened, world)
        leaf: Any = {} if row is None else world.codec.decode(row.leaf)
        value: Any = told(leaf, message.transfer, to=own.party)
        if value is None or not _happened(leaf, value):
            return _unproven(opened)
        kind, content = NoticeKind(value["kind"]), value["content"]
        if kind is NoticeKind.ARRIVED:
            moment = left_at(_body(opened), content, to=message.sender, reading=reading, world=world)
            if not moment:
                return _unproven(opened)
            content = {**content, LEFT_AT: moment}
        # A book that was restored may give a name again to other units: each telling of these is an act of its own.
        told_by = f":{opened.digest[:12]}" if kind is NoticeKind.FIRST_TRANSFERRED else ""
        return TakeNotice(
            id=f"{message.transfer}:take{told_by}",
            on=_on(opened, own),
            notice=TransferId(message.transfer),
            partner=Party(message.sender),
            kind=kind,
            told_on=date.fromisoformat(leaf["on"]),
            content=content,
            message=opened.digest,
            entry=None if row is None else row.seq,
        )
    except (AttributeError, LookupError, TypeError, ValueError) as unreadable:
        # What a partner's own log says may be anything at all.
        return Refusal(MessageFault.UNREADABLE, {"detail": str(unreadable)[:_CHARACTERS_MAX]})


def _happened(leaf: Any, notice: Mapping[str, Any]) -> bool:
    """Whether units that a notice calls ended, or first transferred, came to be so in the very entry that says so."""
    if notice["kind"] == NoticeKind.FIRST_TRANSFERRED:
        flagged = [row for row in leaf.get("facts", ()) if "first_transferred_on" in row[3]]
        if leaf["act"] == Act.TRANSFERRED_ABROAD:
            flagged = [row for row in leaf["moves"] if row[4] == went_to(notice["content"]["to"])]
        return all(_within(each[:3], flagged) for each in notice["content"]["units"])
    if notice["kind"] == NoticeKind.ARRIVED:
        came = leaf["act"] == Act.ACQUIRED and leaf["details"]["partner"] == notice["content"]["from"]
        return came and all(_within(each, leaf.get("moves", ())) for each in notice["content"]["units"])
    if notice["kind"] != NoticeKind.ENDED:
        return True
    ends = [row for row in leaf.get("moves", ()) if role(row[4]) is AccountRole.TERMINAL or row[4] == ADAPTATION_FUND]
    return all(_within(each, ends) for each in notice["content"]["units"])


def host_told(leaf: Any, units: Sequence[Units], *, own: str, sender: str) -> bool:
    """Whether an entry that makes units of a third Party first transferred owes that Party the notice of it.

    Only the host's book adds to its balance, so units whose host is not told are not acquired. Source: ADR-0036.
    """
    told_units: dict[str, list[Any]] = {}
    for row in leaf.get("records", ()):
        value = row[2] if row[0] == NOTICE and isinstance(row[2], dict) else {}
        if (value.get("kind"), value.get("state")) == (NoticeKind.FIRST_TRANSFERRED, NoticeState.OWED):
            told_units.setdefault(value["partner"], []).extend(value["content"]["units"])
    for part in units:
        of = unit_class(part.unit_class)
        host = "" if isinstance(of, Refusal) else of.party
        if host not in (own, sender) and not _within(
            (part.unit_class, part.first, part.last), told_units.get(host, [])
        ):
            return False
    return True


def _within(units: Sequence[Any], rows: Sequence[Any]) -> bool:
    """Whether the rows of an entry leave none of the units out, however their blocks are cut."""
    key, first, last = units
    for of, start, end, *_ in sorted(rows, key=lambda row: (row[0], row[1])):
        if of == key and start <= first <= end:
            first = end + 1
    return bool(first > last)


def _proven_leaf(opened: Opened, world: World, *, notice: str) -> Mapping[str, Any] | None:
    """The partner's entry that took a notice of ours, as the acknowledgement proves it."""
    row = _proven(opened, world)
    try:
        leaf: Any = None if row is None else world.codec.decode(row.leaf)
        took = leaf is not None and leaf["act"] in _TOOK and leaf.get("details", {}).get("notice") == notice
    except (AttributeError, LookupError, TypeError, ValueError):
        return None
    return leaf if took else None


_TOOK: Final = tuple(
    act.value for act in (Act.NOTICE_TAKEN, Act.ENDED_ABROAD, Act.FIRST_TRANSFERRED_THERE, Act.FORWARDED_THERE)
)


def _proven(opened: Opened, world: World) -> JournalRow | None:
    proof = _body(opened).get("proof")
    if not isinstance(proof, Mapping):
        return None
    return proven(
        proof,
        public_key=base64.b64decode(opened.partner.public_key),
        origin=opened.partner.origin,
        verify=world.verify,
        codec=world.codec,
    )


def _on(opened: Opened, own: Registry) -> date | None:
    """In a demonstration both books write the day that the message names; otherwise each writes its own day."""
    day = _body(opened).get("effective_on")
    return date.fromisoformat(str(day)) if own.demonstration and day else None


def _body(opened: Opened) -> Any:
    return opened.message.body


def _unproven(opened: Opened) -> Refusal:
    message = opened.message
    return Refusal(MessageFault.PROOF, {"sender": message.sender, "transfer": message.transfer[:_CHARACTERS_MAX]})
