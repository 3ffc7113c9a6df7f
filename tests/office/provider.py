"""An identity provider on loopback that does what a test tells it: mostly right, and wrong in one thing at a time."""

import base64
import contextlib
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "counterfoil-client", "provider-secret"


@dataclass
class Provider:
    """What it says in its tokens; `lies` replaces claims, `None` takes one away."""

    issuer: str = ""
    now: int = 0
    lies: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    status: int = 200
    about: dict[str, Any] = field(default_factory=dict)
    huge: bool = False
    asked: list[str] = field(default_factory=list)
    _key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    _sign_key: Any = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def agree(self, address: str) -> dict[str, str]:
        """Somebody signs in there: what the browser brings back."""
        sent = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert sent["response_type"] == "code" and sent["code_challenge_method"] == "S256"
        assert sent["client_id"] == CLIENT and "openid" in sent["scope"].split()
        self.codes["code-1"] = sent
        return {"state": sent["state"], "code": "code-1"}

    def sign_with_another_key(self) -> None:
        self._sign_key = RSAKey.generate_key(2048, {"kid": "k1"})

    def answer(self, path: str, form: Mapping[str, str], authorization: str) -> tuple[int, Any]:
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            ends = {name: f"{self.issuer}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
            return 200, {"issuer": self.issuer, **ends, **self.about}
        if path == "/jwks_uri":
            return 200, {"keys": [self._key.as_dict(private=False)]}
        if path == "/token_endpoint":
            return self._token(form, authorization)
        return 404, {}

    def _token(self, form: Mapping[str, str], authorization: str) -> tuple[int, Any]:
        if self.status != 200:
            return self.status, {"error": "invalid_grant"}
        asked = self.codes.pop(form["code"], None)
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization != expected or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "subject-1",
            "nonce": asked["nonce"],
            "iat": self.now,
            "exp": self.now + 300,
            "email": "ada@example.org",
            "email_verified": True,
            **self.lies,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"id_token": self._signed(claims), "token_type": "Bearer", "access_token": "x"}

    def _signed(self, claims: dict[str, Any]) -> str:
        head = {"alg": self.algorithm, "kid": "k1"}
        if self.algorithm == "none":
            return f"{_parts(head, claims)}."
        if self.algorithm == "HS256":
            # The old trick: the public key taken for a shared secret.
            signed = _parts(head, claims)
            digest = hmac.digest(self._key.as_pem(private=False), signed.encode(), "sha256")
            return f"{signed}.{_text(digest)}"
        return jwt.encode(head, claims, self._sign_key or self._key, algorithms=[self.algorithm])


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _parts(*parts: Mapping[str, Any]) -> str:
    return ".".join(_text(json.dumps(part).encode()) for part in parts)


@contextlib.contextmanager
def serving() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if urlsplit(self.path).path == "/authorization_endpoint":
                return self._send_back()
            self._tell(*provider.answer(urlsplit(self.path).path, {}, ""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._tell(*provider.answer(urlsplit(self.path).path, form, self.headers["authorization"] or ""))

        def _send_back(self) -> None:
            """A browser is here: somebody signs in without a word, and is sent back to the registry."""
            back = parse_qs(urlsplit(self.path).query)["redirect_uri"][0]
            provider.now = int(time.time())
            self.send_response(302)
            self.send_header("location", f"{back}?{urlencode(provider.agree(self.path))}")
            self.send_header("content-length", "0")
            self.end_headers()

        def _tell(self, status: int, value: Any) -> None:
            body = b" " * 2**20 if provider.huge else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
