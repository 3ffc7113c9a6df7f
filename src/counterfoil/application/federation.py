"""The two sides of a transfer between books: what to send, and what to do with what arrives.

Every step is one command with an id derived from the transfer, so that a repeated message gets the first answer again.
No code here reads another registry's folder: it knows its partners by key and by what they signed.

Read before: `application/commands/abroad.py`, `domain/federation/message.py`. Source: ADR-0007.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final, Protocol, TypeAlias

from counterfoil.application.command import Context, stored
from counterfoil.application.commands.abroad import (
    TRANSFER,
    AbroadFault,
    ProposeTransfer,
    SettleTransfer,
    TransferRecord,
    TransferState,
    VoidTransfer,
)
from counterfoil.application.commands.acquire import AcceptTransfer, Acquire, DeclineTransfer
from counterfoil.application.commands.foreign import FOREIGN_APPROACH, letters_behind
from counterfoil.application.commands.offered import OfferedPart
from counterfoil.application.commands.register import PARTNER, Partner
from counterfoil.application.draft import Outcome
from counterfoil.application.ports import World
from counterfoil.application.provenance import provenance_of
from counterfoil.application.proving import entry_proof, proven
from counterfoil.application.receipt import Receipt, receipt_of
from counterfoil.application.writer import Submission, Writer
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.activities.activity import APPROACH
from counterfoil.domain.federation.message import (
    MESSAGE_BYTES_MAX,
    VERSION,
    Envelope,
    Message,
    MessageFault,
    MessageKind,
    misshapen,
    read_message,
)
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.record import to_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import went_to
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.identifier import UnitClass, unit_class

BY: Final = "federation"
Do: TypeAlias = Callable[[Sequence[Submission]], list[Outcome]]


class Peers(Protocol):
    """The way to other registries. Sending may be repeated; the answer comes as messages of its own."""

    def send(self, party: str, envelope: Envelope) -> None: ...


class Federation:
    """One registry's side of its links."""

    def __init__(self, world: World, writer: Writer, do: Do, peers: Peers) -> None:
        self._world = world
        self._writer = writer
        self._do = do
        self._peers = peers

    def propose(self, command: ProposeTransfer, *, by: str) -> Outcome:
        """Reserve the units here and send the proposal. What is refused here is not sent."""
        outcome = self._do([Submission(command, by)])[0]
        if isinstance(outcome, Receipt):
            self.resend(command.transfer)
        return outcome

    def resend(self, transfer: str) -> Refusal | None:
        """Send the message that this side owes about a transfer, again if need be: a lost one is so made good.

        It is the same message each time, made from the latest entry about the transfer.
        """
        known = stored(self._writer.books, TRANSFER, transfer, TransferRecord)
        latest = self._latest(transfer)
        if known is None or latest is None:
            return Refusal(AbroadFault.UNKNOWN, {"transfer": transfer})
        body: dict[str, JSON] = {"effective_on": latest.effective_on}
        match known.direction, known.state:
            case "out", TransferState.PROPOSED:
                kind, body = MessageKind.PROPOSAL, self._proposal(known, latest)
            case "out", TransferState.FINAL:
                kind, body = MessageKind.RECEIPT, self._receipt(latest)
            case "out", TransferState.VOIDED:
                kind, body = MessageKind.WITHDRAWAL, {**body, "reason": known.reason}
            case "in", TransferState.ACCEPTED:
                kind, body = MessageKind.ACCEPTANCE, {**body, "proof": self._proof(latest)}
            case _:
                return None
        self._send(known.partner, kind, transfer, body, at=latest.recorded_at)
        return None

    def _latest(self, transfer: str) -> Receipt | None:
        """The receipt of the latest entry about a transfer: the one that set its record."""
        reading = self._world.store.reading()
        try:
            record = reading.record(TRANSFER, transfer)
            row = None if record is None else reading.row(record.seq)
        finally:
            reading.close()
        return None if row is None else receipt_of(row, self._world.codec.decode(row.leaf))

    def withdraw(self, transfer: str, *, reason: str, on: date | None = None) -> Outcome:
        """Void an unanswered proposal (it expired, or was taken back) and tell the partner."""
        void = VoidTransfer(id=f"{transfer}:void", on=on, transfer=TransferId(transfer), reason=reason)
        outcome = self._do([Submission(void, BY)])[0]
        if isinstance(outcome, Receipt):
            self.resend(transfer)
        return outcome

    def receive(self, envelope: Envelope) -> Outcome:
        """Take a message that arrived: check who signed it and for whom, then do what it asks and answer."""
        message = self._opened(envelope)
        if isinstance(message, Refusal):
            return message
        known = stored(self._writer.books, TRANSFER, message.transfer, TransferRecord)
        if known is not None and known.partner != message.sender:
            return Refusal(AbroadFault.OTHER_PARTNER, {"transfer": message.transfer, "sender": message.sender})
        match message.kind:
            case MessageKind.PROPOSAL:
                return self._on_proposal(message, envelope)
            case MessageKind.ACCEPTANCE:
                return self._on_acceptance(message, envelope)
            case MessageKind.REFUSAL:
                reason = f"{message.sender}: {message.body['code']}"
                void = VoidTransfer(
                    id=f"{message.transfer}:void",
                    on=self._on(message),
                    transfer=TransferId(message.transfer),
                    reason=reason,
                )
                return self._do([Submission(void, BY)])[0]
            case MessageKind.RECEIPT:
                return self._on_receipt(message, envelope)
            case MessageKind.WITHDRAWAL:
                decline = DeclineTransfer(
                    id=f"{message.transfer}:decline",
                    on=self._on(message),
                    transfer=TransferId(message.transfer),
                    reason=str(message.body["reason"]),
                )
                return self._do([Submission(decline, BY)])[0]

    # Sending

    def _proposal(self, transfer: TransferRecord, receipt: Receipt) -> dict[str, JSON]:
        """What the other side needs to check: the units with their facts, and the records that they rest on."""
        books = self._writer.books
        own = self._writer.registry.party
        on = date.fromisoformat(receipt.effective_on)
        parts: list[JSON] = []
        authorizations: dict[str, JSON] = {}
        approaches: dict[str, JSON] = {}
        for part in transfer.parts:
            of = unit_class(part.unit_class)
            assert isinstance(of, UnitClass)
            approach = of.cooperative_approach or ""
            approaches[approach] = books.record(APPROACH if of.party == own else FOREIGN_APPROACH, approach)
            for holding in books.holdings(part.unit_class, part.first, part.last):
                for letter in letters_behind(books, Context(self._writer.registry, on, on), holding):
                    authorizations[f"{letter.host}:{letter.reference}"] = to_json(letter)
                serials = holding.serials
                parts.append([part.unit_class, serials.first, serials.last, dict(holding.facts)])
        return {
            "parts": parts,
            "target": transfer.target,
            "entity": transfer.entity,
            "authorizations": list(authorizations.values()),
            "approaches": list(approaches.values()),
            "effective_on": receipt.effective_on,
            "proof": self._proof(receipt),
        }

    def _proof(self, receipt: Receipt) -> JSON:
        reading = self._world.store.reading()
        try:
            return entry_proof(reading, receipt.seq, self._world.codec)
        finally:
            reading.close()

    def _send(
        self, party: str, kind: MessageKind, transfer: str, body: Mapping[str, JSON], *, at: str | None = None
    ) -> None:
        """Send a message about an entry as of its recording, so that sending it again is the same message."""
        message = Message(
            kind=kind,
            transfer=transfer,
            sender=self._writer.registry.party,
            recipient=party,
            sent_at=at or self._now(),
            body=body,
        )
        content = message.content()
        self._peers.send(party, Envelope(content, self._world.signer.sign(content)))

    def _now(self) -> str:
        now = datetime.fromtimestamp(self._world.clock.now_ms() // 1000, UTC)
        return f"{now.replace(tzinfo=None).isoformat()}Z"

    # Receiving

    def _opened(self, envelope: Envelope) -> Message | Refusal:
        if len(envelope.content) > MESSAGE_BYTES_MAX:
            return Refusal(MessageFault.UNREADABLE, {"detail": "too large"})
        try:
            message = read_message(self._world.codec.decode(envelope.content))
        except (KeyError, TypeError, ValueError) as unreadable:
            return Refusal(MessageFault.UNREADABLE, {"detail": str(unreadable)[:200]})
        if message.version != VERSION:
            return Refusal(MessageFault.VERSION, {"version": message.version})
        if message.recipient != self._writer.registry.party:
            return Refusal(MessageFault.NOT_FOR_US, {"recipient": message.recipient})
        partner = self._partner(message.sender)
        if partner is None:
            return Refusal(MessageFault.SENDER_UNKNOWN, {"sender": message.sender})
        key = base64.b64decode(partner.public_key)
        if not self._world.verify(public_key=key, message=envelope.content, signature=envelope.signature):
            return Refusal(MessageFault.SIGNATURE, {"sender": message.sender})
        wrong = misshapen(message)
        return message if wrong is None else Refusal(MessageFault.UNREADABLE, {"detail": wrong})

    def _partner(self, party: str) -> Partner | None:
        return stored(self._writer.books, PARTNER, party, Partner)

    def _on_proposal(self, message: Message, envelope: Envelope) -> Outcome:
        accept = self._acceptance_of(message, envelope)
        if isinstance(accept, Refusal):
            outcome: Outcome = accept
        else:
            outcome = self._do([Submission(accept, BY)])[0]
        if isinstance(outcome, Receipt):
            self.resend(message.transfer)
        elif isinstance(outcome, Refusal):
            facts = {name: str(value) for name, value in outcome.facts.items()}
            refused: dict[str, JSON] = {
                "code": str(outcome.code),
                "facts": facts,
                "effective_on": str(message.body["effective_on"]),
            }
            self._send(message.sender, MessageKind.REFUSAL, message.transfer, refused)
        return outcome

    def _acceptance_of(self, message: Message, envelope: Envelope) -> AcceptTransfer | Refusal:
        body: Any = message.body
        try:
            return AcceptTransfer(
                id=f"{message.transfer}:accept",
                on=self._on(message),
                transfer=TransferId(message.transfer),
                partner=Party(message.sender),
                parts=tuple(OfferedPart(*part) for part in body["parts"]),
                target=body["target"],
                authorizations=tuple(body["authorizations"]),
                approaches=tuple(body["approaches"]),
                proposal=_digest(envelope),
                entity=body.get("entity"),
            )
        except (KeyError, TypeError, ValueError) as unreadable:
            return Refusal(MessageFault.UNREADABLE, {"detail": str(unreadable)[:200]})

    def _on_acceptance(self, message: Message, envelope: Envelope) -> Outcome:
        settle = SettleTransfer(
            id=f"{message.transfer}:settle",
            on=self._on(message),
            transfer=TransferId(message.transfer),
            acceptance=_digest(envelope),
        )
        outcome = self._do([Submission(settle, BY)])[0]
        if isinstance(outcome, Receipt):
            self.resend(message.transfer)
        return outcome

    def _receipt(self, outcome: Receipt) -> dict[str, JSON]:
        reading = self._world.store.reading()
        try:
            provenance = provenance_of(
                reading,
                self._world.codec,
                self._world.evidence,
                registry=self._writer.registry.registry,
                seq=outcome.seq,
            )
            proof = entry_proof(reading, outcome.seq, self._world.codec)
        finally:
            reading.close()
        return {"effective_on": outcome.effective_on, "proof": proof, "provenance": provenance}

    def _on_receipt(self, message: Message, envelope: Envelope) -> Outcome:
        """Acquire only what the partner's own log, under its signed checkpoint, says has left it."""
        body: Any = message.body
        partner = self._partner(message.sender)
        assert partner is not None
        row = proven(
            body["proof"],
            public_key=base64.b64decode(partner.public_key),
            origin=partner.origin,
            verify=self._world.verify,
            codec=self._world.codec,
        )
        leaf = None if row is None else self._world.codec.decode(row.leaf)
        if leaf is None or not self._left_for_us(leaf, message.transfer):
            return Refusal(MessageFault.PROOF, {"sender": message.sender, "transfer": message.transfer})
        for text in body["provenance"]["evidence"].values():
            self._world.evidence.put(str(text).encode())
        provenance = self._world.evidence.put(self._world.codec.encode(body["provenance"]))
        first = leaf["act"] == Act.FIRST_TRANSFERRED.value
        trigger = next((row[3].get("first_transfer_trigger") for row in leaf.get("facts", ())), None)
        command = Acquire(
            id=f"{message.transfer}:acquire",
            on=self._on(message),
            transfer=TransferId(message.transfer),
            receipt=_digest(envelope),
            provenance=provenance,
            first_transferred_on=date.fromisoformat(leaf["on"]) if first else None,
            trigger=Trigger(str(trigger)) if first else None,
        )
        return self._do([Submission(command, BY)])[0]

    def _left_for_us(self, leaf: Mapping[str, Any], transfer: str) -> bool:
        """Whether the entry made this transfer final for all that was accepted. A proposal or a void proves nothing."""
        accepted = stored(self._writer.books, TRANSFER, transfer, TransferRecord)
        here = went_to(self._writer.registry.party)
        left = [row for row in leaf.get("moves", ()) if row[4] == here]
        return (
            leaf["act"] in (Act.FIRST_TRANSFERRED.value, Act.TRANSFERRED_ABROAD.value)
            and leaf.get("details", {}).get("transfer") == transfer
            and accepted is not None
            and all(
                any(part.unit_class == of and first <= part.first and part.last <= last for of, first, last, *_ in left)
                for part in accepted.parts
            )
        )

    def _on(self, message: Message) -> date | None:
        """In a demonstration both books write the day that the message names; otherwise each writes its own day."""
        day = message.body.get("effective_on")
        return date.fromisoformat(str(day)) if self._writer.registry.demonstration and day else None


def _digest(envelope: Envelope) -> str:
    return sha256(envelope.content).hexdigest()
