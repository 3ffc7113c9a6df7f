"""The authorization behind a unit: this registry's own, or the copy that came with the units from their host."""

from typing import Final

from counterfoil.application.command import Context, stored
from counterfoil.application.commands.authorize import authorization_in_force
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts
from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationFault, AuthorizationState
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books

FOREIGN_AUTHORIZATION: Final = "foreign_authorization"
FOREIGN_APPROACH: Final = "foreign_approach"


def revoked(books: Books, context: Context, *, host: str, facts: UnitFacts) -> bool:
    """Whether authorized units of this registry's Party that had no first transfer have lost their authorization.

    They are at home again as if unauthorized: retired, cancelled voluntarily, or placed under another authorization.
    Source: 4/CMA.6 paras. 7-8.
    """
    if facts.status is not Status.AUTHORIZED or host != context.registry.party:
        return False
    found = authorization_in_force(books, facts.authorization or "", on=context.on)
    return found is not None and found.state is AuthorizationState.REVOKED


def foreign_key(host: str, authorization: str) -> str:
    return f"{host}:{authorization}"


def authorization_of(books: Books, context: Context, *, host: str, authorization: str) -> Authorization | Refusal:
    """The version in force on the day; of another host's authorization, the latest that this registry was shown."""
    if host == context.registry.party:
        found = authorization_in_force(books, authorization, on=context.on)
    else:
        found = stored(books, FOREIGN_AUTHORIZATION, foreign_key(host, authorization), Authorization)
    return found if found is not None else Refusal(AuthorizationFault.UNKNOWN, {"authorization": authorization})
