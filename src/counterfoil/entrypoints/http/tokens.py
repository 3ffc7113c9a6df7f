"""API tokens: who may do what over HTTP. The folder keeps the hash of each secret, never the secret.

The register is public, so reading needs no token (R-A62-10); acts need the scope `write`. `admin` includes `write`, and
`write` includes `read`. A secret is shown once, when it is made.
"""

import contextlib
import fcntl
import hashlib
import hmac
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.adapters.durable import made_folder
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.ports import Clock, Outage
from counterfoil.domain.kernel.refusal import Refusal

TOKENS_MAX: Final = 10_000
"""Tokens that one folder keeps, revoked ones included."""
_PREFIX: Final = "cf"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}\Z")
_SECRET_BYTES: Final = 32
_RELOAD_SECONDS: Final = 1
_NOBODY: Final = "0" * 64


class TokenFault(StrEnum):
    NAME_UNREADABLE = "token.name_unreadable"
    NAME_TAKEN = "token.name_taken"
    UNKNOWN = "token.unknown"
    SCOPE_UNKNOWN = "token.scope_unknown"
    EXPIRES_IN_THE_PAST = "token.expires_in_the_past"
    TOO_MANY = "token.too_many"
    FILE_UNREADABLE = "token.file_unreadable"
    FILE_TOO_OPEN = "token.file_too_open"


