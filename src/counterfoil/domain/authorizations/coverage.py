"""Whether an authorization, as it stands on a day, covers an act.

Checks run in a fixed order, so that the same act is always refused for the same reason first.
Source: 4/CMA.6 paras. 5, 11, 14; 2/CMA.3 annex paras. 1(d), 1(f), 8(b).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationState
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


@dataclass(frozen=True, slots=True)
class Cover:
    """What an act asks of the authorization. None means: the act does not ask.

    `first_transferred` says that the units have had their first transfer: what ends an authorization afterwards no
    longer reaches them. Source: 4/CMA.6 para. 7.
    """

    on: date
    vintage: int
    approach: str | None = None
    activity: str | None = None
    metric: Metric | None = None
    purpose: Purpose | None = None
    party: Party | None = None
    entity: str | None = None
    issues: bool = False
    uses: bool = False
    first_transferred: bool = False


def covers(authorization: Authorization, cover: Cover) -> Refusal | None:
    """None when the authorization covers the act, else the first clause that does not.

    Units that were first transferred before a revocation or the end of validity keep what they had.
    """
    return _in_force(authorization, cover) or _scope(authorization, cover) or addresses(authorization, cover)


def _in_force(authorization: Authorization, cover: Cover) -> Refusal | None:
    facts = {"authorization": authorization.id, "on": cover.on.isoformat()}
    if not cover.first_transferred:
        since = authorization.effective_on or authorization.authorized_on
        if authorization.state is AuthorizationState.REVOKED and since <= cover.on:
            return Refusal(CoverageFault.REVOKED, facts)
        # Nothing is first transferred before it is authorized, whatever day the letter is valid from.
        if cover.on < max(authorization.authorized_on, authorization.valid_from or authorization.authorized_on):
            return Refusal(CoverageFault.NOT_YET_VALID, facts)
        if authorization.valid_to is not None and authorization.valid_to < cover.on:
            return Refusal(CoverageFault.EXPIRED, facts)
    if cover.issues and authorization.last_issuance_on is not None and authorization.last_issuance_on < cover.on:
        return Refusal(CoverageFault.ISSUANCE_TOO_LATE, facts)
    if cover.uses and authorization.last_use_on is not None and authorization.last_use_on < cover.on:
        return Refusal(CoverageFault.USE_TOO_LATE, facts)
    return None


def _scope(authorization: Authorization, cover: Cover) -> Refusal | None:
    facts = {"authorization": authorization.id}
    if cover.approach is not None and cover.approach != authorization.cooperative_approach:
        return Refusal(CoverageFault.APPROACH, {**facts, "approach": cover.approach})
    if cover.purpose is not None and cover.purpose not in authorization.purposes:
        return Refusal(CoverageFault.PURPOSE, {**facts, "purpose": cover.purpose.value})
    if cover.vintage not in authorization.vintages:
        return Refusal(CoverageFault.VINTAGE, {**facts, "vintage": cover.vintage})
    if cover.activity is not None and authorization.activities and cover.activity not in authorization.activities:
        return Refusal(CoverageFault.ACTIVITY, {**facts, "activity": cover.activity})
    if cover.metric is not None and cover.metric.commodity != authorization.metric.commodity:
        return Refusal(CoverageFault.METRIC, {**facts, "metric": cover.metric.commodity})
    return None


def addresses(authorization: Authorization, cover: Cover) -> Refusal | None:
    """Whether Party and entity are among those that the authorization names: asked of every movement."""
    facts = {"authorization": authorization.id}
    allowed = {authorization.host, *authorization.authorized_parties}
    if cover.party is not None and not authorization.any_party and cover.party not in allowed:
        return Refusal(CoverageFault.PARTY, {**facts, "party": cover.party})
    if (
        cover.entity is not None
        and authorization.authorized_entities
        and cover.entity not in authorization.authorized_entities
    ):
        return Refusal(CoverageFault.ENTITY, {**facts, "entity": cover.entity})
    return None


def headroom(authorization: Authorization, *, first_transferred: int, asked: int) -> Refusal | None:
    """Whether `asked` more units may be first transferred under the authorized quantity. Source: 4/CMA.6 para. 5(h)."""
    limit = authorization.authorized_quantity
    if limit is not None and first_transferred + asked > limit:
        return Refusal(
            CoverageFault.QUANTITY,
            {"authorization": authorization.id, "authorized": limit, "left": limit - first_transferred, "asked": asked},
        )
    return None
