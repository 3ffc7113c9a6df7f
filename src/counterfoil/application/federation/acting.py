"""What a partner's message asks of this book: one act for each kind of message, with what the message must prove.

Every act's id is derived from the transfer's, so that a repeated message gets the first answer again.
Read before: `opening.py`, `application/commands/abroad.py`. Source: 6/CMA.4 annex I paras. 9-10; ADR-0007; ADR-0032.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from counterfoil.application.command import Command, Registry
from counterfoil.application.commands.abroad import AbroadFault, SettleTransfer, TransferRecord, TransferState
from counterfoil.application.commands.acquire import AcceptTransfer, Acquire, DeclineTransfer
from counterfoil.application.commands.consent import NoteProposedTransfer
from counterfoil.application.commands.end_transfer import ConfirmTransfer, Ending, VoidTransfer
from counterfoil.application.commands.offered import AcquireFault, OfferedPart, may_arrive
from counterfoil.application.commands.recover import may_have_forgotten
from counterfoil.application.commands.retire_there import RetireThere
from counterfoil.application.commands.waiting import what_was_offered
from counterfoil.application.federation.agreed_terms import same_terms
from counterfoil.application.federation.custody import Ground, Known, unshown
from counterfoil.application.federation.noticing import host_told
from counterfoil.application.federation.opening import Opened
from counterfoil.application.federation.partner_proof import proven_by, remembering
from counterfoil.application.federation.receipts import RECEIPTS
from counterfoil.application.federation.refused_by_hand import in_words
from counterfoil.application.ports import JournalRow, Reading, World
from counterfoil.application.provenance import RECEIPT
from counterfoil.application.thread import Span
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.federation.link import LinkFault, LinkState
from counterfoil.domain.federation.message import MessageFault, MessageKind
from counterfoil.domain.kernel.ids import TRANSFER as TRANSFER_ID
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import went_to
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act

_LEFT: Final = (Act.FIRST_TRANSFERRED.value, Act.TRANSFERRED_ABROAD.value)
_CHARACTERS_MAX: Final = 200


class ActMaker:
    """Makes acts of messages, for one registry."""

    __slots__ = ("_books", "_ground", "_own", "_reading", "_verify", "_world", "documents")

    def __init__(self, world: World, own: Registry, books: Books, reading: Reading) -> None:
        self._world = world
        self._own = own
        self._books = books
        self._reading = reading
        self._verify = remembering(world.verify)
        self._ground = Ground(own, books, Known(reading, world))
        self.documents: list[bytes] = []
        """What must be in the evidence store before the acts are done; kept together, as each waits for the disk."""

    def _keep(self, document: bytes) -> str:
        """The digest under which a document will be kept."""
        self.documents.append(document)
        return sha256(document).hexdigest()

    def act(self, opened: Opened, known: TransferRecord | None) -> Command | Refusal:
        """The act that a message asks for, or why it asks for none.

        Args:
            known: The transfer as the committed book has it.
        """
        message = opened.message
        if not TRANSFER_ID.match(message.transfer):
            return Refusal(AbroadFault.ID_UNREADABLE, {"transfer": message.transfer[:80]})
        if known is not None and known.partner != message.sender:
            return Refusal(AbroadFault.OTHER_PARTNER, {"transfer": message.transfer, "sender": message.sender})
        direction = "in" if message.kind in _TO_TARGET else "out"
        if known is not None and known.direction != direction:
            return _out_of_order(opened, known)
        try:
            return _MAKERS[message.kind](self, opened, known)
        except (AttributeError, LookupError, TypeError, ValueError) as unreadable:
            # What a partner's own log says may be anything at all.
            return Refusal(MessageFault.UNREADABLE, {"detail": str(unreadable)[:_CHARACTERS_MAX]})

    def _proposal(self, opened: Opened, known: TransferRecord | None) -> Command | Refusal:
        message, body = opened.message, _body(opened)
        if opened.partner.state is not LinkState.LIVE:
            return Refusal(LinkFault.NOT_LIVE, {"partner": opened.partner.party, "state": opened.partner.state.value})
        if known is None:
            if self._proven(opened, (Act.TRANSFER_PROPOSED.value,)) is None:
                return _unproven(opened)
            refusal = unshown(
                [Span(*part[:3]) for part in body["parts"]],
                sender=opened.partner,
                receipts=body.get(RECEIPTS),
                ground=self._ground,
            )
            if refusal is not None:
                return refusal
        decided = known is not None and known.state is not TransferState.OFFERED
        by_hand = known.by_hand if known is not None and decided else opened.partner.by_hand
        act, name = (NoteProposedTransfer, "offer") if by_hand else (AcceptTransfer, "accept")
        offer = act(
            id=f"{message.transfer}:{name}",
            on=self._on(opened),
            transfer=TransferId(message.transfer),
            partner=Party(message.sender),
            parts=tuple(OfferedPart(*part) for part in body["parts"]),
            target=body["target"],
            authorizations=tuple(body["authorizations"]),
            approaches=tuple(body["approaches"]),
            proposal=opened.digest,
            entity=body.get("entity"),
            expires_at=body.get("expires_at", ""),
            retire=_retire(body.get("retire")),
        )
        return self._as_noted(offer) if isinstance(offer, NoteProposedTransfer) and not decided else offer

    def _as_noted(self, offer: NoteProposedTransfer) -> NoteProposedTransfer:
        """What waits here already, where the same is proposed again: letters behind it may have moved on meanwhile.

        So it goes on waiting, as the source's own book has not ended it.
        """
        kept = what_was_offered(self._books, offer.transfer)
        if kept is None:
            return offer
        noted = replace(from_json(NoteProposedTransfer, kept), id=offer.id, on=offer.on)
        return noted if _terms(noted) == _terms(offer) else offer

    def _acceptance(self, opened: Opened, known: TransferRecord | None) -> Command | Refusal:
        if known is None:
            return _out_of_order(opened, known)
        row = self._proven(opened, (Act.TRANSFER_ACCEPTED.value,))
        return _unproven(opened) if row is None else self._settle(opened, known, row)

    def _settle(self, opened: Opened, known: TransferRecord, row: JournalRow) -> Command | Refusal:
        """Nothing leaves by an agreement to other terms; what has left already is told again, whatever they were."""
        transfer = opened.message.transfer
        if known.state is TransferState.PROPOSED and not same_terms(self._world.codec.decode(row.leaf), known):
            return Refusal(MessageFault.OTHER_TERMS, {"transfer": transfer, "sender": opened.message.sender})
        return SettleTransfer(
            id=f"{transfer}:settle", on=self._on(opened), transfer=TransferId(transfer), acceptance=opened.digest
        )

    def _refusal(self, opened: Opened, known: TransferRecord | None) -> Command | Refusal:
        if known is None:
            return _out_of_order(opened, known)
        transfer, code = opened.message.transfer, str(_body(opened)["code"])[:_CHARACTERS_MAX]
        return VoidTransfer(
            id=f"{transfer}:void",
            on=self._on(opened),
            transfer=TransferId(transfer),
            reason=f"{opened.message.sender}: {in_words(code, _body(opened).get('facts')) or code}",
            ending=Ending.REFUSED,
            answer=opened.digest,
        )

    def _receipt(self, opened: Opened, known: TransferRecord | None) -> Command | Refusal:
        """Acquire only what the partner's own log, under its signed checkpoint, says has left it."""
        if known is None:
            return _out_of_order(opened, known)
        row = self._proven(opened, _LEFT)
        leaf = None if row is None else self._world.codec.decode_unchecked(row.leaf)
        if leaf is None or not self._left_for_us(leaf, known):
            return _unproven(opened)
        if leaf["act"] == Act.FIRST_TRANSFERRED.value and not host_told(
            leaf, known.parts, own=self._own.party, sender=known.partner
        ):
            return Refusal(AcquireFault.HOST_NOT_TOLD, {"transfer": known.id, "sender": known.partner})
        if known.state is TransferState.OFFERED and may_have_forgotten(self._books, known.partner, known.proposed_on):
            return self._consented_before(opened, known)
        provenance = _body(opened)["provenance"]
        first = leaf["act"] == Act.FIRST_TRANSFERRED.value
        on = date.fromisoformat(leaf["on"])
        told = next((row[3].get("first_transfer_trigger") for row in leaf.get("facts", ())), None)
        trigger = Trigger(str(told)) if first else None
        if known.state is TransferState.ACCEPTED:
            # What cannot be acquired is refused before anything of it is kept.
            for part in known.parts:
                refusal = may_arrive(part.unit_class, part.first, part.last, self._books)
                if refusal is not None:
                    return refusal
            for text in provenance["evidence"].values():
                self._keep(str(text).encode())
            # With the proof that the units left: shown to a partner who has forgotten it (ADR-0033).
            shown = {**provenance, RECEIPT: _body(opened)["proof"]}
            # All of it stands in a message that was found to be canonical.
            kept = self._keep(self._world.codec.encode_plain(shown))
        else:
            kept = ""
        return Acquire(
            id=f"{known.id}:acquire",
            on=self._on(opened),
            transfer=known.id,
            receipt=opened.digest,
            provenance=kept,
            first_transferred_on=on if first else None,
            trigger=trigger,
        )

    def _consented_before(self, opened: Opened, known: TransferRecord) -> Command:
        """This book was restored from before the consent: what left for it by that proves that there was one.

        A book that was not restored of late has forgotten no consent, and takes none from a partner. The acceptance is
        told again, and the receipt comes in answer. Source: ADR-0033.
        """
        kept = from_json(AcceptTransfer, what_was_offered(self._books, known.id))
        return replace(kept, id=f"{known.id}:accept", on=self._on(opened), expires_at="")

    def _left_for_us(self, leaf: Mapping[str, Any], accepted: TransferRecord) -> bool:
        """Whether the entry moved all that was accepted to this Party."""
        here = went_to(self._own.party)
        left = [(row[0], row[1], row[2]) for row in leaf.get("moves", ()) if row[4] == here]
        whole = {*left}  # mostly the parts themselves
        return all(
            (part.unit_class, part.first, part.last) in whole
            or any(part.unit_class == of and first <= part.first and part.last <= last for of, first, last in left)
            for part in accepted.parts
        )

    def _withdrawal(self, opened: Opened, known: TransferRecord | None) -> Command | Refusal:
        if known is None:
            return _out_of_order(opened, known)
        body = _body(opened)
        return DeclineTransfer(
            id=f"{known.id}:decline",
            on=self._on(opened),
            transfer=known.id,
            reason=str(body["reason"])[:_CHARACTERS_MAX],
            ending=Ending(body["ending"]),
        )

    def _acknowledgement(self, opened: Opened, known: TransferRecord | None) -> Command | Refusal:
        body = _body(opened)
        if known is None or body["state"] != "acquired":
            return _out_of_order(opened, known)
        row = self._proven(opened, (Act.ACQUIRED.value,))
        if row is None:
            return _unproven(opened)
        if known.state is TransferState.PROPOSED:
            # This book was restored from before its own final entry: the partner's acquisition proves there was one.
            return self._settle(opened, known, row)
        return ConfirmTransfer(
            id=f"{known.id}:confirm",
            on=self._on(opened),
            transfer=known.id,
            acknowledgement=opened.digest,
            entry=row.seq,
        )

    def _proven(self, opened: Opened, acts: tuple[str, ...]) -> JournalRow | None:
        """The entry of the partner's log that the message shows, when it is one of these acts on this transfer."""
        row = proven_by(opened.partner, _body(opened)["proof"], verify=self._verify, codec=self._world.codec)
        leaf = None if row is None else self._world.codec.decode_unchecked(row.leaf)
        shown = (
            leaf is not None
            and leaf["act"] in acts
            and leaf.get("details", {}).get("transfer") == opened.message.transfer
            and leaf.get("details", {}).get("partner") == self._own.party
        )
        return row if shown else None

    def _on(self, opened: Opened) -> date | None:
        """In a demonstration both books write the day that the message names; otherwise each writes its own day."""
        day = opened.message.body.get("effective_on")
        return date.fromisoformat(str(day)) if self._own.demonstration and day else None


