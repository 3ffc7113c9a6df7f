"""A passkey in software: it makes and signs what an authenticator would, and lies where a test asks it to."""

import base64
import hashlib
import json
import os
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class SoftKey:
    """One key pair for one host."""

    def __init__(self, host: str = "registry.example", origin: str = "https://registry.example") -> None:
        self.host, self.origin = host, origin
        self.id = os.urandom(32)
        self.count = 0
        self._key = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: dict[str, Any], *, flags: int = PRESENT | VERIFIED, **lies: Any) -> dict[str, Any]:
        """The browser's answer to `navigator.credentials.create`."""
        numbers = self._key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(flags | ATTESTED) + held
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"], **lies)
        response = {"clientDataJSON": text(client), "attestationObject": text(attestation)}
        return self._answer(response)

    def sign(self, options: dict[str, Any], *, flags: int = PRESENT | VERIFIED, **lies: Any) -> dict[str, Any]:
        """The browser's answer to `navigator.credentials.get`."""
        self.count += 1
        data = self._data(flags)
        client = self._client("webauthn.get", options["challenge"], **lies)
        signed = data + hashlib.sha256(client).digest()
        signature = self._key.sign(signed, ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature)}
        return self._answer(response)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, *, origin: str = "") -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin or self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
