"""What a registry says of itself to those who would link it: its keys with handovers, what it understands, its limits.

The document is public and not signed: who reads it compares the key with what the authority says by another way, and
follows later keys by the handovers alone.
Source: 6/CMA.4 annex I paras. 9-10 (interoperability); ADR-0018; ADR-0035.
"""

import base64
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from counterfoil.application.command import REGISTRY, SELF
from counterfoil.application.damage import whole_registry
from counterfoil.application.federation.exchange import BUNDLE_BYTES_MAX, BUNDLE_MESSAGES_MAX
from counterfoil.application.key_history import handovers_of, key_texts, read_key_history
from counterfoil.application.ports import Outage, OutageFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.federation.jws import TYPE, key_id
from counterfoil.domain.federation.message import AHEAD_SECONDS_MAX, MESSAGE_BYTES_MAX, VERSION, MessageKind

FORMAT: Final = "counterfoil-registry/1"
MESSAGES: Final = "/federation/v1/messages"
RECONCILIATION: Final = "/federation/v1/reconciliation"
DISCOVERY: Final = "/.well-known/counterfoil-registry"
_GROUPS: Final = 8
_GROUP: Final = 100_000


def discovery(sight: Sight, *, nomenclature: Mapping[str, str]) -> dict[str, Any]:
    """The document of the registry that a sight shows.

    Args:
        nomenclature: The versions of the code lists in use, by their names.

    Raises:
        Outage: `registry.not_founded`, or what the store says.
    """
    row = sight.reading.record(REGISTRY, SELF)
    if row is None:
        raise Outage(OutageFault.NOT_FOUNDED, {"folder": "."})
    own = whole_registry(row.value, sight.codec)
    history = read_key_history(sight.reading, sight.codec, otherwise=base64.b64decode(own.public_key))
    handovers = handovers_of(sight.reading, history) or ()
    return {
        "format": FORMAT,
        "party": own.party,
        "registry": own.registry,
        "name": own.name,
        "origin": own.origin,
        "purpose": own.purpose,
        "demonstration": own.demonstration,
        "keys": [_jwk(term.public_key, term.after) for term in history.terms],
        "log_keys": list(key_texts(history, origin=own.origin)),
        "handovers": [each.json() for each in handovers],
        "protocol": {"versions": [VERSION], "type": TYPE, "algorithms": ["Ed25519"]},
        "messages": [kind.value for kind in MessageKind],
        "nomenclature": dict(nomenclature),
        "limits": {
            "message_bytes": MESSAGE_BYTES_MAX,
            "bundle_messages": BUNDLE_MESSAGES_MAX,
            "bundle_bytes": BUNDLE_BYTES_MAX,
            "ahead_seconds": AHEAD_SECONDS_MAX,
        },
        "paths": {
            "messages": MESSAGES,
            "reconciliation": RECONCILIATION,
            "checkpoint": "/log/checkpoint",
            "keys": "/log/keys",
            "api": "/api/v1",
        },
    }


def fingerprint(public_key: bytes) -> str:
    """A key as eight groups of five digits, to be compared by voice in any language.

    They hold 132 bits of the key's SHA-256: who would forge one needs 2^132 tries.

    >>> fingerprint(bytes(32))
    '30981 65309 90276 10382 19918 31479 37096 22022'
    """
    number = int.from_bytes(sha256(public_key).digest(), "big")
    groups: list[str] = []
    for _ in range(_GROUPS):
        number, group = divmod(number, _GROUP)
        groups.append(f"{group:05}")
    return " ".join(groups)


def _jwk(public_key: bytes, after: int) -> dict[str, Any]:
    """A key as a JSON Web Key, with the number of entries after which it signs. Source: RFC 8037 section 2."""
    x = base64.urlsafe_b64encode(public_key).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": key_id(public_key), "after": after}
