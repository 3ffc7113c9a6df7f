"""What authorizations take of a quota: taken when the letter is given, changed with it, given back when it ends."""

from dataclasses import replace
from datetime import date

from counterfoil.application.command import record, stored
from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationState
from counterfoil.domain.authorizations.quota import DRAWN, QUOTA, Draft, Quota, QuotaFault, drawable
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Record
from counterfoil.domain.units.metric import Metric


def drawing(quota: str, authorization: Authorization, books: Books, *, on: date) -> tuple[Record, ...] | Refusal:
    """The records of a letter that draws on a quota; none where it names no quota."""
    if not quota:
        return ()
    known = stored(books, QUOTA, quota, Quota)
    if known is None:
        return Refusal(QuotaFault.UNKNOWN, {"quota": quota[:80]})
    quantity = in_tonnes(authorization)
    refusal = drawable(known, quantity, on=on)
    if refusal is not None or quantity is None:
        return refusal or ()
    return _taken(known, authorization.id, quantity, before=0)


def redrawable(authorization: Authorization, books: Books, *, on: date) -> Refusal | None:
    """Whether a later version of a letter that draws on a quota may stand."""
    draft = stored(books, DRAWN, authorization.id, Draft)
    known = None if draft is None else stored(books, QUOTA, draft.quota, Quota)
    if draft is None or known is None:
        return None
    return drawable(known, in_tonnes(authorization), before_t=draft.quantity_t, on=on)


def redrawn(authorization: Authorization, books: Books, *, first_transferred: int) -> tuple[Record, ...]:
    """The records of a later version: a letter that was revoked keeps what was first transferred under it."""
    draft = stored(books, DRAWN, authorization.id, Draft)
    known = None if draft is None else stored(books, QUOTA, draft.quota, Quota)
    if draft is None or known is None:
        return ()
    revoked = authorization.state is AuthorizationState.REVOKED
    quantity = first_transferred if revoked else in_tonnes(authorization)
    if quantity is None or quantity == draft.quantity_t:
        return ()
    return _taken(known, authorization.id, quantity, before=draft.quantity_t)


def in_tonnes(authorization: Authorization) -> int | None:
    """The authorized quantity of a letter in tonnes of CO2 eq; None where it states none, or another metric."""
    same = authorization.metric.commodity == Metric().commodity
    return authorization.authorized_quantity if same else None


def _taken(quota: Quota, authorization: str, quantity: int, *, before: int) -> tuple[Record, ...]:
    after = replace(quota, drawn_t=quota.drawn_t + quantity - before)
    return record(DRAWN, authorization, Draft(quota.id, quantity)), record(QUOTA, quota.id, after)
