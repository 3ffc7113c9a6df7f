"""Signed messages in compact form: what we write a library reads, and the reverse; other spellings are refused."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws as library
from joserfc.jwk import OKPKey

from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.domain.federation.jws import COMPACT_BYTES_MAX, compact, key_id, read_compact, signing_input
from counterfoil.domain.federation.message import Envelope
from counterfoil.domain.kernel.refusal import Refusal

SEED = bytes(range(32))
CONTENT = b'{"kind":"proposal"}'


def private() -> OKPKey:
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": _text(SEED), "x": _text(public())})


def public() -> bytes:
    from nacl.signing import SigningKey

    return bytes(SigningKey(SEED).verify_key)


def signed(content: bytes = CONTENT) -> Envelope:
    from nacl.signing import SigningKey

    key = key_id(public())
    return Envelope(content, SigningKey(SEED).sign(signing_input(content, key=key)).signature, key)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _header(**changes: object) -> str:
    header = {"alg": "Ed25519", "kid": key_id(public()), "typ": "counterfoil-transfer+jws", **changes}
    return _text(json.dumps(header, separators=(",", ":"), sort_keys=True).encode())


@given(st.binary(min_size=1, max_size=300))
def test_what_is_written_is_read_again_and_is_spelled_in_one_way(content: bytes) -> None:
    envelope = signed(content)
    assert read_compact(compact(envelope)) == envelope


def test_a_library_reads_and_believes_our_message() -> None:
    read = library.deserialize_compact(compact(signed()).decode(), private(), algorithms=["Ed25519"])
    assert read.payload == CONTENT
    assert read.headers()["kid"] == private().thumbprint()


def test_we_read_and_believe_a_librarys_message() -> None:
    header = {"alg": "Ed25519", "kid": private().thumbprint(), "typ": "counterfoil-transfer+jws"}
    text = library.serialize_compact(header, CONTENT, private(), algorithms=["Ed25519"])
    envelope = read_compact(text.encode())
    assert isinstance(envelope, Envelope)
    message = signing_input(envelope.content, key=envelope.key)
    assert verify(public_key=public(), message=message, signature=envelope.signature)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"a.b.c",
        compact(signed())[:-1],
        compact(signed()) + b"=",
        compact(signed()).replace(b".", b"..", 1),
        compact(signed())[:-1] + b"\n",
        b" " + compact(signed()),
        f"{_header(alg='none')}.{_text(CONTENT)}.{'A' * 86}".encode(),
        f"{_header(alg='EdDSA')}.{_text(CONTENT)}.{'A' * 86}".encode(),
        f"{_header(typ='JWT')}.{_text(CONTENT)}.{'A' * 86}".encode(),
        f"{_header(crit=['b64'])}.{_text(CONTENT)}.{'A' * 86}".encode(),
        f"{_header(kid='short')}.{_text(CONTENT)}.{'A' * 86}".encode(),
        f"{_text(b'no json')}.{_text(CONTENT)}.{'A' * 86}".encode(),
    ],
)
def test_what_is_no_signed_message_of_the_protocol_is_refused(text: bytes) -> None:
    refusal = read_compact(text)
    assert isinstance(refusal, Refusal) and refusal.code == "message.unsigned"


def test_a_text_with_other_bits_behind_its_end_is_refused() -> None:
    """In base64 the last character of a signature carries four bits that nothing decodes."""
    text = compact(signed())
    for last in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        other = text[:-1] + bytes([last])
        read = read_compact(other)
        assert other == text or isinstance(read, Refusal) or read.signature != signed().signature


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    refusal = read_compact(b"A" * (COMPACT_BYTES_MAX + 1))
    assert isinstance(refusal, Refusal) and refusal.code == "message.too_large"
