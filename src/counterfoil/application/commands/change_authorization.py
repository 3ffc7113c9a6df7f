"""Change and revoke an authorization by its own terms: a new version beside the old one.

Read next: `application/commands/complete_authorization.py`.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from counterfoil.application.command import Command, Context, later, stored
from counterfoil.application.commands.authorize import (
    admitted,
    authorization_in_force,
    first_transferred_quantity,
    version_records,
)
from counterfoil.application.commands.clearance import cleared
from counterfoil.application.commands.covering import covering
from counterfoil.application.commands.first_transferring import Effects, FirstTransferring, admissible, effects
from counterfoil.application.commands.reach import Piece
from counterfoil.application.commands.revoking_abroad import telling_holders
from counterfoil.domain.accounting.first_transfer import Event, trigger
from counterfoil.domain.accounting.unit_facts import Status, unit_facts
from counterfoil.domain.authorizations.authorization import (
    AUTHORIZATION_RECORD,
    Authorization,
    AuthorizationFault,
    AuthorizationState,
)
from counterfoil.domain.authorizations.change import change_allowed, speaks_of_units, with_quantity, without_oimp
from counterfoil.domain.authorizations.coverage import covers
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.metric import Metric
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose

BLOCKS_MAX: Final = 64
"""Blocks that one change may make first transferred: an entry is bounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAuthorization(Command):
    """Replace the named content of an authorization by its own terms, as a new version.

    `statement` says how double counting is avoided; fields left out stay as they are. Units first transferred before
    the change keep the version before it, unless the terms of that version allow more; `only_untransferred` spares them
    then too. Where some were first transferred on the day of recording, it takes effect on the next day. Where other
    purposes are taken away, their definition goes with them.
    """

    authorization: AuthorizationId
    statement: str
    reason: str
    effective_on: date | None = None
    only_untransferred: bool = later(default=False)
    purposes: tuple[Purpose, ...] | None = None
    vintages: tuple[int, ...] | None = None
    any_party: bool | None = later(default=None)
    authorized_parties: tuple[Party, ...] | None = None
    authorized_entities: tuple[str, ...] | None = None
    authorized_quantity: int | None = None
    valid_from: date | None = later(default=None)
    valid_to: date | None = None
    last_issuance_on: date | None = None
    last_use_on: date | None = None
    first_transfer_definition: FirstTransferDefinition | None = later(default=None)
    oimp_detail: str | None = None
    underlying_references: tuple[str, ...] | None = later(default=None)
    underlying_registries: tuple[str, ...] | None = later(default=None)
    tracking_registry: str | None = later(default=None)
    metric: Metric | None = later(default=None)
    gases: tuple[str, ...] | None = later(default=None)
    sectors: tuple[str, ...] | None = later(default=None)
    activity_types: tuple[str, ...] | None = later(default=None)
    activities: tuple[ActivityId, ...] | None = later(default=None)
    change_circumstances: str | None = later(default=None)
    change_process: str | None = later(default=None)
    terms_allow_change_after_first_transfer: bool | None = later(default=None)
    adjustment_commitment: str | None = later(default=None)
    document: str | None = None


_ABOUT: Final = frozenset(
    {
        "id",
        "on",
        "confidential",
        "answers",
        "assumed",
        "authorization",
        "statement",
        "reason",
        "effective_on",
        "only_untransferred",
    }
)
_CHANGEABLE: Final = tuple(name for name in ChangeAuthorization.__dataclass_fields__ if name not in _ABOUT)


def change_authorization(command: ChangeAuthorization, books: Books, context: Context) -> Entry | Refusal:
    """Units already first transferred keep what they had, unless the terms already said otherwise.

    A change that adds other purposes, first transferred by authorization or issuance, is itself the first transfer of
    the units issued before it.

    Source: 4/CMA.6 paras. 7-10, 12, 15.
    """
    current = stored(books, AUTHORIZATION_RECORD, command.authorization, Authorization)
    if current is None:
        return Refusal(AuthorizationFault.UNKNOWN, {"authorization": command.authorization})
    today = _first_transferred_on(current, books, context.on)
    changed = _changed(command, current, context, first_transferred_today=today)
    refusal = admitted(changed, books, on=context.on, before=current) or change_allowed(
        current,
        changed,
        statement=command.statement,
        on=context.on,
        first_transferred=first_transferred_quantity(books, current.id),
        first_transferred_today=today,
    )
    if refusal is not None:
        return refusal
    pulled = _first_transfers(current, changed, books, context)
    if isinstance(pulled, Refusal):
        return pulled
    return Entry(
        Act.AUTHORIZATION_CHANGED,
        context.on,
        facts=pulled.facts,
        postings=pulled.postings,
        records=(*version_records(changed, books), *pulled.records),
        details={"statement": command.statement, "reason": command.reason},
        because=current.reference,
    )


def _changed(
    command: ChangeAuthorization, current: Authorization, context: Context, *, first_transferred_today: bool
) -> Authorization:
    """The new version. What it says of units spares those first transferred before, unless the terms say otherwise."""
    content = {name: getattr(command, name) for name in _CHANGEABLE if getattr(command, name) is not None}
    changed = replace(
        with_quantity(current, content.pop("authorized_quantity", current.authorized_quantity)),
        version=current.version + 1,
        reason=command.reason,
        **content,
    )
    # A definition that the change itself names is kept, so that it is refused where it does not belong.
    changed = changed if command.first_transfer_definition is not None else without_oimp(changed)
    bound = command.only_untransferred or not current.terms_allow_change_after_first_transfer
    spares = bound and speaks_of_units(current, changed)
    earliest = context.on + timedelta(days=1) if spares and first_transferred_today else context.on
    return replace(changed, effective_on=command.effective_on or earliest, only_untransferred=spares)


