"""Which cooperative approaches an initial report must cover before annual information is filed, by the books alone."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from counterfoil.application.command import Context
from counterfoil.application.commands.abroad import TRANSFER, TransferState
from counterfoil.application.commands.authorize import AUTHORIZATION_VERSION
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.reporting.filing import REPORT, covering_keys
from counterfoil.domain.units.identifier import UnitClass, unit_class

_INWARD: Final = "in"


def uncovered(
    books: Books, context: Context, *, party: Party, year: int | None, named: Iterable[str] = ()
) -> list[str]:
    """The approaches of a year's annual information that no initial or updated initial report of the Party covers.

    Asked for are those that the filing names, and, of this registry's own Party, those that its books know: of every
    authorization that it had published by the end of the year, and of every unit that it had acquired by then. What
    was acquired and used up in an earlier year is asked for as well: its report has been due since that year.

    Args:
        year: The reported year; without one, only what the filing names is asked for.

    Source: 4/CMA.6 paras. 26-27; rulebook 5.3 (C13).
    """
    approaches = set(named)
    if year is not None and party == context.registry.party:
        approaches.update(_known(books, party, date(year, 12, 31)))
    return sorted(each for each in approaches if not _covered(books, party, each))


def _covered(books: Books, party: Party, approach: str) -> bool:
    return any(books.record(REPORT, key) is not None for key in covering_keys(party, approach))


def _known(books: Books, party: Party, last: date) -> Iterator[str]:
    """One walk over the records: annual information is filed once a year, and an index would be kept for every act."""
    for (kind, _), value in books.records.items():
        if kind == AUTHORIZATION_VERSION:
            yield from _authorized(value, party, last)
        elif kind == TRANSFER:
            yield from _acquired(value, last)


def _authorized(value: Any, party: Party, last: date) -> Iterator[str]:
    """The approach of a version that has a row in table 2: stages that do not cover all content yet have none."""
    authorization = from_json(Authorization, value)
    since = authorization.effective_on or authorization.authorized_on
    if authorization.host == party and since <= last and not authorization.missing_components:
        if authorization.cooperative_approach:
            yield authorization.cooperative_approach


def _acquired(value: Any, last: date) -> Iterator[str]:
    final = value["state"] == TransferState.FINAL and value["direction"] == _INWARD
    if final and date.fromisoformat(value["final_on"]) <= last:
        for part in value["parts"]:
            of = unit_class(part["unit_class"])
            if isinstance(of, UnitClass) and of.cooperative_approach is not None:
                yield of.cooperative_approach
