"""How one act, authorization, holding or entity becomes rows of the AEF.

A row covers one homogeneous block: same approach, authorization, host, vintage, metric and mitigation type.
Source: 4/CMA.6 annex II; rulebook section 1.6.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from counterfoil.application.command import Context
from counterfoil.application.commands.authorize import authorization_in_force
from counterfoil.application.commands.cancel import CancellationPurpose
from counterfoil.application.commands.foreign import authorization_of, revoked
from counterfoil.application.commands.register import MECHANISM
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts, unit_facts
from counterfoil.domain.activities.activity import ENTITY
from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationState
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, cancelled, role
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.ledger.entry import Act, JournalEntry
from counterfoil.domain.reporting.aef_rows import ActionRow, AuthorizationRow, EntityRow, HoldingRow
from counterfoil.domain.reporting.aef_terms import REACHES_FIRST_TRANSFERRED, SPARES_FIRST_TRANSFERRED, Subtype
from counterfoil.domain.units.identifier import UnitClass, identifier, unit_class
from counterfoil.domain.units.metric import MetricKind
from counterfoil.domain.units.purpose import OIMP, FirstTransferDefinition, purposes_text
from counterfoil.domain.units.serials import SerialRange
from counterfoil.domain.units.unit_type import MitigationType, UnitType

DEMONSTRATION_NOTE: Final = "Demonstration: simulated acts · 示範：模擬行為"
_MITIGATION: Final = {MitigationType.REDUCTION: "Emission reductions", MitigationType.REMOVAL: "Removals"}
_DEFINITIONS: Final = {
    FirstTransferDefinition.AUTHORIZATION: "Authorization",
    FirstTransferDefinition.ISSUANCE: "Issuance",
    FirstTransferDefinition.USE_OR_CANCELLATION: "Use or cancellation",
}
_SUBTYPES: Final = {
    Trigger.INTERNATIONAL_TRANSFER: "First transfer to another Party",
    Trigger.AUTHORIZATION: "Authorization",
    Trigger.ISSUANCE: "Issuance",
    Trigger.USE_OR_CANCELLATION: "Use or cancellation",
    Trigger.OMGE: "Voluntary cancellation to deliver OMGE",
    Trigger.ADAPTATION_FUND: "Voluntary transfer to the Adaptation Fund (A6.4 ERs)",
}


_LEVIED: Final = frozenset({Trigger.OMGE.value, Trigger.ADAPTATION_FUND.value})


@dataclass(frozen=True, slots=True)
class _Kind:
    """The columns of an action that depend on the act, not on the units."""

    action_type: str
    action_subtype: str | None = None
    transferring: str | None = None
    acquiring: str | None = None
    oimp: str | None = None
    using: str | None = None
    entity: str | None = None
    year: int | None = None


def action_rows(sight: Sight, books: Books, journal_entry: JournalEntry) -> Iterator[ActionRow]:
    """The rows of Table 3 that one entry gives, from the books as they stand after it."""
    for of, serials, facts in _touched(books, journal_entry):
        flagged = _flagged(journal_entry, of, serials)
        kind = _kind(sight, books, journal_entry, facts, flagged=flagged)
        if kind is not None:
            yield _action(sight, journal_entry, _unit_columns(sight, books, of, serials, facts), kind)
        ended = _ended_at_birth(sight.registry.party, journal_entry, serials, facts)
        if ended is not None:
            yield _action(sight, journal_entry, _unit_columns(sight, books, of, serials, facts), ended)


def _flagged(journal_entry: JournalEntry, of: UnitClass, serials: SerialRange) -> bool:
    """Whether this entry is the first transfer of these units: one cancellation may reach others that had theirs."""
    return any(
        change.unit_class == of.key and change.first <= serials.last and serials.first <= change.last
        for change in journal_entry.entry.facts
        if "first_transferred_on" in change.facts
    )


def _touched(books: Books, journal_entry: JournalEntry) -> Iterator[tuple[UnitClass, SerialRange, UnitFacts]]:
    """The homogeneous pieces of ITMOs that an entry moved or flagged, each once."""
    entry = journal_entry.entry
    spans = [(move.unit_class, move.first, move.last) for move in entry.moves] or [
        (change.unit_class, change.first, change.last)
        for change in entry.facts
        if "first_transferred_on" in change.facts
    ]
    for key, first, last in spans:
        of = unit_class(key)
        assert isinstance(of, UnitClass)
        for holding in books.holdings(key, first, last):
            facts = unit_facts(holding.facts)
            if facts.unit_type is UnitType.ITMO and facts.status is not Status.UNAUTHORIZED:
                yield of, holding.serials, facts


def _kind(sight: Sight, books: Books, journal_entry: JournalEntry, facts: UnitFacts, *, flagged: bool) -> _Kind | None:
    entry = journal_entry.entry
    partner = str(entry.details.get("partner", "")) or None
    own = sight.registry.party
    match entry.act:
        case Act.ISSUED if flagged and facts.first_transfer_trigger in _LEVIED:
            # A levy of the law took these at their birth, which is their first transfer.
            given = facts.first_transfer_trigger == Trigger.ADAPTATION_FUND
            subtype = _contribution(journal_entry) if given else _subtype(facts)
            return _Kind("First transfer", subtype, using=None if given else own)
        case Act.ISSUED | Act.UNITS_AUTHORIZED | Act.AUTHORIZATION_CHANGED if flagged:
            return _Kind("First transfer", _subtype(facts), oimp=_other_purposes(books, journal_entry, facts))
        case Act.CONTRIBUTED_TO_ADAPTATION_FUND:
            kind = "First transfer" if flagged else "Transfer"
            return _Kind(kind, _contribution(journal_entry), entity=_entity(journal_entry))
        case Act.FIRST_TRANSFERRED:
            return _Kind("First transfer", _SUBTYPES[Trigger.INTERNATIONAL_TRANSFER], acquiring=partner)
        case Act.TRANSFERRED_ABROAD:
            return _Kind("Transfer", acquiring=partner)
        case Act.ACQUIRED:
            return _Kind("Acquisition", transferring=partner)
        case Act.USED_TOWARDS_NDC:
            year = entry.details["year"]
            assert isinstance(year, int)
            return _Kind("Use", using=own, entity=_entity(journal_entry), year=year)
        case Act.CANCELLED:
            return _cancellation(own, journal_entry, facts, flagged=flagged)
        case _:
            return None


def _ended_at_birth(own: str, journal_entry: JournalEntry, serials: SerialRange, facts: UnitFacts) -> _Kind | None:
    """The cancellation of units that the law took from an issuance which was itself their first transfer."""
    if journal_entry.entry.act is not Act.ISSUED or facts.first_transfer_trigger in (None, *_LEVIED):
        return None
    target = next(move.target for move in journal_entry.entry.moves if move.first <= serials.first <= move.last)
    if role(target) is not AccountRole.TERMINAL:
        return None
    subtype = _SUBTYPES[Trigger.OMGE] if target == cancelled("omge") else "Other cancellations"
    return _Kind("Cancellation", subtype, using=own)


def _other_purposes(books: Books, journal_entry: JournalEntry, facts: UnitFacts) -> str | None:
    """What the units may be used for other than an NDC: the purpose of a first transfer before any use.

    Source: 4/CMA.6 annex II table 3, field 22.
    """
    authorization = authorization_in_force(books, facts.authorization or "", on=journal_entry.entry.effective_on)
    found = OIMP & set(authorization.purposes) if authorization is not None else frozenset()
    return purposes_text(found) if found else None


def _cancellation(own: str, journal_entry: JournalEntry, facts: UnitFacts, *, flagged: bool) -> _Kind | None:
    """A cancellation that is itself the first transfer, one after it, or one of units that never were (no row)."""
    entry = journal_entry.entry
    purpose = CancellationPurpose(str(entry.details["purpose"]))
    oimp = purpose.value if purpose in (CancellationPurpose.IMP, CancellationPurpose.OP) else None
    if facts.status is not Status.FIRST_TRANSFERRED:
        return None
    if flagged:
        return _Kind("First transfer", _subtype(facts), oimp=oimp, using=own, entity=_entity(journal_entry))
    subtype = _SUBTYPES[Trigger.OMGE] if purpose is CancellationPurpose.OMGE else "Other cancellations"
    return _Kind("Cancellation", subtype, oimp=oimp, using=own, entity=_entity(journal_entry))


def _contribution(journal_entry: JournalEntry) -> str:
    """The named subtype is for A6.4ERs; for other ITMOs the list has none yet. Source: 4/CMA.6 para. 16, annex II."""
    of = unit_class(journal_entry.entry.moves[0].unit_class)
    assert isinstance(of, UnitClass)
    return _SUBTYPES[Trigger.ADAPTATION_FUND] if of.cooperative_approach == MECHANISM else Subtype.NOT_YET_DEFINED


def _subtype(facts: UnitFacts) -> str:
    assert facts.first_transfer_trigger is not None
    return _SUBTYPES[Trigger(facts.first_transfer_trigger)]


def _entity(journal_entry: JournalEntry) -> str | None:
    entity = journal_entry.entry.details.get("entity")
    return None if entity is None else str(entity)


def _action(sight: Sight, journal_entry: JournalEntry, units: dict[str, Any], kind: _Kind) -> ActionRow:
    return ActionRow(
        action_date=journal_entry.entry.effective_on,
        action_type=kind.action_type,
        action_subtype=kind.action_subtype,
        transferring_party_id=kind.transferring,
        acquiring_party_id=kind.acquiring,
        purpose_itmo_used_for_oimp=kind.oimp,
        using_cancelling_party_id=kind.using,
        using_cancelling_entity_id=kind.entity,
        year_itmo_used_towards_ndc=kind.year,
        additional_explanatory_information=_explanation(sight, journal_entry),
        **units,
    )


def _explanation(sight: Sight, journal_entry: JournalEntry) -> str | None:
    """In a demonstration every row says so, and names what the act assumes."""
    if not sight.registry.demonstration:
        return None
    assumed = journal_entry.entry.details.get("assumed")
    names = ", ".join(str(name) for name in assumed) if isinstance(assumed, Sequence) else ""
    return f"{DEMONSTRATION_NOTE}{'; assumed · 假定: ' + names if names else ''}"[:1000]


def _unit_columns(sight: Sight, books: Books, of: UnitClass, serials: SerialRange, facts: UnitFacts) -> dict[str, Any]:
    """The columns that tables 3 and 4 share. A non-GHG amount is converted as its authorization says."""
    under = facts.underlying
    ghg = facts.metric.kind is MetricKind.GHG
    assert facts.mitigation_type is not None
    return {
        "cooperative_approach_id": of.cooperative_approach,
        "authorization_id": facts.authorization,
        "first_transferring_party_id": of.party,
        "party_itmo_registry_id": sight.registry.registry,
        "first_id": identifier(of.key, serials.first),
        "last_id": identifier(of.key, serials.last),
        "underlying_unit_registry_id": None if under is None else under.registry,
        "underlying_unit_first_unit_id": None if under is None else under.identifier(serials.first),
        "underlying_unit_last_unit_id": None if under is None else under.identifier(serials.last),
        "metric": facts.metric.kind.value,
        "gwp_values": facts.metric.gwp if ghg else None,
        "non_ghg_metric": None if ghg else facts.metric.name,
        "quantity_co2": serials.size if ghg else _converted(sight, books, of, serials, facts),
        "quantity_non_ghg": None if ghg else serials.size,
        "mitigation_type": _MITIGATION[facts.mitigation_type],
        "vintage": of.vintage,
    }


def _converted(sight: Sight, books: Books, of: UnitClass, serials: SerialRange, facts: UnitFacts) -> int | Fraction:
    """The t CO2 eq of a non-GHG block, exactly. Source: 2/CMA.3 annex paras. 9, 22(d)."""
    day = facts.first_transferred_on
    context = Context(sight.registry, date.max, date.max)
    found = authorization_of(
        books, context, host=of.party, authorization=facts.authorization or "", first_transferred_on=day
    )
    factor = None if isinstance(found, Refusal) else found.metric.factor
    assert factor is not None, "no authorization is given or accepted without a conversion"
    amount = serials.size * factor
    return amount.numerator if amount.denominator == 1 else amount


def holding_rows(sight: Sight, books: Books, *, on: date) -> Iterator[HoldingRow]:
    """The position at the year's end: authorized ITMOs in holding accounts, and those in flight, still here.

    Own units that lost their authorization before any first transfer are no ITMOs any more. Source: 4/CMA.6 para. 7.
    """
    context = Context(sight.registry, on, on)
    pieces = [
        holding
        for holding in books.all_holdings()
        if role(holding.account) in (AccountRole.HOLDING, AccountRole.PENDING) and _reportable(holding, books, context)
    ]
    for holding in _joined(pieces):
        of = unit_class(holding.unit_class)
        assert isinstance(of, UnitClass)
        yield HoldingRow(**_unit_columns(sight, books, of, holding.serials, unit_facts(holding.facts)))


def _reportable(holding: Holding, books: Books, context: Context) -> bool:
    facts = unit_facts(holding.facts)
    if facts.unit_type is not UnitType.ITMO or facts.status is Status.UNAUTHORIZED:
        return False
    of = unit_class(holding.unit_class)
    assert isinstance(of, UnitClass)
    return not revoked(books, context, host=of.party, facts=facts)


def _joined(pieces: Sequence[Holding]) -> Iterator[Holding]:
    """Adjacent blocks of the same facts as one, whatever accounts hold them."""
    current: Holding | None = None
    for piece in sorted(pieces, key=_place):
        if current is not None and _adjacent(current, piece):
            current = current._replace(last=piece.last)
        else:
            if current is not None:
                yield current
            current = piece
    if current is not None:
        yield current


def _place(holding: Holding) -> tuple[str, int]:
    return holding.unit_class, holding.serials.first


def _adjacent(left: Holding, right: Holding) -> bool:
    together = left.unit_class == right.unit_class and left.facts == right.facts
    return together and left.serials.last + 1 == right.serials.first


def authorization_row(authorization: Authorization) -> AuthorizationRow:
    """One version of one authorization. Source: 4/CMA.6 annex II table 2."""
    ghg = authorization.metric.kind is MetricKind.GHG
    definition = authorization.first_transfer_definition
    return AuthorizationRow(
        authorization_id=authorization.id,
        date_of_authorization=authorization.effective_on or authorization.authorized_on,
        cooperative_approach_id=authorization.cooperative_approach,
        authorization_version=authorization.version,
        authorized_quantity=authorization.authorized_quantity,
        metric=authorization.metric.kind.value,
        gwp_values=authorization.metric.gwp if ghg else None,
        non_ghg_metric=None if ghg else authorization.metric.name,
        sectors=authorization.sectors,
        activity_types=authorization.activity_types,
        purposes=purposes_text(authorization.purposes),
        authorized_party_ids=authorization.authorized_parties,
        authorized_entity_ids=authorization.authorized_entities,
        oimp_authorized=authorization.oimp_detail or None if OIMP & set(authorization.purposes) else None,
        authorized_timeframe=_timeframe(authorization),
        authorization_terms=_terms(authorization),
        first_transfer_definition=None if definition is None else _DEFINITIONS[definition],
        additional_explanatory_information=_explained(authorization),
    )


def _timeframe(authorization: Authorization) -> str:
    """One span of vintages, as the field has it; a gap in them stands in the explanation."""
    occurred = f"Occurred: from {min(authorization.vintages)} to {max(authorization.vintages)}"
    if authorization.last_use_on is None:
        return occurred
    start = authorization.valid_from or authorization.authorized_on
    return f"{occurred}. Use: from {start:%d/%m/%Y} to {authorization.last_use_on:%d/%m/%Y}"


def _terms(authorization: Authorization) -> str | None:
    """How the authorization may change, and that it may after first transfer, where its terms provide for that."""
    reaches = REACHES_FIRST_TRANSFERRED if authorization.terms_allow_change_after_first_transfer else ""
    parts = [part for part in (authorization.change_circumstances, authorization.change_process, reaches) if part]
    return " ".join(parts) or None


def _explained(authorization: Authorization) -> str | None:
    """No column says what a version reaches, or that it is the revocation: the explanation does, in that order.

    Source: 4/CMA.6 paras. 7-8, 10.
    """
    told: list[str] = [SPARES_FIRST_TRANSFERRED] if authorization.only_untransferred else []
    if authorization.state is AuthorizationState.REVOKED:
        since = authorization.effective_on or authorization.authorized_on
        told.append(f"Revoked with effect from {since:%d/%m/%Y}: {authorization.reason}")
    vintages = sorted(set(authorization.vintages))
    if vintages and vintages != list(range(vintages[0], vintages[-1] + 1)):
        told.append(f"Vintages: {', '.join(map(str, vintages))}")
    if authorization.estimated:
        told.append(f"Quantity estimated in advance; confirmed so far: {authorization.confirmed_quantity or 0}")
    assumed = _assumed(authorization)
    return "; ".join([*told, *([assumed] if assumed else [])])[:1000] or None


def _assumed(authorization: Authorization) -> str | None:
    if not authorization.assumed:
        return None
    return f"{DEMONSTRATION_NOTE}; assumed · 假定: {', '.join(authorization.assumed)}"[:1000]


def entity_rows(sight: Sight, authorizations: Sequence[Authorization]) -> Iterator[EntityRow]:
    """The authorized entities of each approach, from the latest version that names them.

    Source: 4/CMA.6 annex II table 5.
    """
    latest = {
        (each, authorization.cooperative_approach): authorization
        for authorization in authorizations
        for each in authorization.authorized_entities
    }
    for (entity, approach), authorization in sorted(latest.items()):
        known = sight.record(ENTITY, entity)
        yield EntityRow(
            date_of_authorization=authorization.authorized_on,
            authorized_entity_name=known["name"],
            authorized_entity_country_of_incorporation=known["country"],
            authorized_entity_id=entity,
            cooperative_approach_id=approach,
            authorized_entity_change_conditions=_terms(authorization),
            additional_explanatory_information=DEMONSTRATION_NOTE if sight.registry.demonstration else None,
        )
