"""What the engine knows for the law of an authorization that is changed or revoked.

Whether it may be, and by which procedure, is first the letter's own; a law may forbid it or ask for more, such as that
nothing was first transferred yet. What was first transferred stands, whatever a law says.

Source: 4/CMA.6 paras. 7-10; ADR-0024.
"""

from typing import Any

from counterfoil.application.asked_of_units import activity_known
from counterfoil.application.command import stored
from counterfoil.application.commands.authorize import first_transferred_quantity
from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.decided import about
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD, Authorization
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry


def letter_known(command: ChangeAuthorization | RevokeAuthorization, entry: Entry, books: Books) -> dict[str, Any]:
    """The letter as it will be, and whether anything was first transferred under it before."""
    letter = next(
        from_json(Authorization, each.value)
        for each in entry.records
        if (each.kind, each.key) == (AUTHORIZATION_RECORD, command.authorization)
    )
    activity = letter.activities[0] if len(letter.activities) == 1 else None
    known: dict[str, Any] = {} if activity is None else activity_known(books, activity)
    known |= {**about(activity=activity, authorization=letter.id), "authorized": True}
    known["first_transferred"] = first_transferred_quantity(books, letter.id) > 0
    if letter.authorized_quantity is not None:
        known["quantity_t"] = letter.authorized_quantity
    for fact, words in (
        ("partner", letter.authorized_parties),
        ("purpose", tuple(purpose.value for purpose in letter.purposes)),
        ("activity_type", letter.activity_types),
    ):
        if len(words) == 1:
            known[fact] = words[0]
    return known


def letter_named(name: str | None, books: Books) -> dict[str, Any]:
    """Whether units are issued under a letter, and for whom where it names one Party alone."""
    letter = stored(books, AUTHORIZATION_RECORD, name, Authorization) if name is not None else None
    known: dict[str, Any] = {"authorized": name is not None}
    if letter is not None and len(letter.authorized_parties) == 1:
        known["partner"] = letter.authorized_parties[0]
    return known
