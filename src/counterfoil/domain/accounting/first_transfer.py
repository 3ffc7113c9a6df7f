"""First transfer: the one event in a unit's life that starts the host Party's corresponding adjustment.

Which event it is depends on the purposes authorized and, for other international mitigation purposes, on the host's
definition. The flag is a unit's own, set once and for ever: a split child inherits it, a return to the host keeps it.

Read next: `domain/accounting/adjustment.py`.
Source: 2/CMA.3 annex para. 2; 4/CMA.6 paras. 11-17.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Final, assert_never

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.purpose import OIMP, FirstTransferDefinition, Purpose


class FirstTransferFault(StrEnum):
    NOT_AUTHORIZED = "first_transfer.not_authorized"
    AFTER_DEADLINE = "first_transfer.after_deadline"


class Event(StrEnum):
    """What can happen to a unit that its Party may call a first transfer."""

    AUTHORIZED = "authorized"
    ISSUED = "issued"
    MOVED_ABROAD = "moved_abroad"
    USED_OR_CANCELLED_FOR_OIMP = "used_or_cancelled_for_oimp"
    CANCELLED_FOR_OMGE = "cancelled_for_omge"
    GIVEN_TO_ADAPTATION_FUND = "given_to_adaptation_fund"


class Trigger(StrEnum):
    """Why a unit is first transferred; each is an action subtype of the AEF."""

    INTERNATIONAL_TRANSFER = "international_transfer"
    AUTHORIZATION = "authorization"
    ISSUANCE = "issuance"
    USE_OR_CANCELLATION = "use_or_cancellation"
    OMGE = "omge"
    ADAPTATION_FUND = "adaptation_fund"


_BEFORE_USE: Final = {
    FirstTransferDefinition.AUTHORIZATION: Trigger.AUTHORIZATION,
    FirstTransferDefinition.ISSUANCE: Trigger.ISSUANCE,
}


def trigger(
    event: Event,
    *,
    purposes: Collection[Purpose],
    definition: FirstTransferDefinition | None,
    any_cross_party_move: bool = False,
) -> Trigger | None:
    """The trigger that an event pulls for an authorized, issued unit that is not yet first transferred, or None.

    Because the earlier of two events counts, the first event that pulls one settles it for both purposes.

    Args:
        any_cross_party_move: The approach treats every move between Parties as first transfer, even for other purposes
            alone (the mechanism registry does).

    Source: 4/CMA.6 paras. 12, 15-17; 2/CMA.3 annex para. 2; A6.4-PROC-REGS-001 paras. 51-52.
    """
    for_oimp = bool(OIMP & set(purposes))
    match event:
        case Event.CANCELLED_FOR_OMGE:
            return Trigger.OMGE
        case Event.GIVEN_TO_ADAPTATION_FUND:
            return Trigger.ADAPTATION_FUND
        case Event.MOVED_ABROAD:
            return Trigger.INTERNATIONAL_TRANSFER if Purpose.NDC in purposes or any_cross_party_move else None
        case Event.AUTHORIZED | Event.ISSUED:
            return _BEFORE_USE.get(definition) if for_oimp and definition is not None else None
        case Event.USED_OR_CANCELLED_FOR_OIMP:
            by_use = definition is FirstTransferDefinition.USE_OR_CANCELLATION
            return Trigger.USE_OR_CANCELLATION if for_oimp and by_use else None
        case _:
            assert_never(event)


def oimp_deadline(*, final_btr_year: int) -> date:
    """The last day on which a first transfer for other international mitigation purposes may be recorded.

    Args:
        final_btr_year: Year in which the Party submits the report that holds the end of the NDC period of the outcome.

    Source: 4/CMA.6 para. 14.

    >>> oimp_deadline(final_btr_year=2032).isoformat()
    '2031-12-31'
    """
    return date(final_btr_year - 1, 12, 31)


def in_time(
    found: Trigger, *, on: date, final_btr_year: int, purposes: Collection[Purpose] = (Purpose.NDC,)
) -> Refusal | None:
    """Refuses a first transfer for other purposes after the deadline; other triggers have none.

    A move between Parties is one for other purposes where these are all that is authorized.

    Source: 4/CMA.6 para. 14.
    """
    deadline = oimp_deadline(final_btr_year=final_btr_year)
    moved = found is Trigger.INTERNATIONAL_TRANSFER and OIMP.issuperset(purposes)
    bound = moved or found in (Trigger.AUTHORIZATION, Trigger.ISSUANCE, Trigger.USE_OR_CANCELLATION)
    if bound and on > deadline:
        return Refusal(FirstTransferFault.AFTER_DEADLINE, {"on": on.isoformat(), "deadline": deadline.isoformat()})
    return None
