"""Take units out of their authorization, so that they may be used at home: the authorization becomes smaller first."""

from dataclasses import dataclass, replace

from counterfoil.application.command import Command, Context, Units, stored
from counterfoil.application.commands.authorize import first_transferred_quantity, version_records
from counterfoil.application.commands.reach import reach
from counterfoil.domain.accounting.unit_facts import Status
from counterfoil.domain.authorizations.authorization import (
    AUTHORIZATION_RECORD,
    Authorization,
    AuthorizationFault,
)
from counterfoil.domain.authorizations.change import change_allowed, with_quantity
from counterfoil.domain.kernel.ids import AuthorizationId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange


@dataclass(frozen=True, slots=True, kw_only=True)
class ReduceAuthorization(Command):
    """Take units that had no first transfer out of their authorization; its quantity falls by as many.

    They are unauthorized from then on: they may be retired or cancelled at home, or be authorized again. `statement`
    says how double counting is avoided.
    """

    authorization: AuthorizationId
    units: Units
    account: str
    statement: str
    reason: str


def reduce_authorization(command: ReduceAuthorization, books: Books, context: Context) -> Entry | Refusal:
    """A change like any other: only by the authorization's own terms, and never of first transferred units.

    Source: 4/CMA.6 paras. 7-10.
    """
    current = stored(books, AUTHORIZATION_RECORD, command.authorization, Authorization)
    if current is None:
        return Refusal(AuthorizationFault.UNKNOWN, {"authorization": command.authorization})
    reached = reach(books, command.units, account=command.account, on=context.on)
    if isinstance(reached, Refusal):
        return reached
    for piece in reached.pieces:
        found = piece.facts
        own = found.authorization == current.id and reached.of.party == context.registry.party
        if not own or found.status is not Status.AUTHORIZED:
            known = {"authorization": current.id, "units": f"{reached.of.key} {piece.serials}"}
            return Refusal(AuthorizationFault.NOT_REDUCIBLE, known)
    size = reached.serials.size
    reduced = _reduced(current, size, context)
    already = first_transferred_quantity(books, current.id)
    refusal = change_allowed(
        current, reduced, statement=command.statement, on=context.on, first_transferred=already
    ) or _leaves_some(reduced)
    if refusal is not None:
        return refusal
    units = command.units
    return Entry(
        Act.AUTHORIZATION_REDUCED,
        context.on,
        facts=(FactChange(units.unit_class, units.first, units.last, {"authorization": None}),),
        records=version_records(reduced, books),
        details={"quantity": size, "statement": command.statement, "reason": command.reason},
        because=current.reference,
    )


def _reduced(current: Authorization, size: int, context: Context) -> Authorization:
    quantity = current.authorized_quantity
    return replace(
        with_quantity(current, None if quantity is None else quantity - size),
        version=current.version + 1,
        effective_on=context.on,
        only_untransferred=False,
    )


def _leaves_some(reduced: Authorization) -> Refusal | None:
    """An authorization of nothing is none: then it is revoked rather than reduced."""
    if reduced.authorized_quantity is not None and reduced.authorized_quantity <= 0:
        return Refusal(AuthorizationFault.REDUCTION_TAKES_ALL, {"authorization": reduced.id})
    return None