_Make = Callable[[ActMaker, Opened, TransferRecord | None], Command | Refusal]
_MAKERS: Final[Mapping[MessageKind, _Make]] = MappingProxyType(
    {
        MessageKind.PROPOSAL: ActMaker._proposal,
        MessageKind.ACCEPTANCE: ActMaker._acceptance,
        MessageKind.REFUSAL: ActMaker._refusal,
        MessageKind.RECEIPT: ActMaker._receipt,
        MessageKind.WITHDRAWAL: ActMaker._withdrawal,
        MessageKind.ACKNOWLEDGEMENT: ActMaker._acknowledgement,
    }
)
_TO_TARGET: Final = frozenset({MessageKind.PROPOSAL, MessageKind.RECEIPT, MessageKind.WITHDRAWAL})


def _terms(offer: AcceptTransfer) -> tuple[object, ...]:
    """What is proposed, without the records behind it."""
    spans = tuple((part.unit_class, part.first, part.last) for part in offer.parts)
    return offer.partner, spans, offer.target, offer.entity, offer.expires_at, offer.retire


def _retire(asked: Any) -> RetireThere | None:
    if asked is None:
        return None
    year, purpose = (asked["year"], asked["purpose"]) if isinstance(asked, Mapping) else (None, None)
    if type(year) is not int or not isinstance(purpose, str):
        raise ValueError("body.retire")
    return RetireThere(year, purpose)


def _body(opened: Opened) -> Any:
    return opened.message.body


def _unproven(opened: Opened) -> Refusal:
    return Refusal(MessageFault.PROOF, {"sender": opened.message.sender, "transfer": opened.message.transfer})


def _out_of_order(opened: Opened, known: TransferRecord | None) -> Refusal:
    message = opened.message
    state = "unknown" if known is None else known.state.value
    return Refusal(MessageFault.SEQUENCE, {"kind": message.kind.value, "transfer": message.transfer, "state": state})
