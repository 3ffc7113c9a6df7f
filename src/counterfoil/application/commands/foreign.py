"""The authorization behind a unit: this registry's own, or the copy that came with the units from their host."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from counterfoil.application.command import Context, stored
from counterfoil.application.commands.authorize import authorization_in_force, version_key
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts, unit_facts
from counterfoil.domain.authorizations.authorization import (
    AUTHORIZATION_RECORD,
    Authorization,
    AuthorizationFault,
    AuthorizationState,
)
from counterfoil.domain.authorizations.governing import governing
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.units.identifier import UnitClass, unit_class

FOREIGN_AUTHORIZATION: Final = "foreign_authorization"
FOREIGN_AUTHORIZATION_VERSION: Final = "foreign_authorization_version"
FOREIGN_AUTHORIZATION_VERSIONS: Final = "foreign_authorization_versions"
"""By letter: the numbers of the versions that were shown, in order."""
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


def authorization_of(
    books: Books, context: Context, *, host: str, authorization: str, first_transferred_on: date | None = None
) -> Authorization | Refusal:
    """The version in force on the day; of another host's authorization, among those that this registry was shown.

    Args:
        first_transferred_on: The day of the units' first transfer, if any: a later version does not reach them.

    Source: 4/CMA.6 para. 7.
    """
    if host == context.registry.party:
        found = authorization_in_force(books, authorization, on=context.on, first_transferred_on=first_transferred_on)
    else:
        key = foreign_key(host, authorization)
        found = _shown(books, key, on=context.on, first_transferred_on=first_transferred_on)
    return found if found is not None else Refusal(AuthorizationFault.UNKNOWN, {"authorization": authorization})


def _shown(books: Books, key: str, *, on: date, first_transferred_on: date | None) -> Authorization | None:
    """Of the copies that came here of another host's authorization, the one that governs such units."""
    latest = stored(books, FOREIGN_AUTHORIZATION, key, Authorization)
    if latest is None:
        return None

    def earlier(number: int) -> Authorization | None:
        return stored(books, FOREIGN_AUTHORIZATION_VERSION, version_key(key, number), Authorization)

    known = [number for number in books.record(FOREIGN_AUTHORIZATION_VERSIONS, key) or () if number < latest.version]
    return governing(latest, earlier, known, on=on, first_transferred_on=first_transferred_on)


def letters_behind(books: Books, context: Context, holding: Holding) -> Iterator[Authorization]:
    """What a partner is shown of the letter behind units: the version that governs them, then the latest one.

    Source: 4/CMA.6 paras. 7, 10.
    """
    of, facts = unit_class(holding.unit_class), unit_facts(holding.facts)
    assert isinstance(of, UnitClass)
    name, day = facts.authorization or "", facts.first_transferred_on
    governs = authorization_of(books, context, host=of.party, authorization=name, first_transferred_on=day)
    assert isinstance(governs, Authorization), "units move abroad under a letter only"
    yield governs
    own = of.party == context.registry.party
    kind, key = (AUTHORIZATION_RECORD, name) if own else (FOREIGN_AUTHORIZATION, foreign_key(of.party, name))
    latest = stored(books, kind, key, Authorization)
    if latest is not None and latest.version != governs.version:
        yield latest
