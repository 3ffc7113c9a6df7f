"""Opening what arrived: is it a message, for this registry, of a partner, signed with a key that may still sign?

Nothing of a message is believed, and nothing of it is kept, before all of this was answered.
Source: 6/CMA.4 annex I paras. 9-10; ADR-0032.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from counterfoil.application.command import Registry
from counterfoil.application.ports import Codec, Reading, Verifier
from counterfoil.domain.federation.jws import signing_input
from counterfoil.domain.federation.link import PARTNER, LinkFault, LinkState, Partner
from counterfoil.domain.federation.message import (
    AHEAD_SECONDS_MAX,
    MESSAGE_BYTES_MAX,
    VERSION,
    Envelope,
    Message,
    MessageFault,
    misshapen,
    read_message,
)
from counterfoil.domain.federation.signing_key import signing_key
from counterfoil.domain.kernel.instant import utc_ms
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal

_AHEAD_MS: Final = AHEAD_SECONDS_MAX * 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """A message that its partner signed. `digest` is the SHA-256 of its content, in hex: its name in the journal."""

    message: Message
    partner: Partner
    digest: str
    envelope: Envelope


class Opener:
    """Opens some messages for one registry, with the links as they are committed when the first of a sender comes."""

    __slots__ = ("_codec", "_now_ms", "_own", "_partners", "_verify")

    def __init__(self, own: Registry, codec: Codec, verify: Verifier, now_ms: Callable[[], int]) -> None:
        self._own = own
        self._codec = codec
        self._verify = verify
        self._now_ms = now_ms
        self._partners: dict[str, Partner | None] = {}

    def open(self, envelope: Envelope, reading: Reading) -> Opened | Refusal:
        """The message in an envelope, or the first reason not to read on."""
        message = self._read(envelope)
        if isinstance(message, Refusal):
            return message
        if message.sender not in self._partners:
            self._partners[message.sender] = partner_of(reading, self._codec, message.sender)
        partner = self._partners[message.sender]
        if partner is None:
            return Refusal(MessageFault.SENDER_UNKNOWN, {"sender": message.sender[:20]})
        now_ms = self._now_ms()
        key = signing_key(partner, envelope.key, now_ms=now_ms)
        if isinstance(key, Refusal):
            return key
        signed = signing_input(envelope.content, key=envelope.key)
        if not self._verify(public_key=key, message=signed, signature=envelope.signature):
            return Refusal(MessageFault.SIGNATURE, {"sender": message.sender})
        if partner.state is LinkState.SUSPENDED:
            return Refusal(LinkFault.SUSPENDED, {"partner": partner.party})
        sent = utc_ms(message.sent_at)
        if sent is None or sent > now_ms + _AHEAD_MS:
            return Refusal(MessageFault.FROM_FUTURE, {"sent_at": message.sent_at, "seconds_max": AHEAD_SECONDS_MAX})
        wrong = misshapen(message)
        if wrong is not None:
            return Refusal(MessageFault.UNREADABLE, {"detail": wrong})
        return Opened(message, partner, sha256(envelope.content).hexdigest(), envelope)

    def _read(self, envelope: Envelope) -> Message | Refusal:
        size = len(envelope.content)
        if size > MESSAGE_BYTES_MAX:
            return Refusal(MessageFault.TOO_LARGE, {"bytes": size, "bytes_max": MESSAGE_BYTES_MAX})
        try:
            message = read_message(self._codec.decode_unchecked(envelope.content))
            # A repeated member counts by its last value; written again, such a message is another one.
            spelled = self._codec.encode(message.as_json()) == envelope.content
        except (KeyError, TypeError, ValueError) as unreadable:
            return Refusal(MessageFault.UNREADABLE, {"detail": str(unreadable)[:200]})
        if not spelled:
            return Refusal(MessageFault.UNREADABLE, {"detail": "not in its canonical form"})
        if message.version != VERSION:
            return Refusal(MessageFault.VERSION, {"version": message.version})
        if message.recipient != self._own.party:
            return Refusal(MessageFault.NOT_FOR_US, {"recipient": message.recipient[:20]})
        return message


def partner_of(reading: Reading, codec: Codec, party: str) -> Partner | None:
    """A partner as the committed books know it."""
    row = reading.record(PARTNER, party)
    return None if row is None else from_json(Partner, codec.decode(row.value))
