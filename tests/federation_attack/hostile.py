"""A linked registry that writes its own log as it likes: real keys, proofs that verify, and anything in the leaves."""

import json
from typing import Any

from counterfoil.application.federation.federation import Received
from counterfoil.domain.federation.jws import key_id, signing_input
from counterfoil.domain.federation.message import Envelope, Message, MessageKind
from counterfoil.domain.kernel.instant import utc_text
from counterfoil.domain.ledger.checkpoint import Checkpoint, signed_note
from counterfoil.domain.ledger.merkle import leaf_hash
from tests.application.office import Office
from tests.movements.books import CLASS, Books

DAY = "2025-01-15"
PROVENANCE: dict[str, Any] = {"registry": "XAA01", "leaves": [], "records": [], "evidence": {}, "earlier": []}


class Hostile:
    """One office of a network that has stopped to be honest, and the office that it turns against."""

    def __init__(self, books: Books, *, liar: str = "XAA", victim: str = "XBB") -> None:
        self.books = books
        self.liar: Office = books.offices[liar]
        self.victim: Office = books.offices[victim]
        self.link = books.links[victim]

    def log(self, leaf: Any) -> dict[str, Any]:
        """The proof of a leaf in a log of one entry, under the liar's own key. Bytes stand as they are."""
        data = leaf if isinstance(leaf, bytes) else json.dumps(leaf).encode()
        signer = self.liar.signer
        text = Checkpoint(signer.name, 1, leaf_hash(data), 1, self._now(), 1).text()
        note = signed_note(text, name=signer.name, public_key=signer.public_key, signature=signer.sign(text.encode()))
        return {"seq": 0, "leaf": data.decode(), "checkpoint": note, "proof": []}

    def entry(self, act: str, transfer: str, **members: Any) -> dict[str, Any]:
        """The proof of an entry about a transfer to the victim."""
        details = {"transfer": transfer, "partner": self.victim.party}
        return self.log({"act": act, "details": details, "on": DAY, "at": self._now(), **members})

    def seal(self, kind: MessageKind, transfer: str, body: dict[str, Any], **changes: Any) -> Envelope:
        content: dict[str, Any] = {
            "kind": kind,
            "transfer": transfer,
            "sender": self.liar.party,
            "recipient": self.victim.party,
            "sent_at": self._now(),
            "body": {"effective_on": DAY, **body},
            **changes,
        }
        data, signer = Message(**content).content(), self.liar.signer
        key = key_id(signer.public_key)
        return Envelope(data, signer.sign(signing_input(data, key=key)), key)

    def say(self, kind: MessageKind, transfer: str, body: dict[str, Any], **changes: Any) -> Received:
        """What the victim does with a signed message."""
        return self.link.receive(self.seal(kind, transfer, body, **changes))

    def offer(self, transfer: str, first: int, last: int, **changes: Any) -> dict[str, Any]:
        """The body of an honest proposal of the host's units, with lies in it."""
        host = self.books.host.writer.books
        held = host.holdings(CLASS, first, last)
        letters = host.record("authorization", "XA-LOA-1")
        return {
            "parts": [[CLASS, first, last, dict(held[0].facts)]],
            "target": self.victim.holder,
            "entity": None,
            "authorizations": [letters],
            "approaches": [host.record("approach", "CA9001")],
            "proof": self.entry("TransferProposed", transfer),
            **changes,
        }

    def receipt(self, transfer: str, *parts: tuple[str, int, int], **members: Any) -> dict[str, Any]:
        moves = [[*part, f"pending:{self.victim.party}", f"to:{self.victim.party}"] for part in parts]
        proof = self.entry("TransferredAbroad", transfer, moves=moves, **members)
        return {"proof": proof, "provenance": PROVENANCE}

    def _now(self) -> str:
        return utc_text(self.victim.clock.now_ms())
