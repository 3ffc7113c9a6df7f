"""Which row of Table 3 an act is: the columns that depend on the act, not on the units.

Read next: `aef_rows_of.py`. Source: 4/CMA.6 annex II table 3; rulebook section 1.6.
"""

from dataclasses import dataclass, replace
from typing import Final

from counterfoil.application.command import stored
from counterfoil.application.commands.authorize import authorization_in_force
from counterfoil.application.commands.cancel import CancellationPurpose
from counterfoil.application.commands.register import MECHANISM
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts
from counterfoil.domain.federation.link import PARTNER, Partner
from counterfoil.domain.ledger.account import AccountRole, cancelled, role
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, JournalEntry
from counterfoil.domain.reporting.aef_terms import Subtype
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.purpose import OIMP, purposes_text
from counterfoil.domain.units.serials import SerialRange

_SUBTYPES: Final = {
    Trigger.INTERNATIONAL_TRANSFER: "First transfer to another Party",
    Trigger.AUTHORIZATION: "Authorization",
    Trigger.ISSUANCE: "Issuance",
    Trigger.USE_OR_CANCELLATION: "Use or cancellation",
    Trigger.OMGE: "Voluntary cancellation to deliver OMGE",
    Trigger.ADAPTATION_FUND: "Voluntary transfer to the Adaptation Fund (A6.4 ERs)",
}


_MANDATORY: Final = {
    Trigger.OMGE: "Mandatory cancellation to deliver OMGE",
    Trigger.ADAPTATION_FUND: "Mandatory transfer to the Adaptation Fund (A6.4 ERs)",
}
_LEVIED: Final = frozenset({Trigger.OMGE.value, Trigger.ADAPTATION_FUND.value})


@dataclass(frozen=True, slots=True)
class Kind:
    """The columns of an action that depend on the act, not on the units."""

    action_type: str
    action_subtype: str | None = None
    transferring: str | None = None
    acquiring: str | None = None
    oimp: str | None = None
    using: str | None = None
    entity: str | None = None
    year: int | None = None


def kind_of(own: str, books: Books, journal_entry: JournalEntry, facts: UnitFacts, *, flagged: bool) -> Kind | None:
    """The row that an act of a Party is about units with such facts; None where it is none of the AEF.

    Args:
        flagged: Whether the entry is the first transfer of these units, in the book of their host.
    """
    entry = journal_entry.entry
    partner = str(entry.details.get("partner", "")) or None
    match entry.act:
        case Act.ISSUED if flagged and facts.first_transfer_trigger in _LEVIED:
            # A levy of the law took these at their birth, which is their first transfer.
            given = facts.first_transfer_trigger == Trigger.ADAPTATION_FUND
            subtype = _contribution(journal_entry) if given else _subtype(facts)
            return Kind("First transfer", subtype, using=None if given else own)
        case Act.ISSUED | Act.UNITS_AUTHORIZED | Act.AUTHORIZATION_CHANGED if flagged:
            return Kind("First transfer", _subtype(facts), oimp=_other_purposes(books, journal_entry, facts))
        case Act.CONTRIBUTED_TO_ADAPTATION_FUND:
            kind = "First transfer" if flagged else "Transfer"
            return Kind(kind, _contribution(journal_entry), entity=_entity(journal_entry))
        case Act.FIRST_TRANSFERRED:
            return Kind("First transfer", _SUBTYPES[Trigger.INTERNATIONAL_TRANSFER], acquiring=partner)
        case Act.TRANSFERRED_ABROAD:
            return Kind("Transfer", acquiring=partner)
        case Act.ACQUIRED:
            return Kind("Acquisition", transferring=partner)
        case Act.USED_TOWARDS_NDC:
            year = entry.details["year"]
            assert isinstance(year, int)
            return Kind("Use", using=own, entity=_entity(journal_entry), year=year)
        case Act.ENDED_ABROAD if flagged:
            return _ended_there(journal_entry, facts)
        case Act.FORWARDED_THERE:
            return Kind("Transfer", acquiring=str(entry.details["to"]))
        case Act.FIRST_TRANSFERRED_THERE if flagged:
            return _in_mechanism(own, books, journal_entry, facts)
        case Act.CANCELLED:
            return _cancellation(own, journal_entry, facts, flagged=flagged)
        case _:
            return None


def ended_at_birth(own: str, journal_entry: JournalEntry, serials: SerialRange, facts: UnitFacts) -> Kind | None:
    """The cancellation of units that the law took from an issuance which was itself their first transfer."""
    if journal_entry.entry.act is not Act.ISSUED or facts.first_transfer_trigger in (None, *_LEVIED):
        return None
    target = next(move.target for move in journal_entry.entry.moves if move.first <= serials.first <= move.last)
    if role(target) is not AccountRole.TERMINAL:
        return None
    subtype = _SUBTYPES[Trigger.OMGE] if target == cancelled("omge") else "Other cancellations"
    return Kind("Cancellation", subtype, using=own)


def used_on_arrival(own: str, journal_entry: JournalEntry, serials: SerialRange) -> Kind | None:
    """The use of units in the entry that acquired them, which is a row beside that of their acquisition."""
    entry = journal_entry.entry
    if entry.act is not Act.ACQUIRED or "year" not in entry.details:
        return None
    target = next(move.target for move in entry.moves if move.first <= serials.first <= move.last)
    year = entry.details["year"]
    assert role(target) is AccountRole.TERMINAL and isinstance(year, int)
    return Kind("Use", using=own, entity=_entity(journal_entry), year=year)


