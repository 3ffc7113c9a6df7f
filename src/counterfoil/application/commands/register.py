"""Register the things that later acts refer to: entities, cooperative approaches, activities."""

from dataclasses import dataclass
from typing import Final

from counterfoil.application.command import Command, Context, later, record
from counterfoil.application.commands.beginning import begun_life
from counterfoil.application.commands.describing import ActivityDescription, described
from counterfoil.domain.activities.activity import (
    ACTIVITY,
    APPROACH,
    ENTITY,
    ApproachFault,
    CooperativeApproach,
    Entity,
    EntityFault,
)
from counterfoil.domain.kernel.ids import COOPERATIVE_APPROACH, CooperativeApproachId, Party, unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.units.purpose import FirstTransferDefinition

MECHANISM: Final = "CA0001"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntity(Command):
    """Register a body that may be authorized or hold accounts, by its number in its country of incorporation."""

    entity: str
    name: str
    country: str


def register_entity(command: RegisterEntity, books: Books, context: Context) -> Entry | Refusal:
    """Source: 4/CMA.6 annex II table 5."""
    nameless = unfit("entity", command.entity)
    if nameless is not None:
        return nameless
    if books.record(ENTITY, command.entity) is not None:
        return Refusal(EntityFault.ALREADY_REGISTERED, {"entity": command.entity})
    entity = Entity(command.entity, command.name, command.country)
    return Entry(Act.ENTITY_REGISTERED, context.on, records=(record(ENTITY, command.entity, entity),))


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCooperativeApproach(Command):
    """Register a cooperative approach under the identifier that the UN platform gave it.

    In the Article 6.4 mechanism (CA0001) any move between Parties is a first transfer, whatever is said here, and no
    agreement is asked. Elsewhere a transfer for NDC use needs an agreement in force that permits it, unless
    `agreement_required` says otherwise; `using_party_authorization` asks for the using Party's own authorization too.
    With `recognition_required`, acquired units count only once the acquiring Party has recognized their transfer.
    """

    approach: CooperativeApproachId
    title: str
    participants: tuple[Party, ...]
    first_transfer_definition: FirstTransferDefinition | None = None
    first_transfer_on_any_cross_party_move: bool = False
    agreement_required: bool = later(default=True)
    using_party_authorization: bool = later(default=False)
    recognition_required: bool = later(default=False)


def register_approach(command: RegisterCooperativeApproach, books: Books, context: Context) -> Entry | Refusal:
    """Source: 2/CMA.3 annex paras. 3, 18(g); 4/CMA.6 para. 15; A6.4-PROC-REGS-001 para. 51(b)."""
    facts = {"approach": command.approach[:40]}
    if not COOPERATIVE_APPROACH.match(command.approach):
        return Refusal(ApproachFault.ID_UNREADABLE, facts)
    if books.record(APPROACH, command.approach) is not None:
        return Refusal(ApproachFault.ALREADY_REGISTERED, facts)
    if len(set(command.participants)) < 2:
        return Refusal(ApproachFault.PARTICIPANTS_MISSING, facts)
    approach = CooperativeApproach(
        command.approach,
        command.title,
        command.participants,
        command.first_transfer_definition,
        command.first_transfer_on_any_cross_party_move or command.approach == MECHANISM,
        command.agreement_required and command.approach != MECHANISM,
        command.using_party_authorization,
        command.recognition_required,
    )
    return Entry(
        Act.COOPERATIVE_APPROACH_REGISTERED, context.on, records=(record(APPROACH, command.approach, approach),)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterActivity(ActivityDescription):
    """Register a mitigation activity of this jurisdiction, in one step."""


def register_activity(command: RegisterActivity, books: Books, context: Context) -> Entry | Refusal:
    """Registration without the stages before it, where the table in force still has it.

    Source: 2/CMA.3 annex paras. 1, 18(h)(iii); ADR-0028.
    """
    activity = described(command, books, context)
    if isinstance(activity, Refusal):
        return activity
    begun = begun_life(activity, None, books, context)
    if isinstance(begun, Refusal):
        return begun
    records = (record(ACTIVITY, command.activity, activity), *begun)
    return Entry(Act.ACTIVITY_REGISTERED, context.on, records=records)
