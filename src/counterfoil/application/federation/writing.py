"""What this side has to say about a transfer: made from its latest entry, so that it is the same message each time.

Source: 6/CMA.4 annex I para. 10; ADR-0007; ADR-0032.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

from counterfoil.application.command import Context, Registry, Units, stored
from counterfoil.application.commands.abroad import TRANSFER, TransferRecord, TransferState
from counterfoil.application.commands.foreign import FOREIGN_APPROACH, letters_behind
from counterfoil.application.covering import Coverings
from counterfoil.application.federation.noticing import owed_notice
from counterfoil.application.federation.receipts import RECEIPTS, receipts_behind
from counterfoil.application.federation.refused_by_hand import refused_by_hand
from counterfoil.application.ports import JournalRow, Reading, World
from counterfoil.application.provenance import LEAVES_MAX, provenance_of
from counterfoil.application.proving import entry_proof
from counterfoil.application.receipt import Receipt, receipt_of
from counterfoil.application.thread import Span, thread
from counterfoil.domain.activities.activity import APPROACH
from counterfoil.domain.federation.jws import key_id, signing_input
from counterfoil.domain.federation.message import Envelope, Message, MessageKind
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.record import from_json, to_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import went_to
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.identifier import UnitClass, unit_class

_LEAVING: Final = frozenset({Act.FIRST_TRANSFERRED.value, Act.TRANSFERRED_ABROAD.value})
_ENDED: Final = frozenset({TransferState.REFUSED, TransferState.EXPIRED, TransferState.WITHDRAWN, TransferState.VOIDED})


Say: TypeAlias = Callable[[Refusal], Mapping[str, JSON]]
"""What a refusal is told with: its text and the way out, in every language (`text`, `fix`)."""


def wordless(refusal: Refusal) -> Mapping[str, JSON]:
    """Only the code and its facts."""
    del refusal
    return {}


class Owed(NamedTuple):
    """A message, of what kind, and the Party of the partner that is to get it."""

    partner: str
    kind: MessageKind
    envelope: Envelope


class LetterWriter:
    """Writes and signs this registry's messages."""

    __slots__ = ("_books", "_coverings", "_own", "_reading", "_say", "_world")

    def __init__(self, world: World, own: Registry, books: Books, reading: Reading, say: Say = wordless) -> None:
        self._say = say
        self._world = world
        self._own = own
        self._books = books
        self._reading = reading
        self._coverings = Coverings(reading)

    def owed(self, transfer: str) -> Owed | None:
        """The message that this side owes about a transfer or a notice; None when it owes none."""
        reading = self._reading
        found = reading.record(TRANSFER, transfer)
        row = None if found is None else reading.row(found.seq)
        # The books are not between two commits here, so they say the same; and they have read it before.
        known = stored(self._books, TRANSFER, transfer, TransferRecord)
        if row is None or known is None:
            return self._owed_notice(transfer, reading)
        latest = receipt_of(row, self._world.codec.decode_unchecked(row.leaf))
        body: dict[str, JSON] = {"effective_on": latest.effective_on}
        match known.direction, known.state:
            case "out", TransferState.PROPOSED:
                kind, body = MessageKind.PROPOSAL, self._proposal(known, latest)
            case "out", TransferState.FINAL:
                kind, body = MessageKind.RECEIPT, self._receipt(_final(latest, known, reading, self._world))
            case "out", state if state in _ENDED:
                ending = TransferState.WITHDRAWN if state is TransferState.VOIDED else state
                kind, body = MessageKind.WITHDRAWAL, {**body, "reason": known.reason, "ending": ending.value}
            case "in", TransferState.OFFERED:
                return None
            case "in", TransferState.REFUSED if known.by_hand:
                kind, body = MessageKind.REFUSAL, {**body, **self.refusal(refused_by_hand(known))}
            case "in", TransferState.ACCEPTED:
                kind, body = MessageKind.ACCEPTANCE, {**body, "proof": self._proof(latest)}
            case "in", state:
                said = "acquired" if state is TransferState.FINAL else "declined"
                kind = MessageKind.ACKNOWLEDGEMENT
                body = {**body, "state": said, "proof": self._proof(latest)}
            case _:
                return None
        envelope = self.sealed(known.partner, kind, transfer, body, at=latest.recorded_at)
        return Owed(known.partner, kind, envelope)

    def again(self, transfer: str, *, partner: str, spans: Sequence[Span] = ()) -> tuple[Envelope, ...]:
        """Proposal and receipt of a final transfer, for a partner that has lost both; nothing where it is not final.

        The proposal has no end any more: its units have left already. What has come back since and left again, or
        stayed, is offered a second time only where the partner names it: it has lost that return, too, and mends it
        next. Source: ADR-0033.
        """
        found = self._reading.record(TRANSFER, transfer)
        known = None if found is None else from_json(TransferRecord, self._world.codec.decode(found.value))
        row = None if found is None else self._reading.row(found.seq)
        if known is None or row is None:
            return ()
        if (known.direction, known.partner, known.state) != ("out", partner, TransferState.FINAL):
            return ()
        final = _final(receipt_of(row, self._world.codec.decode_unchecked(row.leaf)), known, self._reading, self._world)
        proposed = _proposed(final, transfer, self._reading, self._world)
        if proposed is None:
            return ()
        parts = tuple(_named(known, spans) if spans else self._still_gone(known))
        if not parts:
            return ()
        offer = self._proposal(replace(known, parts=parts, expires_at=""), proposed)
        both = ((MessageKind.PROPOSAL, offer, proposed), (MessageKind.RECEIPT, self._receipt(final), final))
        return tuple(self.sealed(partner, kind, transfer, body, at=entry.recorded_at) for kind, body, entry in both)

    def _still_gone(self, transfer: TransferRecord) -> Iterator[Units]:
        """The units of a transfer that stand where it sent them, and left by no later one."""
        for part in transfer.parts:
            for holding in self._books.holdings(part.unit_class, part.first, part.last):
                row = self._reading.row(holding.seq)
                leaf = {} if row is None else self._world.codec.decode(row.leaf)
                later = leaf.get("act") in _LEAVING and leaf.get("details", {}).get("transfer") != transfer.id
                if holding.account == went_to(transfer.partner) and not later:
                    yield Units(holding.unit_class, holding.first, holding.last)

    def _owed_notice(self, name: str, reading: Reading) -> Owed | None:
        owed = owed_notice(name, reading, self._world)
        if owed is None:
            return None
        return Owed(owed.partner, owed.kind, self.sealed(owed.partner, owed.kind, name, owed.body, at=owed.at))

    def sealed(self, party: str, kind: MessageKind, transfer: str, body: Mapping[str, JSON], *, at: str) -> Envelope:
        """A signed message. `at` is its moment (UTC): that of the entry, so that sent again it is the same message."""
        message = Message(kind=kind, transfer=transfer, sender=self._own.party, recipient=party, sent_at=at, body=body)
        # What stands in it was decided here, or read from what is canonical.
        content = self._world.codec.encode_plain(message.as_json())
        signer = self._world.signer
        key = key_id(signer.public_key)
        return Envelope(content, signer.sign(signing_input(content, key=key)), key)

    def _proposal(self, transfer: TransferRecord, receipt: Receipt) -> dict[str, JSON]:
        """What the other side needs to check: the units with their facts, and the records that they rest on."""
        books = self._books
        on = date.fromisoformat(receipt.effective_on)
        parts: list[JSON] = []
        authorizations: dict[str, JSON] = {}
        approaches: dict[str, JSON] = {}
        lots: set[tuple[str, int]] = set()
        for part in transfer.parts:
            of = unit_class(part.unit_class)
            assert isinstance(of, UnitClass)
            approach = of.cooperative_approach or ""
            approaches[approach] = books.record(APPROACH if of.party == self._own.party else FOREIGN_APPROACH, approach)
            for holding in books.holdings(part.unit_class, part.first, part.last):
                lot = part.unit_class, id(holding.facts)  # the books keep the facts of a lot, and so their number
                if lot not in lots:
                    lots.add(lot)
                    for letter in letters_behind(books, Context(self._own, on, on), holding):
                        authorizations.setdefault(f"{letter.host}:{letter.reference}", to_json(letter))
                parts.append([part.unit_class, holding.first, holding.last, dict(holding.facts)])
        body: dict[str, JSON] = {
            "parts": parts,
            "target": transfer.target,
            "entity": transfer.entity,
            "authorizations": list(authorizations.values()),
            "approaches": list(approaches.values()),
            "effective_on": receipt.effective_on,
            "proof": self._proof(receipt),
        }
        if transfer.expires_at:
            body["expires_at"] = transfer.expires_at
        if transfer.retire is not None:
            body["retire"] = to_json(transfer.retire)
        spans = [Span(*move[:3]) for move in receipt.moves]
        behind = islice(thread(self._reading, self._world.codec, receipt.seq, spans), LEAVES_MAX)
        receipts = receipts_behind(behind, self._world, target=transfer.partner)
        if receipts:
            body[RECEIPTS] = receipts
        return body

    def refusal(self, refusal: Refusal) -> dict[str, JSON]:
        """A refusal as a message tells it."""
        facts: dict[str, JSON] = {name: str(value) for name, value in refusal.facts.items()}
        return {"code": str(refusal.code), "facts": facts, **self._say(refusal)}

    def _receipt(self, receipt: Receipt) -> dict[str, JSON]:
        provenance = provenance_of(
            self._reading, self._world.codec, self._world.evidence, registry=self._own.registry, seq=receipt.seq
        )
        came = receipts_behind(provenance["leaves"], self._world, target="")
        return {
            "effective_on": receipt.effective_on,
            "proof": self._proof(receipt),
            "provenance": {**provenance, RECEIPTS: came} if came else provenance,
        }

    def _proof(self, receipt: Receipt) -> JSON:
        return entry_proof(self._reading, receipt.seq, self._world.codec, self._coverings)


