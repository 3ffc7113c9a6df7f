"""Signed questions and answers between two registries that compare their books.

Both are compact JSON Web Signatures, as messages about transfers are, but of other kinds: none can be taken for the
other. An answer names the question by its digest, so that an old answer is no answer to a new question. A link that is
suspended may be reconciled: that is how it comes to be trusted again.
Source: RFC 7515; ADR-0032; ADR-0033.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from counterfoil.application.command import Registry
from counterfoil.application.ports import Reading, World
from counterfoil.domain.federation.jws import compact, key_id, read_compact, signing_input
from counterfoil.domain.federation.link import PARTNER, LinkFault, LinkState, Partner
from counterfoil.domain.federation.message import AHEAD_SECONDS_MAX, MESSAGE_BYTES_MAX, Envelope, MessageFault
from counterfoil.domain.federation.signing_key import signing_key
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.instant import utc_ms, utc_text
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal

VERSION: Final = 1
QUESTION: Final = "question"
ANSWER: Final = "answer"
OLD_MS_MAX: Final = 3_600_000
"""A question that was signed longer ago is not answered: it may be somebody else's copy."""
_DETAIL_MAX: Final = 200


class TalkFault(StrEnum):
    OTHER_QUESTION = "reconciliation.other_question"
    OLD = "reconciliation.old"
    PARTNER_REFUSES = "reconciliation.partner_refuses"


@dataclass(frozen=True, slots=True)
class Told:
    """What a partner signed: who, the body, the digest of the content, and when by its own clock (UTC)."""

    partner: Partner
    body: Mapping[str, Any]
    digest: str
    sent_at: str = ""


class Talk:
    """One registry's side of such conversations."""

    def __init__(self, world: World, registry: Callable[[], Registry]) -> None:
        self._world = world
        self._registry = registry

    def question(self, party: str, body: Mapping[str, JSON]) -> tuple[bytes, str]:
        """A signed question, and its digest."""
        return self._signed(QUESTION, party, {"nonce": self._world.chance.salt().hex(), "body": body})

    def answer(self, told: Told, body: Mapping[str, JSON]) -> bytes:
        """A signed answer to a question."""
        return self._signed(ANSWER, told.partner.party, {"question": told.digest, "body": body})[0]

    def heard_question(self, signed: bytes, reading: Reading) -> Told | Refusal:
        """The question in a text, where a linked partner signed it for this registry a short time ago."""
        read = self._heard(signed, QUESTION, reading)
        if isinstance(read, Refusal):
            return read
        told, content = read
        sent = utc_ms(content["sent_at"])
        if sent is None or sent < self._world.clock.now_ms() - OLD_MS_MAX:
            return Refusal(TalkFault.OLD, {"sent_at": content["sent_at"]})
        return told

    def heard_answer(self, signed: bytes, reading: Reading, *, party: str, question: str) -> Told | Refusal:
        """The answer in a text, where this partner signed it to this very question."""
        read = self._heard(signed, ANSWER, reading)
        if isinstance(read, Refusal):
            return read
        told, content = read
        if told.partner.party != party or content.get("question") != question:
            return Refusal(TalkFault.OTHER_QUESTION, {"partner": told.partner.party})
        if "refused" in told.body:
            return Refusal(TalkFault.PARTNER_REFUSES, {"partner": party, "code": str(told.body["refused"])[:80]})
        return told

    def _signed(self, kind: str, party: str, rest: Mapping[str, JSON]) -> tuple[bytes, str]:
        content = self._world.codec.encode(
            {
                "version": VERSION,
                "kind": kind,
                "sender": self._registry().party,
                "recipient": party,
                "sent_at": utc_text(self._world.clock.now_ms()),
                **rest,
            }
        )
        key = key_id(self._world.signer.public_key)
        signature = self._world.signer.sign(signing_input(content, key=key))
        return compact(Envelope(content, signature, key)), sha256(content).hexdigest()

    def _heard(self, signed: bytes, kind: str, reading: Reading) -> tuple[Told, Mapping[str, Any]] | Refusal:
        envelope = read_compact(signed)
        if isinstance(envelope, Refusal):
            return envelope
        content = self._content(envelope, kind)
        if isinstance(content, Refusal):
            return content
        row = reading.record(PARTNER, content["sender"])
        if row is None:
            return Refusal(MessageFault.SENDER_UNKNOWN, {"sender": content["sender"][:20]})
        partner = from_json(Partner, self._world.codec.decode(row.value))
        now_ms = self._world.clock.now_ms()
        key = signing_key(partner, envelope.key, now_ms=now_ms)
        if isinstance(key, Refusal):
            return key
        message = signing_input(envelope.content, key=envelope.key)
        if not self._world.verify(public_key=key, message=message, signature=envelope.signature):
            return Refusal(MessageFault.SIGNATURE, {"sender": partner.party})
        if partner.state is LinkState.PROPOSED:
            return Refusal(LinkFault.NOT_LIVE, {"partner": partner.party, "state": partner.state.value})
        sent = utc_ms(content["sent_at"])
        if sent is None or sent > now_ms + AHEAD_SECONDS_MAX * 1000:
            facts: dict[str, JSON] = {"sent_at": content["sent_at"][:40], "seconds_max": AHEAD_SECONDS_MAX}
            return Refusal(MessageFault.FROM_FUTURE, facts)
        return Told(partner, content["body"], sha256(envelope.content).hexdigest(), content["sent_at"]), content

    def _content(self, envelope: Envelope, kind: str) -> Mapping[str, Any] | Refusal:
        if len(envelope.content) > MESSAGE_BYTES_MAX:
            return Refusal(MessageFault.TOO_LARGE, {"bytes": len(envelope.content), "bytes_max": MESSAGE_BYTES_MAX})
        try:
            content = self._world.codec.decode(envelope.content)
            texts = all(isinstance(content[name], str) for name in ("kind", "sender", "recipient", "sent_at"))
            if not (texts and content["kind"] == kind and isinstance(content["body"], dict)):
                raise ValueError(kind)
        except (KeyError, TypeError, ValueError) as unreadable:
            return Refusal(MessageFault.UNREADABLE, {"detail": str(unreadable)[:_DETAIL_MAX]})
        if content.get("version") != VERSION:
            return Refusal(MessageFault.VERSION, {"version": str(content.get("version"))[:20]})
        if content["recipient"] != self._registry().party:
            return Refusal(MessageFault.NOT_FOR_US, {"recipient": content["recipient"][:20]})
        return content  # type: ignore[no-any-return]
