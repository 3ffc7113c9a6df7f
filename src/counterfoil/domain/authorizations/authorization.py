"""An authorization as data that governs: every act asks the version in force on its day.

Read next: `domain/authorizations/admission.py` (what it must say), `change.py` (how it changes), `coverage.py` (what
it covers).
Source: 4/CMA.6 paras. 3-11 (components, content, changes); 2/CMA.3 annex paras. 2, 18(g).
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.authorizations.content import ALL, Component
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.units.metric import Metric
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose

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
    CHANGE_FIRST_TRANSFERS = "authorization.change_first_transfers"
    CHANGE_NOT_LATER = "authorization.change_not_later"
    CHANGE_NOT_SAME_DAY = "authorization.change_not_same_day"
    CHANGE_PENDING = "authorization.change_pending"
    BOTH_SIDES_NEEDED = "authorization.both_sides_needed"
    STAGE_GIVEN = "authorization.stage_given"
    STAGE_EMPTY = "authorization.stage_empty"
    NOT_ESTIMATED = "authorization.not_estimated"
    CONFIRMED_OUTSIDE = "authorization.confirmed_outside"
    REDUCTION_TAKES_ALL = "authorization.reduction_takes_all"
    NOT_REDUCIBLE = "authorization.not_reducible"


class AuthorizationState(StrEnum):
    ISSUED = "issued"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Authorization:
    """One version of an authorization, with the content that 4/CMA.6 para. 5(a)-(n) asks for.

    `authorized_quantity` is the most that may be first transferred, in whole units of the metric; None is unstated.
    Where it is `estimated`, only the `confirmed_quantity` may be. `any_party` leaves the Parties open; otherwise only
    `authorized_parties` may acquire or use. `components` are those given so far: nothing is covered until all three
    are. `cooperative_approach` is empty until the UN platform has given the identifier. `adjustment_commitment` is the
    statement that the Party will apply corresponding adjustments; None only in what was recorded before it was asked.
    A version that is `only_untransferred` says of units, and leaves those first transferred before its day under the
    version before.
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
    gases: tuple[str, ...] = ()
    adjustment_commitment: str | None = None
    components: tuple[Component, ...] = ALL
    estimated: bool = False
    confirmed_quantity: int | None = None
    only_untransferred: bool = False

    @property
    def missing_components(self) -> tuple[Component, ...]:
        """The components that no stage has given yet. Source: 4/CMA.6 paras. 3-4."""
        return tuple(component for component in ALL if component not in self.components)

    @property
    def reference(self) -> str:
        """The authorization and its version, as entries cite it."""
        return f"{self.id} v{self.version}"
