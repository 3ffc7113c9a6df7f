"""How one act, authorization, holding or entity becomes rows of the AEF.

A row covers one homogeneous block: same approach, authorization, host, vintage, metric and mitigation type.
Source: 4/CMA.6 annex II; rulebook section 1.6.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from counterfoil.application.command import Context
from counterfoil.application.commands.foreign import authorization_of, revoked
from counterfoil.application.queries.aef_kind_of import Kind, ended_at_birth, from_mechanism, kind_of, used_on_arrival
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts, unit_facts
from counterfoil.domain.activities.activity import ENTITY
from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationState
from counterfoil.domain.federation.mechanism import FORWARDED_TO
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import IN_MECHANISM, AccountRole, role
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.ledger.entry import JournalEntry
from counterfoil.domain.reporting.aef_rows import ActionRow, AuthorizationRow, EntityRow, HoldingRow
from counterfoil.domain.reporting.aef_terms import REACHES_FIRST_TRANSFERRED, SPARES_FIRST_TRANSFERRED
from counterfoil.domain.units.identifier import UnitClass, identifier, unit_class
from counterfoil.domain.units.metric import MetricKind
from counterfoil.domain.units.purpose import OIMP, FirstTransferDefinition, purposes_text
from counterfoil.domain.units.serials import SerialRange
from counterfoil.domain.units.unit_type import MitigationType, UnitType

DEMONSTRATION_NOTE: Final = "Demonstration: simulated acts · 示範：模擬行為"
_MITIGATION: Final = {MitigationType.REDUCTION: "Emission reductions", MitigationType.REMOVAL: "Removals"}
_BY_LETTER: Final = frozenset({Trigger.AUTHORIZATION.value, Trigger.ISSUANCE.value})
_DEFINITIONS: Final = {
    FirstTransferDefinition.AUTHORIZATION: "Authorization",
    FirstTransferDefinition.ISSUANCE: "Issuance",
    FirstTransferDefinition.USE_OR_CANCELLATION: "Use or cancellation",
}


def action_rows(sight: Sight, books: Books, journal_entry: JournalEntry) -> Iterator[ActionRow]:
    """The rows of Table 3 that one entry gives, from the books as they stand after it."""
    for of, serials, facts in _touched(books, journal_entry):
        # Units of another Party may carry the flag from here, but the first transfer is a row of their host alone.
        flagged = of.party == sight.registry.party and _flagged(journal_entry, of, serials)
        kind = kind_of(sight.registry.party, books, journal_entry, facts, flagged=flagged)
        if kind is not None and kind.transferring is not None:
            kind = from_mechanism(sight.registry.party, kind, books, of)
        if kind is not None:
            yield _action(sight, journal_entry, _unit_columns(sight, books, of, serials, facts), kind)
        ended = ended_at_birth(sight.registry.party, journal_entry, serials, facts)
        ended = ended or used_on_arrival(sight.registry.party, journal_entry, serials)
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
        if "first_transferred_on" in change.facts or FORWARDED_TO in change.facts
    ]
    for key, first, last in spans:
        of = unit_class(key)
        assert isinstance(of, UnitClass)
        for holding in books.holdings(key, first, last):
            facts = unit_facts(holding.facts)
            if facts.unit_type is UnitType.ITMO and facts.status is not Status.UNAUTHORIZED:
                yield of, holding.serials, facts


def _action(sight: Sight, journal_entry: JournalEntry, units: dict[str, Any], kind: Kind) -> ActionRow:
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
    pieces = [holding for holding in books.all_holdings() if _is_held(holding) and _reportable(holding, books, context)]
    for holding in _joined(pieces):
        of = unit_class(holding.unit_class)
        assert isinstance(of, UnitClass)
        yield HoldingRow(**_unit_columns(sight, books, of, holding.serials, unit_facts(holding.facts)))


def _is_held(holding: Holding) -> bool:
    """In an account here, or in the mechanism registry: first transferred there by their letter, and not gone yet."""
    if holding.account == IN_MECHANISM:
        return holding.facts["first_transfer_trigger"] in _BY_LETTER and FORWARDED_TO not in holding.facts
    return role(holding.account) in (AccountRole.HOLDING, AccountRole.PENDING)


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
