"""Messages between registries: plain values with one canonical spelling, which is what gets signed.

A transfer goes *proposal* → *acceptance* or *refusal* → *receipt* or *withdrawal* → *acknowledgement*. Each message
names the transfer, who sends and who is meant, so that it can be repeated, and cannot be replayed to somebody else.

Source: 6/CMA.4 annex I paras. 9-10 (interoperability; non-repudiation of existence, type, time and content); ADR-0007.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.kernel.canonical import JSON, canonical
from counterfoil.domain.kernel.instant import utc_ms

VERSION: Final = 1
MESSAGE_BYTES_MAX: Final = 1024 * 1024
LETTERS_MAX: Final = 64
APPROACHES_MAX: Final = 32
"""Copies of records that a proposal may carry."""
EVIDENCE_MAX: Final = 64
"""Texts of evidence in one provenance: each becomes a file of its own."""
AHEAD_SECONDS_MAX: Final = 300
"""By so much a partner's clock may be ahead of ours."""


class MessageKind(StrEnum):
    PROPOSAL = "proposal"
    ACCEPTANCE = "acceptance"
    REFUSAL = "refusal"
    RECEIPT = "receipt"
    WITHDRAWAL = "withdrawal"
    ACKNOWLEDGEMENT = "acknowledgement"
    NOTICE = "notice"


class MessageFault(StrEnum):
    UNREADABLE = "message.unreadable"
    UNSIGNED = "message.unsigned"
    TOO_LARGE = "message.too_large"
    KEY_UNKNOWN = "message.key_unknown"
    KEY_EXPIRED = "message.key_expired"
    SEQUENCE = "message.sequence"
    FROM_FUTURE = "message.from_future"
    EXPIRED = "message.expired"
    CUSTODY = "message.custody"
    SENDER_UNKNOWN = "message.sender_unknown"
    NOT_FOR_US = "message.not_for_us"
    SIGNATURE = "message.signature"
    PROOF = "message.proof"
    OTHER_TERMS = "message.other_terms"
    VERSION = "message.version"


@dataclass(frozen=True, slots=True)
class Message:
    """One message about one transfer. `sent_at` is UTC; `body` depends on the kind."""

    kind: MessageKind
    transfer: str
    sender: str
    recipient: str
    sent_at: str
    body: Mapping[str, JSON]
    version: int = VERSION

    def as_json(self) -> dict[str, JSON]:
        """The message as JSON, with every member."""
        return {
            "version": self.version,
            "kind": self.kind.value,
            "transfer": self.transfer,
            "sender": self.sender,
            "recipient": self.recipient,
            "sent_at": self.sent_at,
            "body": self.body,
        }

    def content(self) -> bytes:
        """The canonical bytes that are signed."""
        return canonical(self.as_json())


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message's bytes, the sender's Ed25519 signature over header and content, and the name of the key (`jws.py`)."""

    content: bytes
    signature: bytes
    key: str


_BODIES: Final[Mapping[MessageKind, Mapping[str, type]]] = {
    MessageKind.PROPOSAL: {
        "effective_on": str,
        "parts": list,
        "target": str,
        "authorizations": list,
        "approaches": list,
        "proof": dict,
    },
    MessageKind.ACCEPTANCE: {"effective_on": str, "proof": dict},
    MessageKind.REFUSAL: {"effective_on": str, "code": str},
    MessageKind.RECEIPT: {"effective_on": str, "proof": dict, "provenance": dict},
    MessageKind.WITHDRAWAL: {"effective_on": str, "reason": str, "ending": str},
    MessageKind.ACKNOWLEDGEMENT: {"effective_on": str, "state": str},
    MessageKind.NOTICE: {"effective_on": str, "proof": dict},
}
_ANY_MOMENT: Final = "1970-01-01T00:00:00Z"
_PROOF: Final[Mapping[str, type]] = {"seq": int, "leaf": str, "checkpoint": str, "proof": list}
_PROVENANCE: Final[Mapping[str, type]] = {"registry": str, "leaves": list, "records": list, "evidence": dict}


def misshapen(message: Message) -> str | None:
    """The first member of a message's body that is missing or of another kind; None for a body that can be read."""
    body: Any = message.body
    wrong = _missing("body", {"body": body}, {"body": dict}) or _missing("body", body, _BODIES[message.kind])
    if wrong is None and "proof" in _BODIES[message.kind]:
        wrong = _missing("proof", body["proof"], _PROOF)
    if wrong is None and message.kind is MessageKind.PROPOSAL:
        wrong = _misoffered(body)
    if wrong is None and message.kind is MessageKind.RECEIPT:
        wrong = _missing("provenance", body["provenance"], _PROVENANCE) or _overloaded(body["provenance"]["evidence"])
    if wrong is None and message.kind is MessageKind.ACKNOWLEDGEMENT and body.get("proof") is not None:
        wrong = _missing("body", body, {"proof": dict}) or _missing("proof", body["proof"], _PROOF)
    ends: Any = _ANY_MOMENT if wrong else body.get("expires_at") or _ANY_MOMENT
    if not isinstance(ends, str) or utc_ms(ends) is None:
        wrong = wrong or "body.expires_at"
    return wrong or (None if _is_day(body["effective_on"]) else "body.effective_on")


def _misoffered(body: Mapping[str, Any]) -> str | None:
    """Where a proposal's parts are not `[class, first, last, facts]`, or its copies of records no objects."""
    for part in body["parts"]:
        kinds = [type(member) for member in part] if isinstance(part, list) else []
        if kinds != [str, int, int, dict]:
            return "body.parts"
    lists = (("authorizations", LETTERS_MAX), ("approaches", APPROACHES_MAX))
    for name, most in lists:
        if len(body[name]) > most or not all(isinstance(one, dict) for one in body[name]):
            return f"body.{name}"
    return None if isinstance(body.get("entity"), str | None) else "body.entity"


def _overloaded(evidence: Mapping[str, Any]) -> str | None:
    """Where a provenance brings more texts than are kept, or what is no text."""
    fits = len(evidence) <= EVIDENCE_MAX and all(isinstance(text, str) for text in evidence.values())
    return None if fits else "provenance.evidence"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _missing(place: str, value: Mapping[str, Any], members: Mapping[str, type]) -> str | None:
    return next((f"{place}.{name}" for name, kind in members.items() if not isinstance(value.get(name), kind)), None)


def read_message(value: Mapping[str, Any]) -> Message:
    """A message from its parsed content.

    Raises:
        KeyError, TypeError or ValueError: when it has not the shape of a message; the receiver refuses it.
    """
    # Looked at before the signature is, so a stranger chooses what stands here.
    if not isinstance(value, Mapping):
        raise TypeError("not an object")
    wrong = _missing("message", value, dict.fromkeys(("kind", "transfer", "sender", "recipient", "sent_at"), str))
    if wrong is not None:
        raise ValueError(wrong)
    if utc_ms(value["sent_at"]) is None:
        raise ValueError("message.sent_at")
    return Message(
        kind=MessageKind(value["kind"]),
        transfer=value["transfer"],
        sender=value["sender"],
        recipient=value["recipient"],
        sent_at=value["sent_at"],
        body=value["body"],
        version=value["version"],
    )
