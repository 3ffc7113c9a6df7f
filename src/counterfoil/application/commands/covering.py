"""What an act asks of the authorization behind units: all that their letter says of such units.

Read next: `domain/authorizations/coverage.py`.
"""

from dataclasses import replace
from datetime import date

from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts
from counterfoil.domain.authorizations.coverage import Cover
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.units.identifier import UnitClass
from counterfoil.domain.units.purpose import Purpose


def covering(
    of: UnitClass,
    facts: UnitFacts,
    *,
    on: date,
    purpose: Purpose | None = None,
    party: Party | None = None,
    entity: str | None = None,
    uses: bool = False,
) -> Cover:
    """The question of an act about units that have a vintage.

    Before their first transfer they must be what the letter authorizes: its approach, activities, sectors, types,
    underlying registries and metric. Afterwards only the act itself is asked about.

    Source: 4/CMA.6 paras. 5(a), (j), (l)-(n), 7.
    """
    assert of.vintage is not None
    transferred = facts.status is Status.FIRST_TRANSFERRED
    asked = Cover(
        on=on, vintage=of.vintage, purpose=purpose, party=party, entity=entity, uses=uses, first_transferred=transferred
    )
    if transferred:
        return asked
    return replace(
        asked,
        approach=of.cooperative_approach,
        activity=facts.activity,
        sector=facts.sector,
        activity_type=facts.activity_type,
        underlying_registry=None if facts.underlying is None else facts.underlying.registry,
        metric=facts.metric,
    )


def acting_entity(books: Books, account: str, *, named: str | None, party: str) -> str | None:
    """The entity that acts: the one that the command names, or the holder of the account; None is the Party itself.

    Source: 4/CMA.6 para. 5(b); 2/CMA.3 annex para. 1(d).
    """
    if named is not None:
        return named
    known = books.record(ACCOUNT_RECORD, account)
    holder = None if known is None else str(known["holder"])
    return None if holder == party else holder
