"""Authorize: the letter as data, in one act or as the first of several, and its versions by the day.

Read next: `application/commands/change_authorization.py`.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from counterfoil.application.command import Command, Context, later, record, stored
from counterfoil.application.commands.acknowledge import letters_on
from counterfoil.application.commands.drawing import drawing, redrawable, redrawn
from counterfoil.application.commands.results_paid import still_authorizable
from counterfoil.domain.activities.activity import ACTIVITY, APPROACH, ENTITY, CooperativeApproach
from counterfoil.domain.authorizations.acknowledgement import outside_scope
from counterfoil.domain.authorizations.admission import readable
from counterfoil.domain.authorizations.authorization import (
    AUTHORIZATION_RECORD,
    Authorization,
    AuthorizationFault,
)
from counterfoil.domain.authorizations.content import ALL, Component
from counterfoil.domain.authorizations.governing import governing
from counterfoil.domain.authorizations.participation import PARTICIPATION_RECORD, Participation
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.reporting.filing import REPORT, covering_keys
from counterfoil.domain.units.metric import Metric, unfit_metric
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose

AUTHORIZATION_VERSION: Final = "authorization_version"
FIRST_TRANSFERRED_QUANTITY: Final = "first_transferred_quantity"
_NOT_YET_GIVEN: Final = CooperativeApproachId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorize(Command):
    """Authorize mitigation outcomes of a cooperative approach for stated uses by stated Parties and entities.

    The fields are the content that the decision asks for; what it makes conditional may be left out. `components` are
    those that this act gives: all three, or the first stage of several. The identifier of the approach may follow when
    the UN platform has given it. `adjustment_commitment` states that the Party will apply corresponding adjustments.
    With `estimated` the quantity is given in advance; only what `ConfirmQuantity` confirms may be first transferred.
    `initial_report_justification` says why the initial report comes later than the authorization. `quota` names the
    quota of export that the authorized quantity draws on.
    """

    authorization: AuthorizationId
    cooperative_approach: CooperativeApproachId = _NOT_YET_GIVEN
    components: tuple[Component, ...] = later(default=ALL)
    adjustment_commitment: str = later(default="")
    gases: tuple[str, ...] = later(default=())
    estimated: bool = later(default=False)
    purposes: tuple[Purpose, ...] = ()
    vintages: tuple[int, ...] = ()
    underlying_references: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
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
    initial_report_justification: str = later(default="")
    quota: str = later(default="")


_CONTENT: Final = tuple(
    name
    for name in Authorize.__dataclass_fields__
    if name not in ("id", "on", "confidential", "answers", "authorization", "initial_report_justification", "quota")
)


def authorize(command: Authorize, books: Books, context: Context) -> Entry | Refusal:
    """Refuses what lacks content, names unknown entities, or comes from a jurisdiction that is not a Party.

    What the decision asks around it and does not make a condition is recorded beside it: responsibilities that nobody
    attested, and an initial report that has not been filed, with the reason given.

    Source: 4/CMA.6 paras. 3-6, 15; 2/CMA.3 annex paras. 4, 18(g), 19; ADR-0008.
    """
    if not context.registry.is_party:
        return Refusal(AuthorizationFault.JURISDICTION_IS_NOT_A_PARTY, {"jurisdiction": context.registry.party})
    if books.record(AUTHORIZATION_RECORD, command.authorization) is not None:
        return Refusal(AuthorizationFault.ALREADY_GIVEN, {"authorization": command.authorization})
    if not command.components:
        return Refusal(AuthorizationFault.STAGE_EMPTY, {"authorization": command.authorization[:80]})
    content = {name: getattr(command, name) for name in _CONTENT}
    content["tracking_registry"] = command.tracking_registry or context.registry.registry
    authorization = Authorization(
        id=command.authorization, version=1, host=context.registry.party, authorized_on=context.on, **content
    )
    refusal = admitted(authorization, books, on=context.on)
    if refusal is not None:
        return refusal
    drawn = drawing(command.quota, authorization, books, on=context.on)
    if isinstance(drawn, Refusal):
        return drawn
    return Entry(
        Act.AUTHORIZED,
        context.on,
        records=(*version_records(authorization, books), *drawn),
        details=_outstanding(command, books, context),
        because=authorization.reference,
    )


def _outstanding(command: Authorize, books: Books, context: Context) -> dict[str, JSON]:
    """What is still missing around the authorization on its day: no condition for it, but said in its entry."""
    party = context.registry.party
    details: dict[str, JSON] = {}
    participation = stored(books, PARTICIPATION_RECORD, party, Participation) or Participation(party)
    unattested = participation.unattested(context.on)
    if unattested:
        details["unattested"] = [responsibility.value for responsibility in unattested]
    if all(books.record(REPORT, key) is None for key in covering_keys(party, command.cooperative_approach)):
        details["initial_report"] = "not filed"
        if command.initial_report_justification:
            details["justification"] = command.initial_report_justification
    return details


def admitted(
    authorization: Authorization, books: Books, *, on: date, before: Authorization | None = None
) -> Refusal | None:
    """Whether a version may stand: its content, its approach, its entities and activities, and no letter against it.

    Source: 4/CMA.6 paras. 3-5, 15; requirement R-WBK-10.
    """
    facts = {"authorization": authorization.id, "approach": authorization.cooperative_approach}
    approach = stored(books, APPROACH, authorization.cooperative_approach, CooperativeApproach)
    named = bool(authorization.cooperative_approach)
    if named and (approach is None or authorization.host not in approach.participants):
        return Refusal(AuthorizationFault.HOST_NOT_PARTICIPATING, facts)
    definition = None if approach is None else approach.first_transfer_definition
    refusal = readable(authorization, host_definition=definition, before=before) or unfit_metric(authorization.metric)
    if refusal is not None:
        return refusal
    for entity in authorization.authorized_entities:
        if books.record(ENTITY, entity) is None:
            return Refusal(AuthorizationFault.ENTITY_UNKNOWN, {**facts, "entity": entity})
    for activity in authorization.activities:
        known = books.record(ACTIVITY, activity)
        if known is None or (named and known["cooperative_approach"] != authorization.cooperative_approach):
            return Refusal(AuthorizationFault.ACTIVITY_DIFFERS, {**facts, "activity": activity})
        refusal = _in_scope(activity, authorization, books, on=on, before=before)
        if refusal is not None:
            return refusal
    refusal = _unpaid(authorization, books, before=before)
    return refusal if refusal is not None or before is None else redrawable(authorization, books, on=on)


def _unpaid(authorization: Authorization, books: Books, *, before: Authorization | None) -> Refusal | None:
    """No outcome was paid for as a result; of a later version, only what it names anew is asked."""
    activities, vintages = authorization.activities, authorization.vintages
    if before is None:
        return still_authorizable(books, activities, vintages, quantity=authorization.authorized_quantity)
    known = set(activities) <= set(before.activities)
    added = set(vintages) - set(before.vintages) if known else vintages
    return still_authorizable(books, activities, added, quantity=None)


def _in_scope(
    activity: ActivityId, authorization: Authorization, books: Books, *, on: date, before: Authorization | None
) -> Refusal | None:
    """No letter of acknowledgement against a vintage of the activity; what was authorized in time stays so."""
    letters = letters_on(books, activity)
    for vintage in authorization.vintages if letters else ():
        named = before is not None and activity in before.activities and vintage in before.vintages
        refusal = outside_scope(letters, on=on, vintage=vintage, authorized=named)
        if refusal is not None:
            return refusal
    return None


def version_records(authorization: Authorization, books: Books) -> tuple[Record, ...]:
    """The version in force, the version for ever, and the approach's definition once an authorization has set it."""
    key = version_key(authorization.id, authorization.version)
    records = (
        record(AUTHORIZATION_RECORD, authorization.id, authorization),
        record(AUTHORIZATION_VERSION, key, authorization),
        *redrawn(authorization, books, first_transferred=first_transferred_quantity(books, authorization.id)),
    )
    approach = stored(books, APPROACH, authorization.cooperative_approach, CooperativeApproach)
    definition = authorization.first_transfer_definition
    if approach is None or definition is None or approach.first_transfer_definition is not None:
        return records
    return (*records, record(APPROACH, approach.id, replace(approach, first_transfer_definition=definition)))


def authorization_in_force(
    books: Books, authorization: str, *, on: date, first_transferred_on: date | None = None
) -> Authorization | None:
    """The version that governs acts of a day: a later one does not, although it is recorded already.

    Before the first version there is none; the first is returned then, and refuses by its own dates. Units first
    transferred before the day of a version stay under the version before it, unless its terms said otherwise.

    Source: 4/CMA.6 para. 7.
    """
    latest = stored(books, AUTHORIZATION_RECORD, authorization, Authorization)
    if latest is None or latest.version == 1:
        return latest

    def earlier(number: int) -> Authorization | None:
        return stored(books, AUTHORIZATION_VERSION, version_key(authorization, number), Authorization)

    known = range(1, latest.version)
    return governing(latest, earlier, known, on=on, first_transferred_on=first_transferred_on)


def version_key(authorization: str, version: int) -> str:
    return f"{authorization}@{version:04d}"


def first_transferred_quantity(books: Books, authorization: str) -> int:
    """Units first transferred under an authorization, over all versions and years."""
    return int(books.record(FIRST_TRANSFERRED_QUANTITY, authorization) or 0)
