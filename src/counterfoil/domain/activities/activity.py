"""Activities and cooperative approaches, as the register keeps them.

Source: 2/CMA.3 annex paras. 1, 18(g) (approach, description); 4/CMA.6 para. 15 (one definition per approach).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.activities.integrity import Attribute
from counterfoil.domain.kernel.ids import ActivityId, CooperativeApproachId, Party
from counterfoil.domain.units.metric import Metric
from counterfoil.domain.units.purpose import FirstTransferDefinition
from counterfoil.domain.units.unit_type import MitigationType, Reversibility

ACTIVITY: Final = "activity"
APPROACH: Final = "approach"
ENTITY: Final = "entity"


class ActivityFault(StrEnum):
    UNKNOWN = "activity.unknown"
    ALREADY_REGISTERED = "activity.already_registered"
    APPROACH_UNKNOWN = "activity.approach_unknown"
    HOST_NOT_IN_APPROACH = "activity.host_not_in_approach"
    REVERSIBILITY_MISSING = "activity.reversibility_missing"


class ApproachFault(StrEnum):
    ALREADY_REGISTERED = "approach.already_registered"
    ID_UNREADABLE = "approach.id_unreadable"
    PARTICIPANTS_MISSING = "approach.participants_missing"


class EntityFault(StrEnum):
    ALREADY_REGISTERED = "entity.already_registered"


@dataclass(frozen=True, slots=True)
class CooperativeApproach:
    """A cooperative approach: who takes part, and the one definition of first transfer that holds in it per host.

    What was recorded before agreements were asked for goes on without them: the defaults here are those of old records.
    """

    id: CooperativeApproachId
    title: str
    participants: tuple[Party, ...]
    first_transfer_definition: FirstTransferDefinition | None = None
    first_transfer_on_any_cross_party_move: bool = False
    agreement_required: bool = False
    using_party_authorization: bool = False
    recognition_required: bool = False


class ActivityKind(StrEnum):
    """How far an activity reaches. A component belongs to a programme, which is its `parent`."""

    PROJECT = "project"
    PROGRAMME = "programme"
    COMPONENT = "component"
    SECTORAL = "sectoral"
    JURISDICTIONAL = "jurisdictional"


@dataclass(frozen=True, slots=True)
class CreditingPeriod:
    """First to last day for which outcomes may be credited, both included."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class ExpectedYear:
    """What an activity is expected to bring in one calendar year, in whole units of its metric."""

    year: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Activity:
    """A mitigation activity. What it says here travels with every unit issued from it.

    `crediting_periods` stand in their order, each after the one before. `boundary` is the SHA-256 of a GeoJSON file in
    the evidence store. `parent` is the programme of a component. `integrity` is what it states of its quality.
    """

    id: ActivityId
    title: str
    host: Party
    mitigation_type: MitigationType
    sector: str
    activity_type: str
    metric: Metric = Metric()
    cooperative_approach: CooperativeApproachId | None = None
    standard: str = ""
    methodology: str = ""
    underlying_registry: str | None = None
    reversibility: Reversibility = Reversibility.NOT_APPLICABLE
    participants: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    kind: ActivityKind = ActivityKind.PROJECT
    parent: ActivityId | None = None
    crediting_periods: tuple[CreditingPeriod, ...] = ()
    boundary: str | None = None
    expected: tuple[ExpectedYear, ...] = ()
    integrity: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """A public or private body that may be authorized. Source: 4/CMA.6 annex II table 5."""

    id: str
    name: str
    country: str
