"""Messages between registries: plain values with one canonical spelling, which is what gets signed.

A transfer goes *proposal* → *acceptance* or *refusal* → *receipt* or *withdrawal*. Each message names the transfer, who
sends and who is meant, so that it can be repeated, and cannot be replayed to somebody else.

Source: 6/CMA.4 annex I paras. 9-10 (interoperability; non-repudiation of existence, type, time and content); ADR-0007.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.kernel.canonical import JSON, canonical

VERSION: Final = 1
MESSAGE_BYTES_MAX: Final = 1024 * 1024


class MessageKind(StrEnum):
    PROPOSAL = "proposal"
    ACCEPTANCE = "acceptance"
    REFUSAL = "refusal"
    RECEIPT = "receipt"
    WITHDRAWAL = "withdrawal"


class MessageFault(StrEnum):
    UNREADABLE = "message.unreadable"
    SENDER_UNKNOWN = "message.sender_unknown"
    NOT_FOR_US = "message.not_for_us"
    SIGNATURE = "message.signature"
    PROOF = "message.proof"
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

    def content(self) -> bytes:
        """The canonical bytes that are signed."""
        return canonical(
            {
                "version": self.version,
                "kind": self.kind.value,
                "transfer": self.transfer,
                "sender": self.sender,
                "recipient": self.recipient,
                "sent_at": self.sent_at,
                "body": self.body,
            }
        )


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message's bytes with the sender's Ed25519 signature over them."""

    content: bytes
    signature: bytes


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
    MessageKind.WITHDRAWAL: {"effective_on": str, "reason": str},
}
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
        wrong = _missing("provenance", body["provenance"], _PROVENANCE)
    return wrong or (None if _is_day(body["effective_on"]) else "body.effective_on")


def _misoffered(body: Mapping[str, Any]) -> str | None:
    """Where a proposal's parts are not `[class, first, last, facts]`, or its copies of records no objects."""
    for part in body["parts"]:
        kinds = [type(member) for member in part] if isinstance(part, list) else []
        if kinds != [str, int, int, dict]:
            return "body.parts"
    lists = ("authorizations", "approaches")
    return next((f"body.{name}" for name in lists if not all(isinstance(one, dict) for one in body[name])), None)


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
    return Message(
        kind=MessageKind(value["kind"]),
        transfer=value["transfer"],
        sender=value["sender"],
        recipient=value["recipient"],
        sent_at=value["sent_at"],
        body=value["body"],
        version=value["version"],
    )
