"""A registry that lies: it holds a real key and a real book, signs whatever it likes, and repeats what it overheard.

What it cannot do is sign for others. Everything that it says of its own units is its word, and it may break it; no
honest book may become unsound by it, and no unit that it never had may be touched.
"""

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final, TypeAlias

from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.domain.federation.jws import key_id, signing_input
from counterfoil.domain.federation.message import Envelope, Message, MessageKind
from counterfoil.domain.kernel.canonical import canonical
from counterfoil.domain.kernel.instant import utc_text
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.checkpoint import Checkpoint, signed_note
from counterfoil.domain.ledger.merkle import leaf_hash
from tests.simulation.founding import account_of, signer_of
from tests.simulation.moments import HOUR
from tests.simulation.node import Node
from tests.simulation.wire import Letter, Wire

Said: TypeAlias = dict[str, Any]
DAY: Final = "2025-01-15"
OTHER_KEY: Final = 7
"""The generation of a key that nobody ever linked."""
PASTS_MAX: Final = 20


class Liar:
    """Thinks of lies for one registry."""

    def __init__(
        self,
        node: Node,
        wire: Wire,
        chance: Random,
        victims: Mapping[str, Node],
        *,
        counterfeits: bool,
    ) -> None:
        self._node = node
        self._wire = wire
        self._chance = chance
        self._nodes = victims
        self._victims = tuple(victims)
        self._pasts = [node.store.backup()]
        self._numbers = 0
        self._lies = (*LIES, Liar.counterfeit) if counterfeits else LIES
        self.confessed: set[str] = set()
        """Transfers for which it signed a final entry, true or not."""

    def lie(self, about: Letter | None = None) -> tuple[str, list[Letter]]:
        """What it does this time, in a word, and the letters that it sends; about a letter that it has just heard."""
        if about is None and self._wire.overheard:
            about = self._chance.choice(self._wire.overheard)
        said = None if about is None else _read(about.envelope)
        how = self._chance.choice(self._lies)
        return how.__name__, [] if about is None or said is None else how(self, about, said)

    @property
    def forgetful(self) -> bool:
        """Whether its book has changed since it was remembered last."""
        return self._node.store.backup() is not self._pasts[-1]

    def remember(self) -> None:
        """Keep the book as it is now, to come back to it later; what it says there of a sale, it has signed."""
        self._pasts = [*self._pasts[-PASTS_MAX:], self._node.store.backup()]
        self.confessed |= {
            key for key, value in self._node.transfers() if (value["direction"], value["state"]) == ("out", "final")
        }

    # The lies

    def revert(self, about: Letter, said: Said) -> list[Letter]:
        """It takes its own book back to an earlier day, and may sell the same units to somebody else."""
        del about, said
        self._node.store.restore(self._chance.choice(self._pasts))
        self._node.start()
        return []

    def replay(self, about: Letter, said: Said) -> list[Letter]:
        """Something that went over the wire comes again, to whom it was for or to anybody."""
        del said
        to = about.recipient if self._chance.random() < 0.7 else self._victim()
        return self._sent(to, about.envelope)

    def impersonate(self, about: Letter, said: Said) -> list[Letter]:
        """A message in an honest registry's name, signed with the wrong key: to end, to settle or to give."""
        one, other = self._chance.sample((about.sender, about.recipient), 2)
        kind = self._chance.choice(list(MessageKind))
        content = _message(kind, said["transfer"], one, other, said["sent_at"], self._body(kind, said, one, other))
        signer = self._chance.choice((self._node.signer, signer_of(one, generation=OTHER_KEY)))
        claimed = key_id(signer_of(one).public_key) if self._chance.random() < 0.8 else None
        return self._sent(other, sealed(content, signer, key=claimed))

    def spoil(self, about: Letter, said: Said) -> list[Letter]:
        """An honest registry's own message with something changed in it: its signature no longer fits."""
        changed = canonical({**said, "kind": self._chance.choice(list(MessageKind)).value})
        return self._sent(about.recipient, Envelope(changed, about.envelope.signature, about.envelope.key))

    def meddle(self, about: Letter, said: Said) -> list[Letter]:
        """A message in its own name, properly signed and proven, about a transfer of two others."""
        kind = self._chance.choice(list(MessageKind))
        to = self._chance.choice((about.sender, about.recipient))
        return self._said(kind, said["transfer"], to, self._body(kind, said, self._node.party, to))

    def contradict(self, about: Letter, said: Said) -> list[Letter]:
        """Two answers of its own that cannot both be true, about a transfer of its own if there is one."""
        own = self._overheard(lambda letter: self._node.party in (letter.sender, letter.recipient))
        about, said = own or (about, said)
        other = about.recipient if about.sender == self._node.party else about.sender
        letters: list[Letter] = []
        for kind in self._chance.sample(list(MessageKind), 2):
            body = self._body(kind, said, self._node.party, other)
            letters += self._said(kind, said["transfer"], other, body)
        return letters

    def give_nothing(self, about: Letter, said: Said) -> list[Letter]:
        """A receipt without the proof: of another entry, with a changed leaf, or of a transfer that is not there."""
        own = self._overheard(lambda letter: letter.sender == self._node.party, kinds=(MessageKind.PROPOSAL,))
        to, transfer = (about.recipient, self._name()) if own is None else (own[0].recipient, own[1]["transfer"])
        shown = said if own is None or self._chance.random() < 0.3 else own[1]
        proof = dict(shown["body"].get("proof") or {})
        if self._chance.random() < 0.7 and "leaf" in proof:
            leaf = proof["leaf"].replace("TransferProposed", "TransferredAbroad")
            proof["leaf"] = leaf.replace(f'"pending:{to}"', f'"to:{to}"')
        body = {"effective_on": DAY, "proof": proof, "provenance": self._provenance()}
        return self._said(MessageKind.RECEIPT, transfer, to, body)

    def bring_home_what_never_left(self, about: Letter, said: Said) -> list[Letter]:
        """It offers a registry units that have their end in this very registry, or were never born there."""
        found = self._overheard(lambda letter: letter.sender in self._victims, kinds=(MessageKind.PROPOSAL,))
        if found is None:
            return []
        del about, said
        letter, offered = found
        victim = letter.sender
        ended = [*self._ended_in(victim), (f"CA9001-{victim}01-{victim}-#-2023", 9_001, 9_009)]
        name, first, last = self._chance.choice(ended)
        return self._offer(victim, offered, [[name, first, last, offered["body"]["parts"][0][3]]])

    def counterfeit(self, about: Letter, said: Said) -> list[Letter]:
        """It offers units that are in somebody else's book, under entries of its own making."""
        del about, said
        found = self._overheard(lambda letter: letter.sender in self._victims, kinds=(MessageKind.PROPOSAL,))
        return [] if found is None else self._offer(self._victim(), found[1], found[1]["body"]["parts"])

    # What lies are made of

    def _offer(self, victim: str, said: Said, parts: list[Any]) -> list[Letter]:
        """A proposal with the letters that somebody else's proposal had, and the receipt that will be asked for."""
        transfer = self._name()
        expires_at = utc_text(self._node.clock.now_ms() + 100 * HOUR)
        offer = {**said["body"], "parts": parts, "target": account_of(victim), "expires_at": expires_at}
        offer["proof"] = self._proof("TransferProposed", transfer, self._node.party, victim)
        moves = [[*part[:3], f"pending:{victim}", f"to:{victim}"] for part in parts]
        proof = self._proof("TransferredAbroad", transfer, self._node.party, victim, moves=moves)
        receipt = {"effective_on": DAY, "proof": proof, "provenance": self._provenance()}
        return [
            *self._said(MessageKind.PROPOSAL, transfer, victim, offer),
            *self._said(MessageKind.RECEIPT, transfer, victim, receipt) * 3,
        ]

    def _body(self, kind: MessageKind, said: Said, one: str, other: str) -> dict[str, Any]:
        """A body for a message of one to another about a transfer, with an entry that was made up to prove it."""
        body: dict[str, Any] = {"code": "no.reason", "reason": "r", "ending": "withdrawn", "state": "acquired"}
        if kind is MessageKind.PROPOSAL:
            return {**body, **said["body"], "effective_on": DAY}
        if kind is MessageKind.ACKNOWLEDGEMENT and self._chance.random() < 0.3:
            return {"effective_on": DAY, "state": "declined", "proof": None}
        acts = {MessageKind.ACCEPTANCE: "TransferAccepted", MessageKind.ACKNOWLEDGEMENT: "Acquired"}
        parts = said["body"].get("parts") or _parts_of(said)
        moves = [[*part[:3], f"pending:{other}", f"to:{other}"] for part in parts]
        proof = self._proof(acts.get(kind, "TransferredAbroad"), said["transfer"], one, other, moves=moves)
        return {**body, "effective_on": DAY, "proof": proof, "provenance": self._provenance()}

    def _proof(
        self, act: str, transfer: str, party: str, partner: str, *, moves: list[Any] | None = None
    ) -> dict[str, Any]:
        """The proof of an entry in a party's log of one leaf, which it has just made up and signs with its own key."""
        if party == self._node.party and act == "TransferredAbroad":
            self.confessed.add(transfer)
        leaf = {"act": act, "details": {"transfer": transfer, "partner": partner}, "on": DAY}
        data = canonical({**leaf, "moves": moves or []})
        name = signer_of(party)
        text = Checkpoint(name.name, 1, leaf_hash(data), 1, utc_text(self._node.clock.now_ms()), 1).text()
        signature = self._node.signer.sign(text.encode())
        note = signed_note(text, name=name.name, public_key=name.public_key, signature=signature)
        return {"seq": 0, "leaf": data.decode(), "checkpoint": note, "proof": []}

    def _provenance(self) -> dict[str, Any]:
        return {"registry": f"{self._node.party}01", "leaves": [], "records": [], "evidence": {}, "earlier": []}

    def _said(self, kind: MessageKind, transfer: str, to: str, body: dict[str, Any]) -> list[Letter]:
        """A message in its own name, properly signed."""
        at = utc_text(self._node.clock.now_ms())
        content = _message(kind, transfer, self._node.party, to, at, body)
        return self._sent(to, sealed(content, self._node.signer))

    def _sent(self, to: str, envelope: Envelope) -> list[Letter]:
        return [Letter(self._node.party, to, envelope)] if to in self._victims else []

    def _overheard(
        self, fits: Callable[[Letter], bool], *, kinds: tuple[MessageKind, ...] = ()
    ) -> tuple[Letter, Said] | None:
        """A letter of the wire that fits, and what it says."""
        fitting = [letter for letter in self._wire.overheard if fits(letter)]
        # Mostly one of the latest: what is over can hardly be harmed.
        recent = fitting[-6:] if self._chance.random() < 0.7 else fitting
        for letter in self._chance.sample(recent, min(20, len(recent))):
            said = _read(letter.envelope)
            if said is not None and (not kinds or said["kind"] in kinds):
                return letter, said
        return None

    def _ended_in(self, victim: str) -> list[tuple[str, int, int]]:
        """What has its end in a victim's book, which everybody can read in its published log."""
        blocks = self._nodes[victim].books.all_holdings()
        return [each[:3] for each in blocks if role(each.account) is AccountRole.TERMINAL]

    def _victim(self) -> str:
        return self._chance.choice(self._victims)

    def _name(self) -> str:
        self._numbers += 1
        return f"LIE-{self._numbers}"


