"""A person at a browser, as far as the registry can tell: signs in with password and one-time code, and sends requests.

The standard library alone. A browser would keep the cookie and show it over TLS only; this script does so on loopback.
"""

import base64
import hmac
import json
import struct
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field

STEP_SECONDS = 30


def one_time_code(secret: str, step: int) -> str:
    """What the phone shows in one step of thirty seconds. Source: RFC 6238 section 4, RFC 4226 section 5.3."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    place = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def step_now() -> int:
    return int(time.time()) // STEP_SECONDS


@dataclass
class Answer:
    """What the registry said: the status, the headers, and the JSON."""

    status: int
    headers: dict
    json: dict

    @property
    def code(self) -> str:
        """The code of a refusal; empty for anything else."""
        return self.json.get("code", "")


@dataclass
class Person:
    """`person` is the pseudonym: all that the journal will ever know."""

    registry: str
    mail: str
    password: str
    person: str = ""
    totp: str = ""
    headers: dict = field(default_factory=dict)

    def ask(self, method: str, path: str, body: object = None, **more: str) -> Answer:
        """Send one request, with this person's session."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json", **self.headers, **more}
        request = urllib.request.Request(f"{self.registry}{path}", data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(answer.status, dict(answer.headers), json.load(answer))
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, dict(refused.headers), json.load(refused))

    def enrol(self, invitation: str) -> None:
        """Take up an invitation: a password, and the first code of the phone."""
        opened = self.ask("POST", "/api/v1/office/invitations/open", {"invitation": invitation}).json
        self.person, self.totp = opened["person"], opened["totp"]["secret"]
        # The code of the step before is still good, and leaves that of this step for signing in.
        done = self._with_code(
            "/api/v1/office/invitations/enrol", {"invitation": invitation, "password": self.password}, -1
        )
        assert done.status == 200, done.json

    def sign_in(self) -> None:
        """Password first, then the phone. The session is a cookie; every change also needs the token of the page."""
        body = {"mail": self.mail, "password": self.password}
        halfway = self.ask("POST", "/api/v1/office/sign-in", body)
        assert halfway.status == 200, halfway.json
        done = self._with_code("/api/v1/office/sign-in/code", {"step": halfway.json["step"]}, 0)
        assert done.status == 200, done.json
        cookie = done.headers["set-cookie"].partition(";")[0]
        self.headers = {"cookie": cookie, "x-csrf-token": done.json["csrf"]}

    def acts_for(self, organisation: str) -> None:
        """In whose name this person acts from here on; empty: the registry's operator."""
        answer = self.ask("POST", "/api/v1/office/session/acts-for", {"organisation": organisation})
        assert answer.status == 200, answer.json

    def _with_code(self, path: str, body: dict, ago: int) -> Answer:
        """Send a code; once more where a step ended on the way."""
        for _ in range(2):
            answer = self.ask("POST", path, {**body, "code": one_time_code(self.totp, step_now() + ago)})
            if answer.status == 200:
                break
        return answer
