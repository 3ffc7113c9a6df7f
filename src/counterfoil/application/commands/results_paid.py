"""What the books say of results that were paid for, where an act would make units or letters of the same tonnes.

Read before: `domain/mrv/results_payment.py`.
"""

from collections.abc import Iterable, Iterator, Sequence

from counterfoil.application.command import stored
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.mrv.results_payment import (
    RESULTS_PAID,
    RESULTS_YEARS,
    PaidYears,
    ResultsFault,
    additional,
    issuable_beside,
)
from counterfoil.domain.mrv.verification import VERIFICATION, Verification, VintageQuantity


def paid_under(books: Books, verification: str) -> tuple[VintageQuantity, ...]:
    """The tonnes of a verification that were paid for, by vintage."""
    return tuple(from_json(VintageQuantity, each) for each in books.record(RESULTS_PAID, verification) or ())


def paid_years(books: Books, activity: str) -> PaidYears:
    return stored(books, RESULTS_YEARS, activity, PaidYears) or PaidYears()


def verifications_of(books: Books, activity: str) -> Iterator[Verification]:
    """Every verification of an activity."""
    for monitoring in books.record("monitoring_of", activity) or ():
        name = books.record("verified", monitoring)
        known = None if name is None else stored(books, VERIFICATION, name, Verification)
        if known is not None:
            yield known


def still_issuable(books: Books, verification: Verification, *, vintage: int, quantity: int) -> Refusal | None:
    """Whether units may be made of tonnes: not of those that were paid for, nor in a year of an area that was.

    Source: requirements R-INT-10, R-NOR-14.
    """
    years = stored(books, RESULTS_YEARS, verification.activity, PaidYears)
    if years is None:
        return None
    if vintage in years.covered:
        return Refusal(ResultsFault.AREA_PAID, {"activity": verification.activity, "vintage": vintage})
    return issuable_beside(verification, paid_under(books, verification.id), vintage=vintage, quantity=quantity)


def still_authorizable(
    books: Books, activities: Sequence[str], vintages: Iterable[int], *, quantity: int | None
) -> Refusal | None:
    """Whether a letter leaves out what was paid for: it names no year in which nothing additional was verified.

    Where every year of every activity has payments, the authorized quantity is at most the additional tonnes.

    Source: requirements R-INT-10, R-WBK-15.
    """
    named = sorted(set(vintages))
    room, bounded = 0, bool(activities) and bool(named)
    for activity in activities:
        years = paid_years(books, activity)
        for vintage in named:
            facts: dict[str, JSON] = {"activity": activity, "vintage": vintage}
            if vintage in years.covered:
                return Refusal(ResultsFault.AREA_PAID, facts)
            if vintage not in years.measured:
                bounded = False
                continue
            left = sum(
                additional(each, paid_under(books, each.id), vintage=vintage)
                for each in verifications_of(books, activity)
            )
            if left <= 0:
                return Refusal(ResultsFault.NOTHING_ADDITIONAL, {**facts, "left": 0, "asked": quantity})
            room += left
    if bounded and quantity is not None and quantity > room:
        facts = {"activity": ", ".join(activities)[:200], "vintage": named[-1]}
        return Refusal(ResultsFault.NOTHING_ADDITIONAL, {**facts, "left": room, "asked": quantity})
    return None


def known_of_results(books: Books, activity: str, vintages: Iterable[int]) -> dict[str, bool]:
    """What the law is told: where payments are on record, what is left for units was not paid for as results.

    Nothing is said where the register knows of no payment: people answer then.
    """
    years = stored(books, RESULTS_YEARS, activity, PaidYears)
    if years is None or not set(vintages) & set(years.measured):
        return {}
    return {"results_paid": False}