def _other_purposes(books: Books, journal_entry: JournalEntry, facts: UnitFacts) -> str | None:
    """What the units may be used for other than an NDC: the purpose of a first transfer before any use.

    Source: 4/CMA.6 annex II table 3, field 22.
    """
    authorization = authorization_in_force(books, facts.authorization or "", on=journal_entry.entry.effective_on)
    found = OIMP & set(authorization.purposes) if authorization is not None else frozenset()
    return purposes_text(found) if found else None


def _cancellation(own: str, journal_entry: JournalEntry, facts: UnitFacts, *, flagged: bool) -> Kind | None:
    """A cancellation that is itself the first transfer, one after it, or one of units that never were (no row)."""
    entry = journal_entry.entry
    purpose = CancellationPurpose(str(entry.details["purpose"]))
    oimp = purpose.value if purpose in (CancellationPurpose.IMP, CancellationPurpose.OP) else None
    if facts.status is not Status.FIRST_TRANSFERRED:
        return None
    if flagged:
        return Kind("First transfer", _subtype(facts), oimp=oimp, using=own, entity=_entity(journal_entry))
    subtype = _SUBTYPES[Trigger.OMGE] if purpose is CancellationPurpose.OMGE else "Other cancellations"
    return Kind("Cancellation", subtype, oimp=oimp, using=own, entity=_entity(journal_entry))


def _ended_there(journal_entry: JournalEntry, facts: UnitFacts) -> Kind:
    """The first transfer of own units by what another Party did with them, which is named as the one that did it.

    Source: 4/CMA.6 paras. 12-13, 16-17.
    """
    details = journal_entry.entry.details
    if facts.first_transfer_trigger == Trigger.ADAPTATION_FUND:
        return Kind("First transfer", _contribution(journal_entry), entity=_entity(journal_entry))
    purpose = str(details.get("purpose", ""))
    oimp = purpose if purpose in (CancellationPurpose.IMP, CancellationPurpose.OP) else None
    using = str(details["partner"])
    return Kind("First transfer", _subtype(facts), oimp=oimp, using=using, entity=_entity(journal_entry))


def _in_mechanism(own: str, books: Books, journal_entry: JournalEntry, facts: UnitFacts) -> Kind:
    """The first transfer of own units in the mechanism registry: its share at issuance, a forwarding, or an end there.

    What the mechanism takes of each issuance is mandatory, and is the act of no other Party; what a holder gives or
    cancels there is voluntary. Source: 4/CMA.6 annex II table 3; A6.4-PROC-REGS-001 paras. 43-44, 51.
    """
    details = journal_entry.entry.details
    mandatory = details["act"] == Act.ISSUED
    using = str(details.get("using", own))
    match Trigger(facts.first_transfer_trigger or ""):
        case Trigger.INTERNATIONAL_TRANSFER as found:
            return Kind("First transfer", _SUBTYPES[found], acquiring=str(details["to"]))
        case Trigger.ADAPTATION_FUND as found:
            return Kind("First transfer", _MANDATORY[found] if mandatory else _SUBTYPES[found])
        case Trigger.OMGE as found:
            return Kind("First transfer", _MANDATORY[found] if mandatory else _SUBTYPES[found], using=using)
        case Trigger.AUTHORIZATION | Trigger.ISSUANCE as found:
            return Kind("First transfer", _SUBTYPES[found], oimp=_other_purposes(books, journal_entry, facts))
        case Trigger.USE_OR_CANCELLATION as found:
            purpose, entity = str(details.get("purpose", "")) or None, _entity(journal_entry)
            return Kind("First transfer", _SUBTYPES[found], oimp=purpose, using=using, entity=entity)


def from_mechanism(own: str, kind: Kind, books: Books, of: UnitClass) -> Kind | None:
    """An acquisition from the registry that issued the units, which is no Party: they come from their host.

    None for the host's own units, which come home by a domestic move. Source: 4/CMA.6 annex II table 3 (transferring
    Party); A6.4-PROC-REGS-001 para. 51(b).
    """
    known = None if kind.transferring is None else stored(books, PARTNER, kind.transferring, Partner)
    if known is None or known.registry != of.registry or of.cooperative_approach != MECHANISM:
        return kind
    return None if of.party == own else replace(kind, transferring=of.party)


def _contribution(journal_entry: JournalEntry) -> str:
    """The named subtype is for A6.4ERs; for other ITMOs the list has none yet. Source: 4/CMA.6 para. 16, annex II."""
    entry = journal_entry.entry
    of = unit_class(entry.moves[0].unit_class if entry.moves else entry.facts[0].unit_class)
    assert isinstance(of, UnitClass)
    return _SUBTYPES[Trigger.ADAPTATION_FUND] if of.cooperative_approach == MECHANISM else Subtype.NOT_YET_DEFINED


def _subtype(facts: UnitFacts) -> str:
    assert facts.first_transfer_trigger is not None
    return _SUBTYPES[Trigger(facts.first_transfer_trigger)]


def _entity(journal_entry: JournalEntry) -> str | None:
    entity = journal_entry.entry.details.get("entity")
    return None if entity is None else str(entity)