def sealed(content: bytes, signer: FileSigner, *, key: str | None = None) -> Envelope:
    """A message with somebody's signature, and the name of the key that it claims."""
    named = key or key_id(signer.public_key)
    return Envelope(content, signer.sign(signing_input(content, key=named)), named)


def _message(  # noqa: PLR0917  the members of a message in their order
    kind: MessageKind, transfer: str, sender: str, recipient: str, at: str, body: dict[str, Any]
) -> bytes:
    return Message(kind=kind, transfer=transfer, sender=sender, recipient=recipient, sent_at=at, body=body).content()


def _parts_of(said: Said) -> list[Any]:
    """The units of a transfer, from the entry that its message shows."""
    try:
        return list(json.loads(said["body"]["proof"]["leaf"])["moves"])
    except (KeyError, TypeError, ValueError):
        return []


def _read(envelope: Envelope) -> Said | None:
    try:
        said = json.loads(envelope.content)
    except ValueError:
        return None
    return said if isinstance(said, dict) and isinstance(said.get("body"), dict) else None


LIES: Final[tuple[Callable[[Liar, Letter, Said], list[Letter]], ...]] = (
    Liar.revert,
    Liar.replay,
    *(Liar.impersonate,) * 3,
    Liar.spoil,
    Liar.meddle,
    Liar.contradict,
    *(Liar.give_nothing,) * 3,
    Liar.bring_home_what_never_left,
)
