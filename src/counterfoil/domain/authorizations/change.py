"""How an authorization may change: by its own terms, as a new version, leaving first transferred units untouched.

Source: 4/CMA.6 paras. 7-10.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationFault, AuthorizationState
from counterfoil.domain.authorizations.content import cited
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.purpose import OIMP

_OF_THE_LETTER: Final = (
    "version",
    "effective_on",
    "reason",
    "document",
    "assumed",
    "authorized_quantity",
    "confirmed_quantity",
    "only_untransferred",
)
"""What a version says of itself and of all units together, not of each."""


def change_allowed(
    current: Authorization,
    changed: Authorization,
    *,
    statement: str,
    on: date,
    first_transferred: int,
    first_transferred_today: bool = False,
) -> Refusal | None:
    """Whether a version may follow another: only by the terms that the authorization itself already has.

    It never reaches what was first transferred before its day (`governing.py`); the quantity counts those units too.

    Args:
        statement: How double counting is avoided.
        first_transferred: How many units under the authorization have been first transferred already.
        first_transferred_today: Whether some of them were on the day of recording.

    Source: 4/CMA.6 paras. 7-9; effective day after A6.4-PROC-REGS-001 para. 170(a), adopted here.
    """
    facts = {"authorization": current.id}
    if current.state is AuthorizationState.REVOKED:
        return Refusal(AuthorizationFault.REVOKED, facts)
    if not current.change_circumstances or not current.change_process:
        return Refusal(AuthorizationFault.CHANGE_NOT_PROVIDED_FOR, facts)
    if not statement:
        return Refusal(AuthorizationFault.STATEMENT_MISSING, facts)
    refusal = _day_of_effect(current, changed, on=on, first_transferred_today=first_transferred_today)
    if refusal is not None:
        return refusal
    quantity = changed.authorized_quantity
    if quantity is not None and quantity < first_transferred and not current.terms_allow_change_after_first_transfer:
        fields = cited(["authorized_quantity"])
        return Refusal(AuthorizationFault.CHANGE_TOUCHES_FIRST_TRANSFERRED, {**facts, "fields": fields})
    return None


def _day_of_effect(
    current: Authorization, changed: Authorization, *, on: date, first_transferred_today: bool
) -> Refusal | None:
    facts = {"authorization": current.id}
    day = changed.effective_on or on
    if day < on:
        return Refusal(AuthorizationFault.CHANGE_BACKDATED, facts)
    if changed.only_untransferred and day <= on and first_transferred_today:
        # What was first transferred today must be told from what is not: the days of the two versions may not meet.
        return Refusal(AuthorizationFault.CHANGE_NOT_LATER, {**facts, "on": on.isoformat()})
    return not_overtaking(current, on=day)


def not_overtaking(current: Authorization, *, on: date) -> Refusal | None:
    """Refuses a version that would take effect before one that is recorded and still to come.

    Source: 4/CMA.6 para. 10 (every version is public as it was recorded); the order is this house's rule.
    """
    if current.effective_on is None or current.effective_on <= on:
        return None
    return Refusal(
        AuthorizationFault.CHANGE_PENDING, {"authorization": current.id, "day": current.effective_on.isoformat()}
    )


def confirmed(current: Authorization, *, quantity: int, first_transferred: int) -> Refusal | None:
    """Whether an estimated quantity may be confirmed as `quantity` in all: no more than was authorized in advance.

    Source: 4/CMA.6 para. 5(h); advance authorization for estimated, then confirmation for actual quantities.
    """
    facts = {"authorization": current.id}
    if current.state is AuthorizationState.REVOKED:
        return Refusal(AuthorizationFault.REVOKED, facts)
    if not current.estimated:
        return Refusal(AuthorizationFault.NOT_ESTIMATED, facts)
    least = max(first_transferred, current.confirmed_quantity or 0, 1)
    most = current.authorized_quantity or 0
    if not least <= quantity <= most:
        return Refusal(
            AuthorizationFault.CONFIRMED_OUTSIDE, {**facts, "quantity": quantity, "least": least, "most": most}
        )
    return None


def without_oimp(authorization: Authorization) -> Authorization:
    """An authorization for NDC use alone has neither a definition nor a description of other purposes.

    Source: 4/CMA.6 paras. 5(d), 12.
    """
    if OIMP & set(authorization.purposes):
        return authorization
    return replace(authorization, first_transfer_definition=None, oimp_detail="")


def with_quantity(authorization: Authorization, quantity: int | None) -> Authorization:
    """Another authorized quantity; of an estimate never more stays confirmed than is authorized.

    Source: 4/CMA.6 para. 5(h).
    """
    confirmed_quantity = authorization.confirmed_quantity
    if quantity is not None and confirmed_quantity is not None:
        confirmed_quantity = min(confirmed_quantity, quantity)
    return replace(authorization, authorized_quantity=quantity, confirmed_quantity=confirmed_quantity)


def speaks_of_units(current: Authorization, changed: Authorization) -> bool:
    """Whether a version says anything of the units themselves, beyond its own day, document and quantity."""
    alike = {name: getattr(current, name) for name in _OF_THE_LETTER}
    return replace(changed, **alike) != current
