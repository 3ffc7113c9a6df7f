"""The facts of a letter as a W3C verifiable credential, secured with Data Integrity, suite eddsa-jcs-2022.

The issuer is a `did:key`, so the key stands in the credential itself and nothing is fetched to check it; that the key
is the registry's is told by the registry's own key history. The same letter gives the same credential, byte for byte.

Source: W3C Verifiable Credentials Data Model 2.0; W3C Data Integrity EdDSA Cryptosuites 1.0, eddsa-jcs-2022; ADR-0025.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from counterfoil.application.queries.letters import AcknowledgementSaid, AuthorizationSaid, Letter
from counterfoil.domain.kernel.canonical import canonical
from counterfoil.domain.kernel.record import to_json
from counterfoil.entrypoints.letters.claim import Claim, read_claim
from counterfoil.entrypoints.letters.letter_paper import document_number

CONTEXT: Final = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"]
SUITE: Final = "eddsa-jcs-2022"
CREDENTIAL_BYTES_MAX: Final = 4 * 1024 * 1024
EXACT_MAX: Final = 2**53 - 1
"""The largest integer that every reader of JSON has exactly; a larger one is written as text."""
_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519: Final = b"\xed\x01"
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64
_BASE58_MAX: Final = 200

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Shown:
    """A credential whose proof holds: by which key, what it claims, and the whole of it without the proof."""

    public_key: bytes
    claim: Claim | None
    unsecured: Mapping[str, Any]


def unsecured(letter: Letter, claim: Claim, public_key: bytes) -> dict[str, Any]:
    """The credential before its proof."""
    ground = letter.ground
    return {
        "@context": CONTEXT,
        "id": claim.text,
        "type": ["VerifiableCredential"],
        "issuer": {"id": did_key(public_key), "name": ground.registry.name},
        "validFrom": f"{ground.on.isoformat()}T00:00:00Z",
        "credentialSubject": {
            "kind": letter.kind.value,
            "of": letter.of,
            "number": claim.number or document_number(letter),
            "said": _exact(_facts(letter.said)),
        },
        "evidence": [
            {
                "type": ["JournalEntry"],
                "origin": ground.registry.origin,
                "entry": ground.entry,
                "leaf": ground.leaf_hash,
                "checkpoint": ground.checkpoint.text(),
            }
        ],
    }


def secured(document: Mapping[str, Any], *, public_key: bytes, sign: Sign) -> dict[str, Any]:
    """The credential with its proof."""
    key = did_key(public_key)
    proof = {
        "@context": document["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "proofPurpose": "assertionMethod",
        "verificationMethod": f"{key}#{key.removeprefix('did:key:')}",
    }
    return {**document, "proof": {**proof, "proofValue": f"z{base58(sign(_hashed(document, proof)))}"}}


def credential_bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def read_credential(data: bytes, *, verify: Callable[..., bool]) -> Shown | None:
    """What a credential shows; None when it is none of this kind, or its proof does not hold."""
    if len(data) > CREDENTIAL_BYTES_MAX:
        return None
    try:
        value = json.loads(data, object_pairs_hook=_once)
        proof = dict(value.pop("proof"))
        signature = unbase58(str(proof.pop("proofValue")).removeprefix("z"), _SIGNATURE_BYTES)
        key = _key_of(str(proof["verificationMethod"]))
        named = value["issuer"]["id"] == did_key(key)
        fits = proof["type"] == "DataIntegrityProof" and proof["cryptosuite"] == SUITE
        purpose = proof["proofPurpose"] == "assertionMethod" and proof.get("@context") == value["@context"]
        if not (named and fits and purpose):
            return None
        if not verify(public_key=key, message=_hashed(value, proof), signature=signature):
            return None
        return Shown(key, read_claim(str(value["id"])), value)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def did_key(public_key: bytes) -> str:
    """A key as a `did:key` identifier, from which anybody reads the key again."""
    return f"did:key:z{base58(_ED25519 + public_key)}"


def base58(data: bytes) -> str:
    """Base58 in Bitcoin's alphabet, as multibase `z` has it.

    >>> base58(b"Hello World!"), unbase58("2NEpo7TZRRrLZSi2U", 12)
    ('2NEpo7TZRRrLZSi2U', b'Hello World!')
    """
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _ALPHABET[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def unbase58(text: str, size: int) -> bytes:
    """The bytes of a base58 text of a known length.

    Raises:
        ValueError: another letter, another length, or another spelling.
    """
    if len(text) > _BASE58_MAX:
        raise ValueError("too long")
    number = 0
    for letter in text:
        number = number * 58 + _ALPHABET.index(letter)
    data = number.to_bytes(size, "big") if number < 256**size else b""
    if base58(data) != text:
        raise ValueError("not base58 of that length")
    return data


def _hashed(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    """What is signed: the hash of the proof's own words, then that of the document. Our canonical form is JCS here.

    Member names are ASCII and numbers exact integers, where the two forms are one.
    """
    return sha256(canonical(proof)).digest() + sha256(canonical(document)).digest()


def _key_of(method: str) -> bytes:
    name, mark, fragment = method.partition("#")
    if not mark or not name.startswith("did:key:z") or name.removeprefix("did:key:") != fragment:
        raise ValueError("not a did:key")
    raw = unbase58(fragment[1:], len(_ED25519) + _KEY_BYTES)
    if not raw.startswith(_ED25519):
        raise ValueError("not an Ed25519 key")
    return raw[len(_ED25519) :]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose members are named once: another reader could take the other of two."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is repeated")
    return found


def _facts(said: Any) -> Any:
    """The facts with names of members that are ours: what the registry's users named stands in values."""
    match said:
        case AuthorizationSaid():
            return {
                "authorization": to_json(said.authorization),
                "versions": to_json(said.versions),
                "activities": _named(said.activities),
                "entities": _named(said.entities),
            }
        case AcknowledgementSaid():
            return {"acknowledgement": to_json(said.acknowledgement), "activity": said.activity}
        case _:
            facts: Any = to_json(said)
            if "activities" in facts:
                facts["activities"] = _named(said.activities)
            return facts


def _named(names: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"id": key, "name": name} for key, name in names.items()]


def _exact(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) <= EXACT_MAX else str(value)
    if isinstance(value, Mapping):
        return {name: _exact(each) for name, each in value.items()}
    return [_exact(each) for each in value] if isinstance(value, list | tuple) else value
