"""How secrets of the office are kept: as digests. They are long and random, so a plain hash cannot be guessed at."""

import base64
import hashlib
import hmac


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def csrf_token(session_secret: str) -> str:
    """What a page must send with each change: made from the session's secret, which a foreign page cannot read."""
    made = hmac.digest(session_secret.encode("utf-8", "replace"), b"counterfoil csrf", "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def recovery_digest(pepper: bytes, person: str, code: str) -> str:
    """A recovery code has a hundred random bits; the office's own key and the person stand in its digest."""
    plain = "".join(code.split()).replace("-", "").upper()
    return hmac.digest(pepper, f"recovery:{person}:{plain}".encode("utf-8", "replace"), "sha256").hex()


def throttle_key(pepper: bytes, kind: str, value: str) -> bytes:
    """Under what failures are counted: a keyed digest, so that the file does not list who was tried."""
    return hmac.digest(pepper, f"{kind}:{value}".encode("utf-8", "replace"), "sha256")
