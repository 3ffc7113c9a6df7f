"""Whether a move to another book is the first transfer of units, under their letter and their approach."""

from counterfoil.application.command import Context
from counterfoil.application.commands.clearance import approach_of
from counterfoil.application.commands.telling_hosts import goes_home
from counterfoil.domain.accounting.first_transfer import Event, Trigger, trigger
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.units.identifier import UnitClass


def pulled_abroad(
    of: UnitClass, authorization: Authorization, *, partner: str, books: Books, context: Context
) -> Trigger | None:
    """The trigger that the move pulls for units without a first transfer; none on the way to their own host.

    Source: 4/CMA.6 para. 12; A6.4-PROC-REGS-001 paras. 8(p), 51(b).
    """
    if goes_home(of, partner, context):
        return None
    approach = approach_of(books, context, of)
    return trigger(
        Event.MOVED_ABROAD,
        purposes=authorization.purposes,
        definition=authorization.first_transfer_definition,
        any_cross_party_move=approach is not None and approach.first_transfer_on_any_cross_party_move,
    )
