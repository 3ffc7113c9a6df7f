"""An OpenID Connect provider over HTTPS: discovery, the code's exchange, and every check of the id token.

Nothing is asked of a provider that the operator did not name. Answers are bounded, redirects are not followed, and the
libraries are imported when somebody first signs in this way.
Source: OpenID Connect Core 1.0 section 3.1.3.7; OpenID Connect Discovery 1.0 section 4.3; RFC 7636 section 4.2.
"""

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.ports import Identity
from counterfoil.application.ports import Outage

if TYPE_CHECKING:
    import httpx

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""Public keys only: with a shared secret, whoever reads the settings could make tokens."""
ANSWER_MAX: Final = 256 * 1024
SECONDS_MAX: Final = 10
LEEWAY_SECONDS: Final = 60
_KEPT_SECONDS: Final = 600


@dataclass(frozen=True, slots=True)
class Client:
    """What the operator agreed with the provider. `redirect` is our own address to come back to."""

    issuer: str
    client: str
    secret: str
    redirect: str
    method_required: str = ""
    """A word that `amr` must hold, such as `mfa`; empty asks for none."""


class OpenidProvider:
    """One provider. What it says of itself is asked again every ten minutes."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._about: Mapping[str, Any] = {}
        self._asked = -float(_KEPT_SECONDS)

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._client.client,
            "redirect_uri": self._client.redirect,
            "scope": "openid email",
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self._endpoint('authorization_endpoint')}?{urlencode(asked)}"

    def identity(self, code: str, *, nonce: str, verifier: str, now_ms: int) -> Identity | None:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect,
            "code_verifier": verifier,
        }
        found = self._asking("POST", self._endpoint("token_endpoint"), sent)
        token = None if found is None else found.get("id_token")
        if not isinstance(token, str):
            return None
        keys = self._asking("GET", self._endpoint("jwks_uri"))
        claims = None if keys is None else _claims(token, keys)
        if claims is None or not self._fit(claims, nonce=nonce, now=now_ms // 1000):
            return None
        verified = claims.get("email_verified") is True
        mail = str(claims.get("email", "")).strip().lower() if verified else ""
        return Identity(self._client.issuer, str(claims["sub"])[:255], mail)

    def _fit(self, claims: Mapping[str, Any], *, nonce: str, now: int) -> bool:
        """Every claim that the standard makes us look at."""
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        expires, issued, methods = claims.get("exp"), claims.get("iat"), claims.get("amr", [])
        needed = self._client.method_required
        return (
            claims.get("iss") == self._client.issuer
            and audiences.count(self._client.client) == 1
            and (len(audiences) == 1 or claims.get("azp") == self._client.client)
            and claims.get("azp", self._client.client) == self._client.client
            and claims.get("nonce") == nonce
            and isinstance(expires, int)
            and now < expires + LEEWAY_SECONDS
            and isinstance(issued, int)
            and issued <= now + LEEWAY_SECONDS
            and isinstance(claims.get("sub"), str)
            and bool(claims["sub"])
            and (not needed or (isinstance(methods, list) and needed in methods))
        )

    def _endpoint(self, name: str) -> str:
        now = time.monotonic()
        if now - self._asked >= _KEPT_SECONDS:
            place = self._client.issuer.rstrip("/") + "/.well-known/openid-configuration"
            found = self._asking("GET", place)
            if found is None or found.get("issuer") != self._client.issuer:
                raise _unreachable(self._client.issuer, "it does not describe itself as this issuer")
            self._about, self._asked = found, now
        endpoint = str(self._about.get(name, ""))
        if not is_safe(endpoint):
            raise _unreachable(self._client.issuer, f"its {name} is no https address")
        return endpoint

    def _asking(self, method: str, address: str, form: Mapping[str, str] | None = None) -> Mapping[str, Any] | None:
        """The JSON object that an address answers with; None when it refuses.

        Raises:
            Outage: it cannot be reached, or its answer is no JSON object of a sensible size.
        """
        import httpx

        login = None if form is None else httpx.BasicAuth(self._client.client, self._client.secret)
        try:
            # Neither a proxy nor a login that stands in the environment is used.
            with (
                httpx.Client(timeout=SECONDS_MAX, follow_redirects=False, trust_env=False) as client,
                client.stream(method, address, data=form, auth=login) as answer,
            ):
                body = _bounded(answer, self._client.issuer)
        except httpx.HTTPError as error:
            raise _unreachable(self._client.issuer, type(error).__name__) from error
        if 400 <= answer.status_code < 500:
            return None
        try:
            found = json.loads(body) if answer.status_code == 200 else None
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise _unreachable(self._client.issuer, f"status {answer.status_code}")
        return found


def is_safe(address: str) -> bool:
    """Whether an address is https, or this machine's own."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost"))


def _claims(token: str, keys: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The claims of a token that one of these keys signed, by an algorithm of ours."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        known = KeySet.import_key_set({"keys": keys["keys"]})
        return dict(jwt.decode(token, known, algorithms=list(ALGORITHMS)).claims)
    except (JoseError, KeyError, TypeError, ValueError):
        return None


def _bounded(answer: "httpx.Response", issuer: str) -> bytes:
    body = b""
    for part in answer.iter_bytes():
        body += part
        if len(body) > ANSWER_MAX:
            raise _unreachable(issuer, "its answer is too large")
    return body


def _unreachable(issuer: str, detail: str) -> Outage:
    return Outage(OfficeFault.SINGLE_SIGN_ON_UNREACHABLE, {"issuer": issuer[:120], "detail": detail[:200]}, retry=True)
