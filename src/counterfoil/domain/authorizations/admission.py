"""What an authorization must say before it may be given.

Source: 4/CMA.6 para. 5(a)-(n), para. 15; 2/CMA.3 annex para. 1(e).
"""

from datetime import date

from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationFault
from counterfoil.domain.authorizations.content import Component, cited, component_of
from counterfoil.domain.kernel.ids import AUTHORIZATION, PARTY
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.identifier import VINTAGE_MIN
from counterfoil.domain.units.metric import MetricKind
from counterfoil.domain.units.purpose import OIMP, FirstTransferDefinition


def readable(
    authorization: Authorization,
    *,
    host_definition: FirstTransferDefinition | None,
    before: Authorization | None = None,
) -> Refusal | None:
    """Whether an authorization says all that it must, before it may be given.

    Args:
        host_definition: The definition that the approach already has for this host, if any.
        before: The version that this one follows. What it lacked already, since it was recorded when less was asked,
            stops no change.

    Source: 4/CMA.6 para. 5(a)-(n), para. 15; 2/CMA.3 annex para. 1(e).
    """
    refusal = _identifiers(authorization) or _content(authorization, before)
    refusal = refusal or _definition(authorization) or _limits(authorization)
    if refusal is not None:
        return refusal
    definition = authorization.first_transfer_definition
    if definition is not None and host_definition is not None and definition is not host_definition:
        return Refusal(
            AuthorizationFault.DEFINITION_DIFFERS,
            {"approach": authorization.cooperative_approach, "definition": host_definition.value},
        )
    return None


def _identifiers(authorization: Authorization) -> Refusal | None:
    if not AUTHORIZATION.match(authorization.id):
        return Refusal(AuthorizationFault.ID_UNREADABLE, {"authorization": authorization.id[:80]})
    for party in (authorization.host, *authorization.authorized_parties):
        if not PARTY.match(party):
            return Refusal(AuthorizationFault.PARTY_UNREADABLE, {"party": party[:20]})
    return None


def _content(authorization: Authorization, before: Authorization | None) -> Refusal | None:
    excused = () if before is None or before.components != authorization.components else missing(before)
    lacking = [name for name in missing(authorization) if name not in excused]
    if lacking:
        return Refusal(
            AuthorizationFault.CONTENT_MISSING, {"authorization": authorization.id, "fields": cited(lacking)}
        )
    return None


def missing(authorization: Authorization) -> tuple[str, ...]:
    """The fields that the components given so far require and that are empty.

    Unconditional are date and duration, uses, underlying rules, tracking registry, vintages, metric and gases. Parties
    and sectors are asked here too, since every later act is measured by them; `any_party` leaves the Parties open. The
    identifier of the approach may follow, and so may quantity, underlying registry, activity types and activities.

    Source: 4/CMA.6 para. 5(a)-(n); 2/CMA.3 annex paras. 8, 18(g).
    """
    ghg = authorization.metric.kind is MetricKind.GHG
    said = {
        "authorized_parties": authorization.any_party or authorization.authorized_parties,
        "underlying_references": authorization.underlying_references,
        "tracking_registry": authorization.tracking_registry,
        "adjustment_commitment": authorization.adjustment_commitment is None or authorization.adjustment_commitment,
        "purposes": authorization.purposes,
        "vintages": authorization.vintages,
        "sectors": authorization.sectors,
        "last_use_on": _ends(authorization),
        "metric.name": ghg or authorization.metric.name,
        "metric.conversion": authorization.metric.factor is not None,
        "gases": not ghg or authorization.gases,
        "authorized_quantity": not authorization.estimated or authorization.authorized_quantity,
    }
    return tuple(name for name, value in said.items() if not value and component_of(name) in authorization.components)


def _ends(authorization: Authorization) -> date | None:
    """Some last day: of the authorization, of issuance, or of use. Source: 4/CMA.6 para. 5(c) (date and duration)."""
    return authorization.last_use_on or authorization.valid_to or authorization.last_issuance_on


def _definition(authorization: Authorization) -> Refusal | None:
    if Component.OUTCOMES not in authorization.components:
        return None
    covers_oimp = bool(OIMP & set(authorization.purposes))
    facts = {"authorization": authorization.id}
    if covers_oimp and authorization.first_transfer_definition is None:
        return Refusal(AuthorizationFault.DEFINITION_MISSING, facts)
    if not covers_oimp and authorization.first_transfer_definition is not None:
        return Refusal(AuthorizationFault.DEFINITION_NOT_APPLICABLE, facts)
    if covers_oimp and not authorization.oimp_detail:
        return Refusal(AuthorizationFault.OIMP_DETAIL_MISSING, facts)
    return None


def _limits(authorization: Authorization) -> Refusal | None:
    facts = {"authorization": authorization.id}
    if any(vintage < VINTAGE_MIN for vintage in authorization.vintages):
        return Refusal(AuthorizationFault.VINTAGE_TOO_EARLY, {**facts, "vintage_min": VINTAGE_MIN})
    if authorization.authorized_quantity is not None and authorization.authorized_quantity <= 0:
        return Refusal(AuthorizationFault.QUANTITY_NOT_POSITIVE, facts)
    ends = (authorization.valid_to, authorization.last_issuance_on, authorization.last_use_on)
    start = authorization.valid_from or authorization.authorized_on
    if any(end is not None and end < start for end in ends):
        return Refusal(AuthorizationFault.PERIOD_BACKWARDS, facts)
    return None
