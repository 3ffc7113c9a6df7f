"""Authorize, change and revoke: the letter as data, version by version."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.domain.activities.activity import ACTIVITY, APPROACH, ENTITY, CooperativeApproach
from counterfoil.domain.authorizations.authorization import (
    AUTHORIZATION_RECORD,
    Authorization,
    AuthorizationFault,
    AuthorizationState,
    change_allowed,
    readable,
)
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.units.metric import Metric, unfit_metric
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose

AUTHORIZATION_VERSION: Final = "authorization_version"
FIRST_TRANSFERRED_QUANTITY: Final = "first_transferred_quantity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorize(Command):
    """Authorize mitigation outcomes of a cooperative approach for stated uses by stated Parties and entities.

    The fields are the content that the decision asks for; what it makes conditional may be left out.
    """

    authorization: AuthorizationId
    cooperative_approach: CooperativeApproachId
    purposes: tuple[Purpose, ...]
    vintages: tuple[int, ...]
    underlying_references: tuple[str, ...]
    sectors: tuple[str, ...]
    tracking_registry: str = ""
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
    activity_types: tuple[str, ...] = ()
    activities: tuple[ActivityId, ...] = ()
    document: str | None = None


_CONTENT: Final = tuple(
    name for name in Authorize.__dataclass_fields__ if name not in ("id", "on", "confidential", "authorization")
)


def authorize(command: Authorize, books: Books, context: Context) -> Entry | Refusal:
    """Refuses what lacks content, names unknown entities, or comes from a jurisdiction that is not a Party.

    Source: 4/CMA.6 paras. 3-6, 15; 2/CMA.3 annex para. 18(g); ADR-0008.
    """
    if not context.registry.is_party:
        return Refusal(AuthorizationFault.JURISDICTION_IS_NOT_A_PARTY, {"jurisdiction": context.registry.party})
    if books.record(AUTHORIZATION_RECORD, command.authorization) is not None:
        return Refusal(AuthorizationFault.ALREADY_GIVEN, {"authorization": command.authorization})
    content = {name: getattr(command, name) for name in _CONTENT}
    content["tracking_registry"] = command.tracking_registry or context.registry.registry
    authorization = Authorization(
        id=command.authorization, version=1, host=context.registry.party, authorized_on=context.on, **content
    )
    refusal = _admissible(authorization, books)
    if refusal is not None:
        return refusal
    return Entry(Act.AUTHORIZED, context.on, records=_records(authorization, books), because=authorization.reference)


def _admissible(authorization: Authorization, books: Books) -> Refusal | None:
    approach = stored(books, APPROACH, authorization.cooperative_approach, CooperativeApproach)
    facts = {"authorization": authorization.id, "approach": authorization.cooperative_approach}
    if approach is None or authorization.host not in approach.participants:
        return Refusal(AuthorizationFault.HOST_NOT_PARTICIPATING, facts)
    refusal = readable(authorization, host_definition=approach.first_transfer_definition) or unfit_metric(
        authorization.metric
    )
    if refusal is not None:
        return refusal
    for entity in authorization.authorized_entities:
        if books.record(ENTITY, entity) is None:
            return Refusal(AuthorizationFault.ENTITY_UNKNOWN, {**facts, "entity": entity})
    for activity in authorization.activities:
        known = books.record(ACTIVITY, activity)
        if known is None or known["cooperative_approach"] != authorization.cooperative_approach:
            return Refusal(AuthorizationFault.ACTIVITY_DIFFERS, {**facts, "activity": activity})
    return None


def _records(authorization: Authorization, books: Books) -> tuple[Record, ...]:
    """The version in force, the version for ever, and the approach's definition once an authorization has set it."""
    approach = stored(books, APPROACH, authorization.cooperative_approach, CooperativeApproach)
    assert approach is not None
    key = _version_key(authorization.id, authorization.version)
    records = (
        record(AUTHORIZATION_RECORD, authorization.id, authorization),
        record(AUTHORIZATION_VERSION, key, authorization),
    )
    definition = authorization.first_transfer_definition
    if definition is None or approach.first_transfer_definition is not None:
        return records
    return (*records, record(APPROACH, approach.id, replace(approach, first_transfer_definition=definition)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAuthorization(Command):
    """Replace the named content of an authorization by its own terms, as a new version.

    `statement` says how double counting is avoided; fields left out stay as they are.
    """

    authorization: AuthorizationId
    statement: str
    reason: str
    effective_on: date | None = None
    purposes: tuple[Purpose, ...] | None = None
    vintages: tuple[int, ...] | None = None
    authorized_parties: tuple[Party, ...] | None = None
    authorized_entities: tuple[str, ...] | None = None
    authorized_quantity: int | None = None
    valid_to: date | None = None
    last_issuance_on: date | None = None
    last_use_on: date | None = None
    oimp_detail: str | None = None
    document: str | None = None


_CHANGEABLE: Final = (
    "purposes",
    "vintages",
    "authorized_parties",
    "authorized_entities",
    "authorized_quantity",
    "valid_to",
    "last_issuance_on",
    "last_use_on",
    "oimp_detail",
    "document",
)


def change_authorization(command: ChangeAuthorization, books: Books, context: Context) -> Entry | Refusal:
    """Units already first transferred keep what they had, unless the terms already said otherwise.

    Source: 4/CMA.6 paras. 7-10.
    """
    current = stored(books, AUTHORIZATION_RECORD, command.authorization, Authorization)
    if current is None:
        return Refusal(AuthorizationFault.UNKNOWN, {"authorization": command.authorization})
    content = {name: getattr(command, name) for name in _CHANGEABLE if getattr(command, name) is not None}
    changed = replace(
        current,
        version=current.version + 1,
        effective_on=command.effective_on or context.on,
        reason=command.reason,
        **content,
    )
    already = first_transferred_quantity(books, current.id)
    refusal = _admissible(changed, books) or change_allowed(
        current, changed, statement=command.statement, on=context.on, first_transferred=already
    )
    if refusal is not None:
        return refusal
    return Entry(
        Act.AUTHORIZATION_CHANGED,
        context.on,
        records=_records(changed, books),
        details={"statement": command.statement, "reason": command.reason},
        because=current.reference,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeAuthorization(Command):
    """Revoke an authorization by its own terms: nothing further may be first transferred under it."""

    authorization: AuthorizationId
    statement: str
    reason: str
    effective_on: date | None = None


def revoke_authorization(command: RevokeAuthorization, books: Books, context: Context) -> Entry | Refusal:
    """First transferred units are untouched: their adjustment stands. Source: 4/CMA.6 paras. 7-10."""
    current = stored(books, AUTHORIZATION_RECORD, command.authorization, Authorization)
    if current is None:
        return Refusal(AuthorizationFault.UNKNOWN, {"authorization": command.authorization})
    revoked = replace(
        current,
        version=current.version + 1,
        state=AuthorizationState.REVOKED,
        effective_on=command.effective_on or context.on,
        reason=command.reason,
    )
    refusal = change_allowed(current, revoked, statement=command.statement, on=context.on, first_transferred=0)
    if refusal is not None:
        return refusal
    return Entry(
        Act.AUTHORIZATION_REVOKED,
        context.on,
        records=_records(revoked, books),
        details={"statement": command.statement, "reason": command.reason},
        because=current.reference,
    )


def authorization_in_force(books: Books, authorization: str, *, on: date) -> Authorization | None:
    """The version that governs acts of a day: a later one does not, although it is recorded already.

    Before the first version there is none; the first is returned then, and refuses by its own dates.
    """
    found = stored(books, AUTHORIZATION_RECORD, authorization, Authorization)
    while found is not None and found.version > 1 and found.effective_on is not None and on < found.effective_on:
        found = stored(books, AUTHORIZATION_VERSION, _version_key(authorization, found.version - 1), Authorization)
    return found


def _version_key(authorization: str, version: int) -> str:
    return f"{authorization}@{version:04d}"


def first_transferred_quantity(books: Books, authorization: str) -> int:
    """Units first transferred under an authorization, over all versions and years."""
    return int(books.record(FIRST_TRANSFERRED_QUANTITY, authorization) or 0)
