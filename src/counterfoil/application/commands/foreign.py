"""The authorization behind a unit: this registry's own, or the copy that came with the units from their host."""

from typing import Final

from counterfoil.application.command import Context, stored
from counterfoil.application.commands.authorize import authorization_in_force
from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationFault
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books

FOREIGN_AUTHORIZATION: Final = "foreign_authorization"
FOREIGN_APPROACH: Final = "foreign_approach"


def foreign_key(host: str, authorization: str) -> str:
    return f"{host}:{authorization}"


def authorization_of(books: Books, context: Context, *, host: str, authorization: str) -> Authorization | Refusal:
    """The version in force on the day; of another host's authorization, the latest that this registry was shown."""
    if host == context.registry.party:
        found = authorization_in_force(books, authorization, on=context.on)
    else:
        found = stored(books, FOREIGN_AUTHORIZATION, foreign_key(host, authorization), Authorization)
    return found if found is not None else Refusal(AuthorizationFault.UNKNOWN, {"authorization": authorization})
