"""Write docs/reference/federation: JSON Schemas of what registries say, and test vectors. `python -m tools.update`.

The vectors are signed with the key of RFC 8037 appendix A, whose private half everybody knows. No registry links it.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from nacl.signing import SigningKey

from counterfoil.adapters.peers.http_peer import ANSWERS_MAX
from counterfoil.application.federation.discovery import DISCOVERY, FORMAT, MESSAGES
from counterfoil.application.federation.exchange import BUNDLE_BYTES_MAX, BUNDLE_MESSAGES_MAX
from counterfoil.domain.federation import message as messages
from counterfoil.domain.federation.jws import TYPE, compact, key_id, signing_input
from counterfoil.domain.federation.message import VERSION, Envelope, Message, MessageKind
from counterfoil.domain.kernel.canonical import canonical

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "docs" / "reference" / "federation"
SEED: Final = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
NOW: Final = "2026-11-22T09:30:00Z"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TYPES: Final = {str: "string", int: "integer", list: "array", dict: "object"}
_MOMENT: Final = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
_PARTY: Final = {"type": "string", "pattern": "^[A-Z]{3}$"}


def files() -> dict[Path, str]:
    """Every file of the folder that is generated, with its text."""
    made = {
        "message.schema.json": message_schema(),
        "answer.schema.json": answer_schema(),
        "discovery.schema.json": discovery_schema(),
        "vectors.json": vectors(),
    }
    return {PLACE / name: json.dumps(value, indent=1, ensure_ascii=False) + "\n" for name, value in made.items()}


def message_schema() -> dict[str, Any]:
    """The content of a signed message: what stands between the two full stops, decoded."""
    kinds = [
        {
            "if": {"properties": {"kind": {"const": kind.value}}},
            "then": {"properties": {"body": _body(messages._BODIES[kind])}},
        }
        for kind in MessageKind
    ]
    members: dict[str, Any] = {
        "version": {"const": VERSION},
        "kind": {"enum": [kind.value for kind in MessageKind]},
        "transfer": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9:._-]{0,79}$"},
        "sender": _PARTY,
        "recipient": _PARTY,
        "sent_at": _MOMENT,
        "body": {"type": "object"},
    }
    return {
        "$schema": _DIALECT,
        "title": "Message",
        "description": f"The payload of a compact JWS of type {TYPE}: canonical JSON (see the journal format).",
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
        "allOf": kinds,
        "$defs": {"proof": _object(messages._PROOF), "provenance": _object(messages._PROVENANCE)},
    }


def answer_schema() -> dict[str, Any]:
    """One line of the answer to a bundle."""
    both = _object({"en": str, "zh-Hant": str})
    return {
        "$schema": _DIALECT,
        "title": "Answer",
        "description": f"One line of the answer of POST {MESSAGES}, in the order of the messages.",
        "type": "object",
        "properties": {
            "outcome": {"enum": ["done", "refused", "unavailable"]},
            "code": {"type": "string"},
            "facts": {"type": "object"},
            "text": both,
            "fix": both,
            "answers": {"type": "array", "items": {"type": "string"}, "maxItems": ANSWERS_MAX},
        },
        "required": ["outcome", "answers"],
        "if": {"properties": {"outcome": {"enum": ["refused", "unavailable"]}}},
        "then": {"required": ["code", "facts", "text", "fix"]},
    }


def discovery_schema() -> dict[str, Any]:
    """The discovery document."""
    key = _object({"kty": str, "crv": str, "x": str, "kid": str, "after": int})
    members: dict[str, Any] = {
        "format": {"const": FORMAT},
        "party": _PARTY,
        **{name: {"type": "string"} for name in ("registry", "name", "origin", "purpose")},
        "demonstration": {"type": "boolean"},
        "keys": {"type": "array", "items": key, "minItems": 1},
        "log_keys": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "handovers": {"type": "array", "items": _object({"seq": int, "leaf": str, "path": list, "checkpoint": str})},
        "protocol": _object({"versions": list, "type": str, "algorithms": list}),
        "messages": {"type": "array", "items": {"type": "string"}},
        "nomenclature": {"type": "object", "additionalProperties": {"type": "string"}},
        "limits": _object(dict.fromkeys(("message_bytes", "bundle_messages", "bundle_bytes", "ahead_seconds"), int)),
        "paths": {"type": "object", "additionalProperties": {"type": "string"}},
    }
    return {
        "$schema": _DIALECT,
        "title": "Discovery",
        "description": f"GET {DISCOVERY}. Bounds here: {BUNDLE_MESSAGES_MAX} messages, {BUNDLE_BYTES_MAX} bytes.",
        "type": "object",
        "properties": members,
        "required": list(members),
    }


def vectors() -> dict[str, Any]:
    """Messages with their compact form, good and bad; bad ones with the code that a receiver answers."""
    key = SigningKey(SEED)
    public = bytes(key.verify_key)
    return {
        "comment": "Signed with the public test key of RFC 8037. Never link it.",
        "now": NOW,
        "sender": "XAA",
        "recipient": "XBB",
        "key": {"kty": "OKP", "crv": "Ed25519", "x": _text(public), "d": _text(SEED), "kid": key_id(public)},
        "good": list(_good(key)),
        "bad": list(_bad(key)),
    }


def _good(key: SigningKey) -> Iterator[dict[str, Any]]:
    for name, message in _samples().items():
        yield {"name": name, "content": message.content().decode(), "compact": _sealed(key, message).decode()}


def _bad(key: SigningKey) -> Iterator[dict[str, Any]]:
    good = _samples()["withdrawal"]
    head, content, signature = _sealed(key, good).split(b".")
    none = _text(b'{"alg":"none"}').encode()
    changed = _text(replace(good, transfer="t-9").content()).encode()
    spaced = canonical(good.as_json()).replace(b'":', b'": ')
    bad: dict[str, tuple[bytes, str]] = {
        "no signature": (b".".join((head, content)), "message.unsigned"),
        "algorithm none": (b".".join((none, content, signature)), "message.unsigned"),
        "padding": (b".".join((head, content, signature + b"==")), "message.unsigned"),
        "changed content": (b".".join((head, changed, signature)), "message.signature"),
        "another spelling": (_signed(key, spaced), "message.unreadable"),
        "a member missing": (_sealed(key, replace(good, body={})), "message.unreadable"),
        "another version": (_sealed(key, replace(good, version=VERSION + 1)), "message.version"),
        "another recipient": (_sealed(key, replace(good, recipient="XCC")), "message.not_for_us"),
        "an unknown sender": (_sealed(key, replace(good, sender="XCC")), "message.sender_unknown"),
        "an unknown key": (_sealed(SigningKey(bytes(32)), good), "message.key_unknown"),
        "from the future": (_sealed(key, replace(good, sent_at="2026-11-22T09:36:00Z")), "message.from_future"),
    }
    for name, (text, code) in bad.items():
        yield {"name": name, "compact": text.decode(), "code": code}


def _samples() -> dict[str, Message]:
    """Messages that need no proof of an entry, so that they can be made from nothing."""
    day = NOW[:10]
    bodies: dict[MessageKind, dict[str, Any]] = {
        MessageKind.WITHDRAWAL: {"effective_on": day, "reason": "taken back · 撤回", "ending": "withdrawn"},
        MessageKind.REFUSAL: {"effective_on": day, "code": "account.unknown", "facts": {"account": "xbb:nobody"}},
        MessageKind.ACKNOWLEDGEMENT: {"effective_on": day, "state": "unknown", "proof": None},
    }
    return {kind.value: Message(kind, "t-1", "XAA", "XBB", NOW, body) for kind, body in bodies.items()}


def _sealed(key: SigningKey, message: Message) -> bytes:
    return _signed(key, message.content())


def _signed(key: SigningKey, content: bytes) -> bytes:
    named = key_id(bytes(key.verify_key))
    return compact(Envelope(content, key.sign(signing_input(content, key=named)).signature, named))


def _body(members: Mapping[str, type]) -> dict[str, Any]:
    """The body of a kind. More members may stand in it than must."""
    shape = _object(members)
    day = {"type": "string", "format": "date"}
    special: dict[str, Any] = {
        "effective_on": day,
        "proof": {"$ref": "#/$defs/proof"},
        "provenance": {"$ref": "#/$defs/provenance"},
        "parts": {
            "type": "array",
            "items": {
                "type": "array",
                "prefixItems": [{"type": "string"}, {"type": "integer"}, {"type": "integer"}, {"type": "object"}],
                "minItems": 4,
                "maxItems": 4,
            },
        },
        "authorizations": {"type": "array", "items": {"type": "object"}},
        "approaches": {"type": "array", "items": {"type": "object"}},
    }
    shape["properties"] = {name: special.get(name, kind) for name, kind in shape["properties"].items()}
    shape["properties"]["expires_at"] = _MOMENT
    if "parts" in members:
        shape["properties"]["retire"] = _object({"purpose": str, "year": int})
    return shape


def _object(members: Mapping[str, type]) -> dict[str, Any]:
    properties = {name: {"type": _TYPES[kind]} for name, kind in members.items()}
    return {"type": "object", "properties": properties, "required": list(members)}


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def write() -> None:
    PLACE.mkdir(exist_ok=True)
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