def _final(latest: Receipt, known: TransferRecord, reading: Reading, world: World) -> Receipt:
    """The entry that made a transfer final: the latest one, or the one before its confirmation."""
    if known.confirmed_on is None:
        return latest
    seq = reading.commands([f"{known.id}:settle"]).get(f"{known.id}:settle")
    row = _given_up(known, reading, world) if seq is None else reading.row(seq)
    assert row is not None, "what was confirmed was final before"
    return receipt_of(row, world.codec.decode(row.leaf))


def _given_up(known: TransferRecord, reading: Reading, world: World) -> JournalRow | None:
    """The entry that gave up what this registry had forgotten to have sent: looked for, as it bears another id."""
    for row in reversed(reading.mentions(known.id)):
        leaf = world.codec.decode(row.leaf)
        if leaf["act"] in _LEAVING and leaf.get("details", {}).get("transfer") == known.id:
            return row
    return None


def _proposed(final: Receipt, transfer: str, reading: Reading, world: World) -> Receipt | None:
    """The entry that proposed a transfer: one of those behind the entry that made it final."""
    row = reading.row(final.seq)
    follows = () if row is None else world.codec.decode(row.leaf).get("follows", ())
    for seq in follows:
        earlier = reading.row(seq)
        leaf = None if earlier is None else world.codec.decode(earlier.leaf)
        if earlier is None or leaf is None or leaf["act"] != Act.TRANSFER_PROPOSED.value:
            continue
        if leaf.get("details", {}).get("transfer") == transfer:
            return receipt_of(earlier, leaf)
    return None


def _named(transfer: TransferRecord, spans: Sequence[Span]) -> Iterator[Units]:
    """The units of a transfer that are named."""
    for part in transfer.parts:
        for span in spans:
            first, last = max(part.first, span.first), min(part.last, span.last)
            if part.unit_class == span.unit_class and first <= last:
                yield Units(part.unit_class, first, last)
