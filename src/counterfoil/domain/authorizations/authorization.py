"""An authorization as data that governs: every act asks the version in force on its day.

Read next: `domain/authorizations/coverage.py`.
Source: 4/CMA.6 paras. 3-11 (components, content, changes); 2/CMA.3 annex paras. 2, 18(g).
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import (
    AUTHORIZATION,
    PARTY,
    ActivityId,
    AuthorizationId,
    CooperativeApproachId,
    Party,
)
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.identifier import VINTAGE_MIN
from counterfoil.domain.units.metric import Metric, MetricKind
from counterfoil.domain.units.purpose import OIMP, FirstTransferDefinition, Purpose

AUTHORIZATION_RECORD: Final = "authorization"


class AuthorizationFault(StrEnum):
    UNKNOWN = "authorization.unknown"
    ALREADY_GIVEN = "authorization.already_given"
    ID_UNREADABLE = "authorization.id_unreadable"
    CONTENT_MISSING = "authorization.content_missing"
    DEFINITION_MISSING = "authorization.definition_missing"
    DEFINITION_NOT_APPLICABLE = "authorization.definition_not_applicable"
    DEFINITION_DIFFERS = "authorization.definition_differs"
    OIMP_DETAIL_MISSING = "authorization.oimp_detail_missing"
    VINTAGE_TOO_EARLY = "authorization.vintage_too_early"
    QUANTITY_NOT_POSITIVE = "authorization.quantity_not_positive"
    PERIOD_BACKWARDS = "authorization.period_backwards"
    PARTY_UNREADABLE = "authorization.party_unreadable"
    HOST_NOT_PARTICIPATING = "authorization.host_not_participating"
    JURISDICTION_IS_NOT_A_PARTY = "authorization.jurisdiction_is_not_a_party"
    ENTITY_UNKNOWN = "authorization.entity_unknown"
    ACTIVITY_DIFFERS = "authorization.activity_differs"
    CHANGE_NOT_PROVIDED_FOR = "authorization.change_not_provided_for"
    CHANGE_TOUCHES_FIRST_TRANSFERRED = "authorization.change_touches_first_transferred"
    CHANGE_BACKDATED = "authorization.change_backdated"
    STATEMENT_MISSING = "authorization.statement_missing"
    REVOKED = "authorization.revoked"


class AuthorizationState(StrEnum):
    ISSUED = "issued"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Authorization:
    """One version of an authorization, with the content that 4/CMA.6 para. 5(a)-(n) asks for.

    `authorized_quantity` is the most that may be first transferred, in whole units of the metric; None is unstated.
    `any_party` leaves the Parties open; otherwise only `authorized_parties` may acquire or use.
    """

    id: AuthorizationId
    version: int
    host: Party
    cooperative_approach: CooperativeApproachId
    authorized_on: date
    purposes: tuple[Purpose, ...]
    vintages: tuple[int, ...]
    tracking_registry: str
    underlying_references: tuple[str, ...]
    metric: Metric = field(default_factory=Metric)
    any_party: bool = False
    authorized_parties: tuple[Party, ...] = ()
    authorized_entities: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    last_issuance_on: date | None = None
    last_use_on: date | None = None
    first_transfer_definition: FirstTransferDefinition | None = None
    oimp_detail: str = ""
    change_circumstances: str = ""
    change_process: str = ""
    terms_allow_change_after_first_transfer: bool = False
    authorized_quantity: int | None = None
    underlying_registries: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    activity_types: tuple[str, ...] = ()
    activities: tuple[ActivityId, ...] = ()
    document: str | None = None
    state: AuthorizationState = AuthorizationState.ISSUED
    effective_on: date | None = None
    reason: str = ""
    assumed: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """The authorization and its version, as entries cite it."""
        return f"{self.id} v{self.version}"


def readable(authorization: Authorization, *, host_definition: FirstTransferDefinition | None) -> Refusal | None:
    """Whether an authorization says all that it must, before it may be given.

    Args:
        host_definition: The definition that the approach already has for this host, if any.

    Source: 4/CMA.6 para. 5(a)-(n), para. 15; 2/CMA.3 annex para. 1(e).
    """
    for check in (_identifiers, _content, _definition, _limits):
        refusal = check(authorization)
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


def _content(authorization: Authorization) -> Refusal | None:
    missing = [
        name
        for name, value in (
            ("purposes", authorization.purposes),
            ("vintages", authorization.vintages),
            ("tracking_registry", authorization.tracking_registry),
            ("underlying_references", authorization.underlying_references),
            ("sectors", authorization.sectors),
            ("last_use_on", _ends(authorization)),
            ("metric.name", authorization.metric.kind is MetricKind.GHG or authorization.metric.name),
            ("metric.conversion", authorization.metric.factor is not None),
            ("authorized_parties", authorization.any_party or authorization.authorized_parties),
        )
        if not value
    ]
    if missing:
        return Refusal(
            AuthorizationFault.CONTENT_MISSING, {"authorization": authorization.id, "fields": ", ".join(missing)}
        )
    return None


def _ends(authorization: Authorization) -> date | None:
    """Some last day: of the authorization, of issuance, or of use. Source: 4/CMA.6 para. 5(c) (date and duration)."""
    return authorization.last_use_on or authorization.valid_to or authorization.last_issuance_on


def _definition(authorization: Authorization) -> Refusal | None:
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


def change_allowed(
    current: Authorization, changed: Authorization, *, statement: str, on: date, first_transferred: int
) -> Refusal | None:
    """Whether a version may follow another: only by the terms that the authorization itself already has.

    Args:
        statement: How double counting is avoided.
        first_transferred: How many units under the authorization have been first transferred already.

    Source: 4/CMA.6 paras. 7-9; effective day after A6.4-PROC-REGS-001 para. 170(a), adopted here.
    """
    facts = {"authorization": current.id}
    if current.state is AuthorizationState.REVOKED:
        return Refusal(AuthorizationFault.REVOKED, facts)
    if not current.change_circumstances or not current.change_process:
        return Refusal(AuthorizationFault.CHANGE_NOT_PROVIDED_FOR, facts)
    if not statement:
        return Refusal(AuthorizationFault.STATEMENT_MISSING, facts)
    if changed.effective_on is not None and changed.effective_on < on:
        return Refusal(AuthorizationFault.CHANGE_BACKDATED, facts)
    touches = _affects_first_transferred(current, changed)
    if changed.authorized_quantity is not None and changed.authorized_quantity < first_transferred:
        touches.append("authorized_quantity")
    if first_transferred and touches and not current.terms_allow_change_after_first_transfer:
        return Refusal(AuthorizationFault.CHANGE_TOUCHES_FIRST_TRANSFERRED, {**facts, "fields": ", ".join(touches)})
    return None


def _affects_first_transferred(current: Authorization, changed: Authorization) -> list[str]:
    """The fields whose change would reach back to units that have already been first transferred.

    A revocation that leaves them untouched reaches only the units not yet first transferred; a purpose, Party, entity,
    vintage, metric or day of last use taken away would reach back, as would a quantity below what was transferred.
    No entity named means any entity.
    """
    taken = []
    for name in ("purposes", "vintages", "authorized_parties"):
        if set(getattr(current, name)) - set(getattr(changed, name)):
            taken.append(name)
    entities = changed.authorized_entities
    if entities and (not current.authorized_entities or set(current.authorized_entities) - set(entities)):
        taken.append("authorized_entities")
    if changed.last_use_on is not None and (current.last_use_on is None or changed.last_use_on < current.last_use_on):
        taken.append("last_use_on")
    for name in ("host", "cooperative_approach", "metric", "first_transfer_definition"):
        if getattr(current, name) != getattr(changed, name):
            taken.append(name)
    if current.any_party and not changed.any_party:
        taken.append("any_party")
    return taken
