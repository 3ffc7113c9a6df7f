"""Messages as they travel and are kept: JSON Web Signatures in compact form, signed with Ed25519.

`header.content.signature`, each in base64url without padding. The header has one spelling, so that a signed message
has one too. Only this algorithm is read: what says "none", or anything else, is no message.
Source: RFC 7515 sections 3.1, 7.1; RFC 7638; RFC 9864 section 2.2; ADR-0032.
"""

import base64
import hashlib
import re
from functools import lru_cache
from typing import Final

from counterfoil.domain.federation.message import MESSAGE_BYTES_MAX, Envelope, MessageFault
from counterfoil.domain.kernel.refusal import Refusal

TYPE: Final = "counterfoil-transfer+jws"
COMPACT_BYTES_MAX: Final = (MESSAGE_BYTES_MAX * 4) // 3 + 1024
_SIGNATURE_BYTES: Final = 64
_KEY_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_PARTS: Final = re.compile(rb"([A-Za-z0-9_-]{1,512})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})\Z")
_HEADER: Final = re.compile(rb'\{"alg":"Ed25519","kid":"([A-Za-z0-9_-]{43})","typ":"counterfoil-transfer\+jws"\}\Z')


@lru_cache(maxsize=1024)
def key_id(public_key: bytes) -> str:
    """The name of an Ed25519 key: its JSON Web Key's thumbprint. Source: RFC 7638 section 3; RFC 8037 appendix A.3.

    >>> key_id(bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
    'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
    """
    key = f'{{"crv":"Ed25519","kty":"OKP","x":"{_text(public_key)}"}}'
    return _text(hashlib.sha256(key.encode()).digest())


def signing_input(content: bytes, *, key: str) -> bytes:
    """What is signed: the header and the content, both in base64url, joined by a full stop.

    Args:
        key: The name of the signer's key, as `key_id` gives it.
    """
    assert _KEY_ID.match(key), "a key is named by its thumbprint"
    return f"{_header(key)}.{_text(content)}".encode()


def compact(envelope: Envelope) -> bytes:
    """A signed message as it travels."""
    return signing_input(envelope.content, key=envelope.key) + b"." + _text(envelope.signature).encode()


def read_compact(text: bytes) -> Envelope | Refusal:
    """The message in a compact signature; whether the signature is good is not asked here.

    Refuses another algorithm, type or spelling of the header, and what is too large. Every bit counts: base64 with
    other bits behind its end is no message.
    """
    if len(text) > COMPACT_BYTES_MAX:
        return Refusal(MessageFault.TOO_LARGE, {"bytes": len(text), "bytes_max": COMPACT_BYTES_MAX})
    parts = _PARTS.match(text)
    header = None if parts is None else _bytes(parts[1])
    named = None if header is None else _HEADER.match(header)
    content = None if parts is None else _bytes(parts[2])
    signature = None if parts is None else _bytes(parts[3])
    if named is None or content is None or signature is None or len(signature) != _SIGNATURE_BYTES:
        return Refusal(MessageFault.UNSIGNED, {"detail": text[:80].decode("ascii", "replace")})
    if len(content) > MESSAGE_BYTES_MAX:
        return Refusal(MessageFault.TOO_LARGE, {"bytes": len(content), "bytes_max": MESSAGE_BYTES_MAX})
    return Envelope(content, signature, named[1].decode())


@lru_cache(maxsize=1024)
def _header(key: str) -> str:
    return _text(f'{{"alg":"Ed25519","kid":"{key}","typ":"{TYPE}"}}'.encode())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: bytes) -> bytes | None:
    """The bytes of a text in base64url, None where another text would give the same."""
    try:
        data = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    return data if _text(data).encode() == text else None