class Scope(StrEnum):
    """What a token allows, each with what stands before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


_INCLUDES: Final[Mapping[Scope, frozenset[Scope]]] = {
    Scope.READ: frozenset({Scope.READ}),
    Scope.WRITE: frozenset({Scope.READ, Scope.WRITE}),
    Scope.ADMIN: frozenset(Scope),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the folder keeps it. Moments are UTC, ISO 8601.

    With `roles`, it may do what the permission table gives these, for `organisation` (empty: the operator's own), and
    its scopes bound that. Without, its scopes alone say what it may.
    """

    name: str
    sha256: str
    scopes: tuple[Scope, ...]
    created: str
    expires: str | None = None
    revoked: str | None = None
    organisation: str = ""
    roles: tuple[str, ...] = ()

    def allows(self, scope: Scope) -> bool:
        return any(scope in _INCLUDES[own] for own in self.scopes)

    def good(self, now: str) -> bool:
        """Whether it may be used at a moment."""
        return self.revoked is None and (self.expires is None or now < self.expires)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made, with the text that its holder sends. Nobody can be shown it again."""

    token: Token
    text: str


def new_token(
    directory: Path,
    *,
    name: str,
    scopes: Sequence[str] = ("write",),
    expires: datetime | None = None,
    clock: Clock | None = None,
    organisation: str = "",
    roles: Sequence[str] = (),
) -> NewToken | Refusal:
    """Make a token for a registry folder. `expires` is a moment with its zone; left out, the token does not expire.

    Whether the roles are those of the organisation's kind is asked before (`cli/token.py`).

    Raises:
        Outage: the file of tokens cannot be read or written.
    """
    now = _now(clock)
    if not _NAME.match(name):
        return Refusal(TokenFault.NAME_UNREADABLE, {"name": name[:60]})
    unknown = [scope for scope in scopes if scope not in tuple(Scope)]
    if unknown or not scopes:
        return Refusal(TokenFault.SCOPE_UNKNOWN, {"scope": ", ".join(unknown)[:60], "scopes": ", ".join(Scope)})
    until = None if expires is None else _moment(expires)
    if until is not None and until <= now:
        return Refusal(TokenFault.EXPIRES_IN_THE_PAST, {"expires": until, "now": now})
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    given = tuple(Scope(scope) for scope in scopes)
    token = Token(name, _digest(secret), given, now, until, organisation=organisation, roles=tuple(roles))
    with _changing(directory):
        standing = list_tokens(directory)
        if any(each.name == name for each in standing):
            return Refusal(TokenFault.NAME_TAKEN, {"name": name})
        if len(standing) >= TOKENS_MAX:
            return Refusal(TokenFault.TOO_MANY, {"tokens_max": TOKENS_MAX})
        _write(directory, [*standing, token])
    return NewToken(token, f"{_PREFIX}_{name}_{secret}")


def list_tokens(directory: Path) -> tuple[Token, ...]:
    """Every token of a folder, revoked and expired ones too, in the order of their making.

    Raises:
        Outage: `token.file_unreadable`, or `token.file_too_open` when others can read the file.
    """
    path = tokens_file(directory)
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            data = file.read()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise of_system(error, path) from error
    if mode & 0o077:
        raise Outage(TokenFault.FILE_TOO_OPEN, {"path": str(path), "mode": f"{mode:o}"})
    try:
        return msgspec.json.decode(data, type=tuple[Token, ...])
    except msgspec.DecodeError as error:
        raise Outage(TokenFault.FILE_UNREADABLE, {"path": str(path), "detail": str(error)[:200]}) from error


def revoke_token(directory: Path, name: str, *, clock: Clock | None = None) -> Token | Refusal:
    """End a token now. A running server refuses it within a second. Revoking twice keeps the first moment."""
    with _changing(directory):
        standing = list_tokens(directory)
        token = next((each for each in standing if each.name == name), None)
        if token is None:
            return Refusal(TokenFault.UNKNOWN, {"name": name[:60]})
        if token.revoked is None:
            token = replace(token, revoked=_now(clock))
            _write(directory, [token if each.name == name else each for each in standing])
    return token


class TokenTable:
    """The tokens of a folder as a server asks for them: once a second it looks at the file and at the clock."""

    def __init__(self, directory: Path, clock: Clock | None = None) -> None:
        self._directory = directory
        self._clock = clock
        self._tokens: dict[str, Token] = {}
        self._mark: tuple[int, int, int] | None = None
        self._looked = -float(_RELOAD_SECONDS)
        self._now = ""

    def holder(self, text: str) -> Token | None:
        """The good token that a text is; None when there is none. Takes the same time for any wrong secret."""
        prefix, _, rest = text.partition("_")
        name, _, secret = rest.partition("_")
        # A name that is not known may have been made just now: then the file is looked at again at once.
        self._look(at_once=name not in self._tokens)
        token = self._tokens.get(name)
        kept = _NOBODY if token is None else token.sha256
        same = hmac.compare_digest(_digest(secret), kept)
        good = same and prefix == _PREFIX and token is not None and token.good(self._now)
        return token if good else None

    def _look(self, *, at_once: bool) -> None:
        now = time.monotonic()
        if now - self._looked < _RELOAD_SECONDS and not at_once:
            return
        self._looked = now
        self._now = _now(self._clock)
        mark = _mark(tokens_file(self._directory))
        if mark != self._mark:
            self._tokens = {token.name: token for token in list_tokens(self._directory)}
            self._mark = mark


def tokens_file(directory: Path) -> Path:
    return directory / "keys" / "tokens.json"


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@contextlib.contextmanager
def _changing(directory: Path) -> Iterator[None]:
    """One change at a time, also between processes."""
    path = tokens_file(directory)
    made_folder(path.parent)
    try:
        file = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise of_system(error, path) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _write(directory: Path, tokens: Sequence[Token]) -> None:
    """Put the file in the place of the former one, whole or not at all."""
    path = tokens_file(directory)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "wb") as opened:
            opened.write(msgspec.json.format(msgspec.json.encode(tokens)) + b"\n")
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(draft, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise of_system(error, path) from error


def _digest(secret: str) -> str:
    # A plain hash is enough: the secret is 256 random bits, not a password that could be guessed.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _now(clock: Clock | None) -> str:
    return _moment(datetime.fromtimestamp((clock or SystemClock()).now_ms() / 1000, UTC))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
