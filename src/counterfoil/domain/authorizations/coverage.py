"""Whether an authorization, as it stands on a day, covers an act.

Checks run in a fixed order, so that the same act is always refused for the same reason first.
Source: 4/CMA.6 paras. 5, 11, 14; 2/CMA.3 annex paras. 1(d), 1(f), 8(b).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationState
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.metric import Metric
from counterfoil.domain.units.purpose import Purpose


class CoverageFault(StrEnum):
    REVOKED = "coverage.revoked"
    NOT_YET_VALID = "coverage.not_yet_valid"
    EXPIRED = "coverage.expired"
    APPROACH = "coverage.approach_not_authorized"
    PURPOSE = "coverage.purpose_not_authorized"
    VINTAGE = "coverage.vintage_not_authorized"
    PARTY = "coverage.party_not_authorized"
    ENTITY = "coverage.entity_not_authorized"
    ACTIVITY = "coverage.activity_not_authorized"
    METRIC = "coverage.metric_not_authorized"
    QUANTITY = "coverage.quantity_exceeded"
    ISSUANCE_TOO_LATE = "coverage.issuance_too_late"
    USE_TOO_LATE = "coverage.use_too_late"
    INCOMPLETE = "coverage.incomplete"
    APPROACH_UNNAMED = "coverage.approach_unnamed"
    SECTOR = "coverage.sector_not_authorized"
    ACTIVITY_TYPE = "coverage.activity_type_not_authorized"
    UNDERLYING_REGISTRY = "coverage.underlying_registry_not_authorized"
    UNCONFIRMED = "coverage.quantity_unconfirmed"


@dataclass(frozen=True, slots=True)
class Cover:
    """What an act asks of the authorization. None means: the act does not ask.

    `issued_on` is the day of issuance of units that come under it. `first_transferred` says that the units have had
    their first transfer: what ends an authorization afterwards no longer reaches them. Source: 4/CMA.6 para. 7.
    """

    on: date
    vintage: int
    approach: str | None = None
    activity: str | None = None
    sector: str = ""
    activity_type: str = ""
    underlying_registry: str | None = None
    metric: Metric | None = None
    purpose: Purpose | None = None
    party: Party | None = None
    entity: str | None = None
    issued_on: date | None = None
    uses: bool = False
    first_transferred: bool = False


def covers(authorization: Authorization, cover: Cover) -> Refusal | None:
    """None when the authorization covers the act, else the first clause that does not.

    Units that were first transferred before a revocation or the end of validity keep what they had.
    Source: 4/CMA.6 paras. 5, 7, 11, 14.
    """
    return (
        _complete(authorization, cover)
        or _in_force(authorization, cover)
        or _scope(authorization, cover)
        or _mitigation(authorization, cover)
        or addresses(authorization, cover)
    )


def names(authorization: Authorization, activity: str, *, on: date) -> bool:
    """Whether a letter names an activity, is complete, and is in force on a day. Source: 4/CMA.6 paras. 3-5, 7."""
    cover = Cover(on, vintage=0)
    lacking = _complete(authorization, cover) or _in_force(authorization, cover)
    return lacking is None and activity in authorization.activities


def cited(authorization: Authorization, clause: str) -> dict[str, JSON]:
    """What every refusal of an authorization names: which one, in which version, and the clause of 4/CMA.6."""
    return {"authorization": authorization.id, "version": authorization.version, "clause": clause}


def _complete(authorization: Authorization, cover: Cover) -> Refusal | None:
    """All stages together must cover approach, outcomes and entities. Source: 4/CMA.6 paras. 3-5."""
    lacking = authorization.missing_components
    if lacking:
        return Refusal(CoverageFault.INCOMPLETE, {**cited(authorization, "4"), "components": ", ".join(lacking)})
    if cover.approach is not None and not authorization.cooperative_approach:
        return Refusal(CoverageFault.APPROACH_UNNAMED, cited(authorization, "5(a)"))
    return None


def _in_force(authorization: Authorization, cover: Cover) -> Refusal | None:
    facts = {"on": cover.on.isoformat()}
    if not cover.first_transferred:
        since = authorization.effective_on or authorization.authorized_on
        if authorization.state is AuthorizationState.REVOKED and since <= cover.on:
            return Refusal(CoverageFault.REVOKED, {**cited(authorization, "7"), **facts})
        # Nothing is first transferred before it is authorized, whatever day the letter is valid from.
        if cover.on < max(authorization.authorized_on, authorization.valid_from or authorization.authorized_on):
            return Refusal(CoverageFault.NOT_YET_VALID, {**cited(authorization, "5(c)"), **facts})
        if authorization.valid_to is not None and authorization.valid_to < cover.on:
            return Refusal(CoverageFault.EXPIRED, {**cited(authorization, "5(c)"), **facts})
    issued_on, last = cover.issued_on, authorization.last_issuance_on
    if issued_on is not None and last is not None and last < issued_on:
        return Refusal(CoverageFault.ISSUANCE_TOO_LATE, {**cited(authorization, "5(c)"), "on": issued_on.isoformat()})
    if cover.uses and authorization.last_use_on is not None and authorization.last_use_on < cover.on:
        return Refusal(CoverageFault.USE_TOO_LATE, {**cited(authorization, "5(c)"), **facts})
    return None


def _scope(authorization: Authorization, cover: Cover) -> Refusal | None:
    if cover.approach is not None and cover.approach != authorization.cooperative_approach:
        return Refusal(CoverageFault.APPROACH, {**cited(authorization, "5(a)"), "approach": cover.approach})
    if cover.purpose is not None and cover.purpose not in authorization.purposes:
        return Refusal(CoverageFault.PURPOSE, {**cited(authorization, "5(e)"), "purpose": cover.purpose.value})
    if cover.vintage not in authorization.vintages:
        return Refusal(CoverageFault.VINTAGE, {**cited(authorization, "5(k)"), "vintage": cover.vintage})
    if cover.activity is not None and authorization.activities and cover.activity not in authorization.activities:
        return Refusal(CoverageFault.ACTIVITY, {**cited(authorization, "5(n)"), "activity": cover.activity})
    metric = cover.metric
    if metric is not None and (metric.commodity, metric.gwp) != (
        authorization.metric.commodity,
        authorization.metric.gwp,
    ):
        return Refusal(
            CoverageFault.METRIC, {**cited(authorization, "5(l)"), "metric": f"{metric.commodity} ({metric.gwp})"}
        )
    return None


def _mitigation(authorization: Authorization, cover: Cover) -> Refusal | None:
    """Sector, type of activity and underlying registry, where the units and the authorization both say one."""
    for code, clause, name, found, allowed in (
        (CoverageFault.SECTOR, "5(m)", "sector", cover.sector, authorization.sectors),
        (CoverageFault.ACTIVITY_TYPE, "5(n)", "activity_type", cover.activity_type, authorization.activity_types),
        (
            CoverageFault.UNDERLYING_REGISTRY,
            "5(j)",
            "registry",
            cover.underlying_registry,
            authorization.underlying_registries,
        ),
    ):
        if found and allowed and found not in allowed:
            return Refusal(code, {**cited(authorization, clause), name: found})
    return None


def addresses(authorization: Authorization, cover: Cover) -> Refusal | None:
    """Whether Party and entity are among those that the authorization names: asked of every movement.

    Source: 4/CMA.6 para. 5(b).
    """
    allowed = {authorization.host, *authorization.authorized_parties}
    if cover.party is not None and not authorization.any_party and cover.party not in allowed:
        return Refusal(CoverageFault.PARTY, {**cited(authorization, "5(b)"), "party": cover.party})
    if (
        cover.entity is not None
        and authorization.authorized_entities
        and cover.entity not in authorization.authorized_entities
    ):
        return Refusal(CoverageFault.ENTITY, {**cited(authorization, "5(b)"), "entity": cover.entity})
    return None


def headroom(authorization: Authorization, *, first_transferred: int, asked: int) -> Refusal | None:
    """Whether `asked` more units may be first transferred under the authorized quantity.

    Of an estimated quantity only what has been confirmed may be, and never more than is authorized.
    Source: 4/CMA.6 para. 5(h).
    """
    code, limit = CoverageFault.QUANTITY, authorization.authorized_quantity
    if authorization.estimated:
        confirmed = authorization.confirmed_quantity or 0
        if limit is None or confirmed <= limit:
            code, limit = CoverageFault.UNCONFIRMED, confirmed
    if limit is None or first_transferred + asked <= limit:
        return None
    facts = {"authorized": limit, "left": limit - first_transferred, "asked": asked}
    return Refusal(code, {**cited(authorization, "5(h)"), **facts})
