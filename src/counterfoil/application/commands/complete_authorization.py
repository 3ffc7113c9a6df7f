"""Give an authorization in stages, and confirm a quantity that was estimated in advance."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from counterfoil.application.command import Command, Context, stored
from counterfoil.application.commands.authorize import admitted, first_transferred_quantity, version_records
from counterfoil.domain.authorizations.authorization import (
    AUTHORIZATION_RECORD,
    Authorization,
    AuthorizationFault,
    AuthorizationState,
)
from counterfoil.domain.authorizations.change import confirmed, not_overtaking
from counterfoil.domain.authorizations.content import ALL, Component, cited, component_of
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.units.metric import Metric
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteAuthorization(Command):
    """Give a further stage of an authorization: components that no earlier stage gave, or the approach's identifier.

    What an earlier stage said is not said again here; it changes by `ChangeAuthorization` only.
    """

    authorization: AuthorizationId
    components: tuple[Component, ...] = ()
    cooperative_approach: CooperativeApproachId | None = None
    adjustment_commitment: str | None = None
    any_party: bool | None = None
    authorized_parties: tuple[Party, ...] | None = None
    authorized_entities: tuple[str, ...] | None = None
    purposes: tuple[Purpose, ...] | None = None
    vintages: tuple[int, ...] | None = None
    underlying_references: tuple[str, ...] | None = None
    underlying_registries: tuple[str, ...] | None = None
    tracking_registry: str | None = None
    metric: Metric | None = None
    gases: tuple[str, ...] | None = None
    sectors: tuple[str, ...] | None = None
    activity_types: tuple[str, ...] | None = None
    activities: tuple[ActivityId, ...] | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    last_issuance_on: date | None = None
    last_use_on: date | None = None
    first_transfer_definition: FirstTransferDefinition | None = None
    oimp_detail: str | None = None
    change_circumstances: str | None = None
    change_process: str | None = None
    terms_allow_change_after_first_transfer: bool | None = None
    authorized_quantity: int | None = None
    estimated: bool | None = None
    document: str | None = None


_ABOUT: Final = frozenset({"id", "on", "confidential", "answers", "assumed", "authorization", "components", "document"})
_CONTENT: Final = tuple(name for name in CompleteAuthorization.__dataclass_fields__ if name not in _ABOUT)


def complete_authorization(command: CompleteAuthorization, books: Books, context: Context) -> Entry | Refusal:
    """All stages stand under one identifier, each as a version; nothing is covered until they cover all content.

    Source: 4/CMA.6 paras. 3-5, 15.
    """
    current = stored(books, AUTHORIZATION_RECORD, command.authorization, Authorization)
    if current is None:
        return Refusal(AuthorizationFault.UNKNOWN, {"authorization": command.authorization})
    content = {name: getattr(command, name) for name in _CONTENT if getattr(command, name) is not None}
    refusal = _adds(command, current, content) or not_overtaking(current, on=context.on)
    if refusal is not None:
        return refusal
    completed = replace(
        current,
        version=current.version + 1,
        effective_on=context.on,
        only_untransferred=False,
        components=tuple(each for each in ALL if each in (*current.components, *command.components)),
        document=command.document or current.document,
        **content,
    )
    refusal = admitted(completed, books, on=context.on, before=current)
    if refusal is not None:
        return refusal
    return Entry(
        Act.AUTHORIZATION_COMPLETED,
        context.on,
        records=version_records(completed, books),
        details={"components": [component.value for component in command.components]},
        because=completed.reference,
    )


def _adds(command: CompleteAuthorization, current: Authorization, content: dict[str, Any]) -> Refusal | None:
    """Whether a stage says something new, and nothing that was said before."""
    facts = {"authorization": current.id}
    if current.state is AuthorizationState.REVOKED:
        return Refusal(AuthorizationFault.REVOKED, facts)
    names_approach = not current.cooperative_approach and "cooperative_approach" in content
    if not command.components and not names_approach:
        return Refusal(AuthorizationFault.STAGE_EMPTY, facts)
    again = [component.value for component in command.components if component in current.components]
    again += [
        name
        for name in content
        if component_of(name) not in command.components and not (name == "cooperative_approach" and names_approach)
    ]
    if again:
        return Refusal(AuthorizationFault.STAGE_GIVEN, {**facts, "fields": ", ".join(again)})
    if Component.ENTITIES in command.components and not content.get("authorized_entities"):
        return Refusal(AuthorizationFault.CONTENT_MISSING, {**facts, "fields": cited(["authorized_entities"])})
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmQuantity(Command):
    """Confirm how much of an estimated quantity is actual, in all so far: that much may be first transferred.

    `verification` names what it rests on.
    """

    authorization: AuthorizationId
    quantity: int
    verification: str


def confirm_quantity(command: ConfirmQuantity, books: Books, context: Context) -> Entry | Refusal:
    """It only grows, up to the quantity authorized in advance; more needs a change by the terms.

    Source: 4/CMA.6 para. 5(h); requirement R-A62-09.
    """
    current = stored(books, AUTHORIZATION_RECORD, command.authorization, Authorization)
    if current is None:
        return Refusal(AuthorizationFault.UNKNOWN, {"authorization": command.authorization})
    already = first_transferred_quantity(books, current.id)
    refusal = confirmed(current, quantity=command.quantity, first_transferred=already)
    refusal = refusal or not_overtaking(current, on=context.on)
    if refusal is not None:
        return refusal
    version = replace(
        current,
        version=current.version + 1,
        effective_on=context.on,
        confirmed_quantity=command.quantity,
        only_untransferred=False,
    )
    return Entry(
        Act.QUANTITY_CONFIRMED,
        context.on,
        records=version_records(version, books),
        details={"quantity": command.quantity, "verification": command.verification},
        because=version.reference,
    )
