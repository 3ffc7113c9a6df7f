"""Whether units may come under an authorization, at their birth or afterwards."""

from dataclasses import replace
from enum import StrEnum

from counterfoil.application.command import Context
from counterfoil.application.commands.clearance import cleared
from counterfoil.application.commands.covering import covering
from counterfoil.application.commands.foreign import revoked
from counterfoil.application.commands.issuance_day import issuance_day
from counterfoil.domain.accounting.unit_facts import Status, unit_facts
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.coverage import covers
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.units.identifier import UnitClass
from counterfoil.domain.units.serials import SerialRange
from counterfoil.domain.units.unit_type import RULES, PermittedUse


class UnitsAuthorizedFault(StrEnum):
    ALREADY_AUTHORIZED = "units.already_authorized"
    NOT_AUTHORIZABLE = "units.not_authorizable"
    DOMESTIC_USE_ONLY = "units.domestic_use_only"


def placeable(
    of: UnitClass, holding: Holding, authorization: Authorization, books: Books, context: Context
) -> Refusal | None:
    """Whether issued units may be placed under an authorization: free, of its scope, and issued in its time.

    Source: 4/CMA.6 paras. 3, 5, 11.
    """
    facts = unit_facts(holding.facts)
    units = f"{of.key} {holding.serials}"
    if not RULES[facts.unit_type].authorizable:
        return Refusal(UnitsAuthorizedFault.NOT_AUTHORIZABLE, {"unit_type": facts.unit_type.value})
    if facts.permitted_use is PermittedUse.DOMESTIC:
        return Refusal(UnitsAuthorizedFault.DOMESTIC_USE_ONLY, {"units": units})
    if facts.status is not Status.UNAUTHORIZED and not revoked(books, context, host=of.party, facts=facts):
        known = {"units": units, "authorization": facts.authorization or ""}
        return Refusal(UnitsAuthorizedFault.ALREADY_AUTHORIZED, known)
    cover = covering(of, facts, on=context.on)
    if authorization.last_issuance_on is not None:
        cover = replace(cover, issued_on=issuance_day(holding, context))
    return covers(authorization, cover) or in_scope(
        of, holding.serials, activity=facts.activity, authorization=authorization, books=books, context=context
    )


def in_scope(
    of: UnitClass,
    serials: SerialRange,
    *,
    activity: str,
    authorization: Authorization,
    books: Books,
    context: Context,
) -> Refusal | None:
    """Whether no letter of acknowledgement keeps these very units outside the scope of authorization.

    An authorization that names the activity was given in time; one that does not authorizes units only by this act.

    Source: requirements R-WBK-09, R-WBK-10.
    """
    named = activity in authorization.activities
    return cleared(books, context, activity=activity, vintage=of.vintage, of=of, serials=serials, authorized=named)
