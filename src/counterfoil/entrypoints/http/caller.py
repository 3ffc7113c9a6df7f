"""Who sends a request: the folder's owner over the local socket, the holder of a token, or anybody."""

from dataclasses import dataclass
from typing import Final

from counterfoil.application.command import Command
from counterfoil.application.commands.table import FOR_ADMINISTRATORS
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.exchange import Scope, header
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.tokens import Scope as TokenScope
from counterfoil.entrypoints.http.tokens import TokenTable

LOCAL: Final = "local"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may act, by the name under which the act is recorded: `local`, or `token:NAME`."""

    name: str
    administers: bool

    def permitted(self, command: Command) -> Refusal | None:
        """Refuses the acts of administrators to others."""
        if self.administers or type(command) not in FOR_ADMINISTRATORS:
            return None
        return _scope_missing(TokenScope.ADMIN, self.name.removeprefix("token:"))


class Callers:
    """Tells callers by their connection and their token."""

    def __init__(self, tokens: TokenTable) -> None:
        self._tokens = tokens

    def actor(self, scope: Scope) -> Caller | Refusal:
        """Who acts. Without a token that may write, nobody does."""
        return self._holder(scope, TokenScope.WRITE)

    def reader(self, scope: Scope) -> Caller | Refusal:
        """Who asks for work that only known callers may cause, though it changes nothing: any good token will do."""
        return self._holder(scope, TokenScope.READ)

    def _holder(self, scope: Scope, wanted: TokenScope) -> Caller | Refusal:
        if is_local(scope):
            return _OWNER
        sent = header(scope, b"authorization")
        if sent is None:
            return Refusal(HttpFault.TOKEN_MISSING)
        scheme, _, text = sent.decode("latin-1").partition(" ")
        token = self._tokens.holder(text.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            return Refusal(HttpFault.TOKEN_REFUSED)
        if not token.allows(wanted):
            return _scope_missing(wanted, token.name)
        return Caller(f"token:{token.name}", token.allows(TokenScope.ADMIN))


_OWNER: Final = Caller(LOCAL, administers=True)


def is_local(scope: Scope) -> bool:
    """Whether the request came over the socket in the registry's folder, which only its owner can open."""
    return bool(scope.get("state", {}).get(LOCAL))


def _scope_missing(scope: TokenScope, name: str) -> Refusal:
    return Refusal(HttpFault.SCOPE_MISSING, {"scope": scope.value, "name": name})
