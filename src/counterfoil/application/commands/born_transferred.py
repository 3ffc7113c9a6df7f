"""Which units are first transferred by an event of their birth, or by their authorization."""

from counterfoil.application.commands.first_transferring import FirstTransferring
from counterfoil.application.commands.parts import Part
from counterfoil.application.commands.reach import Piece
from counterfoil.domain.accounting.first_transfer import Event, trigger
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.units.identifier import UnitClass


def by_birth(
    of: UnitClass, piece: Piece, authorization: Authorization | None, part: Part
) -> tuple[FirstTransferring, ...]:
    """By issuance, where the letter says so; else by what becomes of the part. Source: 4/CMA.6 paras. 12, 15-17."""
    by_issuance = by_event(of, piece, authorization, Event.ISSUED)
    return by_issuance if by_issuance or part.event is None else by_event(of, piece, authorization, part.event)


def by_event(
    of: UnitClass, piece: Piece, authorization: Authorization | None, event: Event
) -> tuple[FirstTransferring, ...]:
    """The units, where the event is their first transfer under the letter; without a letter there is none."""
    if authorization is None:
        return ()
    pulled = trigger(event, purposes=authorization.purposes, definition=authorization.first_transfer_definition)
    return () if pulled is None else (FirstTransferring(of, (piece,), authorization, pulled),)