def _first_transferred_on(current: Authorization, books: Books, day: date) -> bool:
    """Whether units were first transferred under an authorization on a day; looked for only if any ever were."""
    if not first_transferred_quantity(books, current.id):
        return False
    found = (unit_facts(holding.facts) for holding in books.all_holdings() if _class(holding).party == current.host)
    return any(facts.authorization == current.id and facts.first_transferred_on == day for facts in found)


def _first_transfers(
    current: Authorization, changed: Authorization, books: Books, context: Context
) -> Effects | Refusal:
    """What the change makes first transferred: units issued under it before, when other purposes join.

    Only an authorized and issued unit can be first transferred, on the later day of the two; that is today. A change
    that would do so on a later day is refused, since units issued until then would have no first transfer at all.
    """
    event = Event.AUTHORIZED
    definition = changed.first_transfer_definition
    pulled = trigger(event, purposes=changed.purposes, definition=definition)
    before = trigger(event, purposes=current.purposes, definition=current.first_transfer_definition)
    if pulled is None or before is not None:
        return Effects()
    if changed.effective_on != context.on:
        facts = {"authorization": current.id, "on": context.on.isoformat(), "day": str(changed.effective_on)}
        return Refusal(AuthorizationFault.CHANGE_NOT_SAME_DAY, facts)
    standing = [holding for holding in books.all_holdings() if _waits(holding, changed)]
    refusal = _pulled_together(standing, changed) if standing else None
    for holding in standing if refusal is None else ():
        refusal = refusal or _free(holding, changed, books, context)
    if refusal is not None:
        return refusal
    groups = [
        FirstTransferring(_class(holding), (Piece(holding.serials, unit_facts(holding.facts)),), changed, pulled)
        for holding in standing
    ]
    return admissible(groups, books, context) or effects(groups, books, on=context.on)


def _pulled_together(standing: list[Holding], changed: Authorization) -> Refusal | None:
    flying = any(role(holding.account) is AccountRole.PENDING for holding in standing)
    if not flying and len(standing) <= BLOCKS_MAX:
        return None
    units = f"{standing[0].unit_class} {standing[0].serials}"
    return Refusal(
        AuthorizationFault.CHANGE_FIRST_TRANSFERS,
        {"authorization": changed.id, "blocks": len(standing), "blocks_max": BLOCKS_MAX, "units": units},
    )


def _free(holding: Holding, changed: Authorization, books: Books, context: Context) -> Refusal | None:
    """Whether nothing around the letter keeps these units from their first transfer: a hold, its scope, other letters.

    Source: 4/CMA.6 paras. 5, 11; 2/CMA.3 annex para. 4.
    """
    for hold in books.holds(holding.unit_class, holding.first, holding.last):
        units = f"{holding.unit_class} {holding.serials}"
        known = {"units": units, "account": holding.account, "hold": hold.key, "reason": hold.reason}
        return Refusal(UnitsFault.ON_HOLD, known)
    of, facts = _class(holding), unit_facts(holding.facts)
    return covers(changed, covering(of, facts, on=context.on)) or cleared(
        books, context, activity=facts.activity, vintage=of.vintage, of=of, serials=holding.serials
    )


def _waits(holding: Holding, authorization: Authorization) -> bool:
    facts = unit_facts(holding.facts)
    kept = role(holding.account) in (AccountRole.HOLDING, AccountRole.PENDING)
    mine = facts.authorization == authorization.id and facts.status is Status.AUTHORIZED
    return kept and mine and _class(holding).party == authorization.host


def _class(holding: Holding) -> UnitClass:
    of = unit_class(holding.unit_class)
    assert isinstance(of, UnitClass)
    return of


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeAuthorization(Command):
    """Revoke an authorization by its own terms: nothing further may be first transferred under it.

    `reach_first_transferred` asks to revoke it for units already first transferred too. That needs terms that allow it,
    and partners that can be told: their books hold what they still have of the units.
    """

    authorization: AuthorizationId
    statement: str
    reason: str
    effective_on: date | None = None
    reach_first_transferred: bool = later(default=False)


def revoke_authorization(command: RevokeAuthorization, books: Books, context: Context) -> Entry | Refusal:
    """First transferred units are untouched: their adjustment stands. A version still to come then never comes.

    Source: 4/CMA.6 paras. 7-10.
    """
    latest = stored(books, AUTHORIZATION_RECORD, command.authorization, Authorization)
    if latest is None:
        return Refusal(AuthorizationFault.UNKNOWN, {"authorization": command.authorization})
    day = command.effective_on or context.on
    current = authorization_in_force(books, command.authorization, on=day) or latest
    revoked = replace(
        current,
        version=latest.version + 1,
        state=AuthorizationState.REVOKED,
        effective_on=day,
        reason=command.reason,
        only_untransferred=False,
    )
    refusal = change_allowed(current, revoked, statement=command.statement, on=context.on, first_transferred=0)
    if refusal is not None:
        return refusal
    reaches = command.reach_first_transferred and first_transferred_quantity(books, current.id)
    if reaches and not current.terms_allow_change_after_first_transfer:
        facts = {"authorization": current.id, "fields": "state"}
        return Refusal(AuthorizationFault.CHANGE_TOUCHES_FIRST_TRANSFERRED, facts)
    entry = Entry(
        Act.AUTHORIZATION_REVOKED,
        context.on,
        records=version_records(revoked, books),
        details={"statement": command.statement, "reason": command.reason},
        because=current.reference,
    )
    return telling_holders(entry, current, books, context, reason=command.reason) if reaches else entry
