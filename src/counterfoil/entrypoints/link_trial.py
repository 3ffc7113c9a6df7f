"""Trying a link: look the partner up, compare keys, and exchange one signed message that asks for nothing.

The message takes back a transfer that never was. A partner that knows this registry answers it with a signed
acknowledgement that it knows of none: so both signatures are proven, and no book changes.
Source: ADR-0035.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from counterfoil.adapters.peers.http_peer import HttpPeer, Way
from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.adapters.signing.key_folder import signer_of
from counterfoil.application.federation.discovery import FORMAT, fingerprint
from counterfoil.application.key_history import read_key_history
from counterfoil.application.ports import Signer
from counterfoil.domain.federation.jws import compact, key_id, read_compact, signing_input
from counterfoil.domain.federation.link import Partner
from counterfoil.domain.federation.message import VERSION, Envelope, Message, MessageKind
from counterfoil.domain.kernel.instant import utc_text
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading

TRANSFER: Final = "link-test"


class LinkTrialFault(StrEnum):
    NO_REGISTRY = "link.no_registry"
    FINGERPRINT = "link.fingerprint"
    OTHER_KEY = "link.other_key"
    NOT_ANSWERED = "link.not_answered"


@dataclass(frozen=True, slots=True)
class Found:
    """What a registry says of itself at an address, as far as a link needs it. Nobody has vouched for it yet."""

    address: str
    party: str
    registry: str
    name: str
    origin: str
    public_key: str
    fingerprint: str
    versions: tuple[int, ...]

    def json(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in self.__slots__}, "versions": list(self.versions)}


def found_at(address: str, way: Way) -> Found | Refusal:
    """The registry at an address; refuses with `link.no_registry` what says nothing that can be read.

    Raises:
        Outage: nobody answers there, or it may not be called.
    """
    peer = HttpPeer(address, way)
    try:
        return read_found(address, peer.discovery())
    finally:
        peer.close()


def read_found(address: str, document: Mapping[str, Any]) -> Found | Refusal:
    """The document of a registry, read with care."""
    try:
        key = base64.urlsafe_b64decode(str(document["keys"][-1]["x"]) + "=")
        party, registry, name, origin = (str(document[each])[:120] for each in ("party", "registry", "name", "origin"))
        versions = tuple(int(each) for each in document["protocol"]["versions"][:16])
        if document["format"] != FORMAT or len(key) != 32:
            raise ValueError("format")
    except (KeyError, TypeError, ValueError, IndexError) as error:
        return Refusal(LinkTrialFault.NO_REGISTRY, {"address": address[:120], "detail": str(error)[:80]})
    public_key = base64.b64encode(key).decode()
    return Found(address, party, registry, name, origin, public_key, fingerprint(key), versions)


def vouched(found: Found, said: str) -> Refusal | None:
    """Refuses a key whose fingerprint is not the one that the partner's authority has said."""
    digits = "".join(each for each in said if each.isdigit())
    if digits == found.fingerprint.replace(" ", ""):
        return None
    return Refusal(LinkTrialFault.FINGERPRINT, {"address": found.address, "fingerprint": found.fingerprint})


def tried(folder: Folder, partner: Partner, way: Way, *, now_ms: int) -> Found | Refusal:
    """Try a link: the address, the key, the version, and both signatures.

    Raises:
        Outage: the partner cannot be reached.
    """
    found = found_at(partner.address, way)
    if isinstance(found, Refusal):
        return found
    if found.public_key != partner.public_key or VERSION not in found.versions:
        return Refusal(LinkTrialFault.OTHER_KEY, {"partner": partner.party, "fingerprint": found.fingerprint})
    peer = HttpPeer(partner.address, way)
    try:
        (answer,) = peer.post([_trial_message(folder, partner, now_ms)])
    finally:
        peer.close()
    if not any(is_of(text, partner) for text in answer.answers):
        return Refusal(LinkTrialFault.NOT_ANSWERED, {"partner": partner.party, "code": answer.code or answer.outcome})
    return found


def _trial_message(folder: Folder, partner: Partner, now_ms: int) -> bytes:
    seal = sealer(folder)
    return seal(trial(seal.party, partner.party, at=utc_text(now_ms)))


def trial(sender: str, recipient: str, *, at: str) -> Message:
    """The message that asks for nothing: it takes back a transfer that never was."""
    body = {"effective_on": at[:10], "reason": "link test", "ending": "withdrawn"}
    return Message(MessageKind.WITHDRAWAL, TRANSFER, sender, recipient, at, body)


@dataclass(frozen=True, slots=True)
class Sealer:
    """Signs as the registry of a folder, for the messages of a trial."""

    party: str
    signer: Signer

    def __call__(self, message: Message) -> bytes:
        return self.content(message.content())

    def content(self, content: bytes) -> bytes:
        """Sign any bytes as if they were a message."""
        key = key_id(self.signer.public_key)
        return compact(Envelope(content, self.signer.sign(signing_input(content, key=key)), key))


def sealer(folder: Folder) -> Sealer:
    """The sealer of the registry in a folder, with its key in force.

    Raises:
        Outage: there is no registry, or its key is not here.
    """
    with open_for_reading(folder) as readable:
        own = readable.registry
        first = base64.b64decode(own.public_key)
        history = read_key_history(readable.reading, readable.codec, otherwise=first)
    return Sealer(own.party, signer_of(folder.key.parent, history.current))


def is_of(signed: bytes, partner: Partner) -> bool:
    """Whether a message in return bears the partner's signature."""
    envelope = read_compact(signed)
    if not isinstance(envelope, Envelope):
        return False
    message, key = signing_input(envelope.content, key=envelope.key), base64.b64decode(partner.public_key)
    return envelope.key == key_id(key) and verify(public_key=key, message=message, signature=envelope.signature)
