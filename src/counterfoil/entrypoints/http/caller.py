"""Who sends a request, and whether they may: the folder's owner, the holder of a token, a person signed in, or anybody.

Every route asks here, by its row of the permission table: 401 for nobody, 403 for the wrong one. What a role may do
over its own things only is asked again by the writer, with the books (`application/guard.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from counterfoil.application.command import Command
from counterfoil.application.commands.table import FOR_ADMINISTRATORS
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.four_eyes import ApprovalFault
from counterfoil.domain.people.permission import Reach
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.gate import Gate
from counterfoil.entrypoints.http.exchange import Scope, header
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.tokens import Scope as TokenScope
from counterfoil.entrypoints.http.tokens import Token, TokenTable
from counterfoil.entrypoints.permission_table import RouteRight

LOCAL: Final = "local"
_SCOPES: Final = {scope.value: scope for scope in TokenScope}
"""A look into a table: an enumeration asked by value costs each request a microsecond."""
_CLOSED: Final = RouteRight()
"""A route without a row is closed to all but the folder's owner."""

Signed = Callable[[Scope], "Standing | Refusal | None"]
"""Who is signed in with a request; None where it carries no session; refused where the session is no good."""

Machine = Callable[[str, tuple[str, ...]], Standing]
"""The standing of a token that belongs to an organisation: of no person, with these roles."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may act, by the name under which the act is recorded: `local`, `token:NAME`, or `person:P-...`.

    `standing` is that of a person or of a token with a role; without one, `administers` says what a plain token may.
    `reach` is how far the route's row lets them reach; the folder's owner and plain tokens reach anything.
    """

    name: str
    administers: bool
    gate: Gate
    standing: Standing | None = None
    reach: Reach = Reach.ANY

    def permitted(self, command: Command) -> Refusal | None:
        """Refuses the acts of administrators to plain tokens, and what no role of a standing may do to anything."""
        if self.standing is not None:
            permissions = self.gate.table.permissions
            action = type(command).__name__
            known = permissions.reach(self.standing, action) is not None
            return None if known else permissions.role_missing(self.standing, action)
        if self.administers or type(command) not in FOR_ADMINISTRATORS:
            return None
        return _scope_missing(TokenScope.ADMIN, self.name.removeprefix("token:"))

    def submission(self, command: Command) -> Submission:
        """The command for the writer, with who sends it and who asks whether they may."""
        return Submission(command, self.name, self.gate.guard(self.standing))


class Callers:
    """Tells callers by their connection, their token and their session."""

    def __init__(
        self, tokens: TokenTable, gate: Gate, signed: Signed | None = None, machine: Machine | None = None
    ) -> None:
        self._tokens = tokens
        self._machine = machine
        self.gate = gate
        self._signed = signed
        self._owner = Caller(LOCAL, administers=True, gate=gate)

    def admitted(self, scope: Scope, route: str) -> Caller | Refusal | None:
        """Who may use a route, such as `POST /api/v1/commands`; None where it is open to everybody."""
        right = self.gate.table.routes.get(route, _CLOSED)
        if right.public:
            return None
        if self._signed is not None:
            standing = self._signed(scope)
            if isinstance(standing, Refusal):
                return standing
            if standing is not None:
                return self._of_standing(f"person:{standing.acting}", standing, route, right)
        if is_local(scope):
            return self._owner if right.local else Refusal(ApprovalFault.PERSON_NEEDED)
        token = self._token(scope)
        return token if isinstance(token, Refusal) else self._of_token(token, route, right)

    def _token(self, scope: Scope) -> Token | Refusal:
        sent = header(scope, b"authorization")
        if sent is None:
            return Refusal(HttpFault.TOKEN_MISSING)
        scheme, _, text = sent.decode("latin-1").partition(" ")
        token = self._tokens.holder(text.strip()) if scheme.lower() == "bearer" else None
        return Refusal(HttpFault.TOKEN_REFUSED) if token is None else token

    def _of_token(self, token: Token, route: str, right: RouteRight) -> Caller | Refusal:
        name = f"token:{token.name}"
        if not right.token:
            return self.gate.table.permissions.role_missing(_OF_NOBODY, route)
        scope = _SCOPES[right.token]
        if not token.allows(scope):
            return _scope_missing(scope, token.name)
        if token.roles and self._machine is not None:
            return self._of_standing(name, self._machine(token.organisation, token.roles), route, right)
        return Caller(name, token.allows(TokenScope.ADMIN), self.gate)

    def _of_standing(self, name: str, standing: Standing, route: str, right: RouteRight) -> Caller | Refusal:
        permissions = self.gate.table.permissions
        reach = Reach.ANY if right.by_command else permissions.reach(standing, route)
        if reach is None:
            return permissions.role_missing(standing, route)
        return Caller(name, administers=False, gate=self.gate, standing=standing, reach=reach)


_OF_NOBODY: Final = Standing("", "", "", frozenset())


def is_local(scope: Scope) -> bool:
    """Whether the request came over the socket in the registry's folder, which only its owner can open."""
    return bool(scope.get("state", {}).get(LOCAL))


def caller_of(scope: Scope) -> Caller:
    """Who was admitted to the route that now answers."""
    caller: Caller = scope["caller"]
    return caller


def _scope_missing(scope: TokenScope, name: str) -> Refusal:
    return Refusal(HttpFault.SCOPE_MISSING, {"scope": scope.value, "name": name})
