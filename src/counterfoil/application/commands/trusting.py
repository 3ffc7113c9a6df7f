"""Whether one account may send to another at once: by its trusted list, or because one holder holds both."""

from counterfoil.application.command import stored
from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.people.trusted_list import TRUSTED, TrustedList, listed_as


def trusted(books: Books, *, account: str, target: str, now_ms: int, partner: str | None = None) -> bool:
    """Whether the target is trusted at a moment: two records looked up by name."""
    own = books.record(ACCOUNT_RECORD, account)
    other = None if partner is not None else books.record(ACCOUNT_RECORD, target)
    if own is not None and other is not None and own["holder"] == other["holder"]:
        return True
    known = stored(books, TRUSTED, account, TrustedList)
    return known is not None and known.trusts(listed_as(target, partner), now_ms)
