"""Close a case: give up units that this registry has signed away, stand by the own book, or see that both agree.

Read before: `open_case.py`. Source: ADR-0033.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from counterfoil.application.command import Command, Context, Units, record, stored
from counterfoil.application.commands.abroad import TRANSFER, TransferRecord, TransferState
from counterfoil.application.commands.first_transferring import FirstTransferring, counts
from counterfoil.application.commands.foreign import authorization_of
from counterfoil.application.commands.open_case import CASE, CaseRecord, CaseState, Departure, freed
from counterfoil.application.commands.passed_on import passage
from counterfoil.application.commands.reach import Piece
from counterfoil.application.commands.telling_hosts import flagged_for, telling_move
from counterfoil.application.commands.witness_partner import PARTNER_LOG
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.accounting.unit_facts import Status, unit_facts
from counterfoil.domain.federation.case import CaseKind, Mender
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role, went_to
from counterfoil.domain.ledger.availability import UnitsFault, first_missing
from counterfoil.domain.ledger.books import HOLD, Books, Hold, Holding
from counterfoil.domain.ledger.entry import Act, Entry, Move, Record
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.serials import SerialRange


class CloseCaseFault(StrEnum):
    UNKNOWN = "case.unknown"
    CLOSED = "case.closed"
    OTHER_WAY = "case.other_way"
    REASON_MISSING = "case.reason_missing"
    UNITS_UNKNOWN = "case.units_unknown"
    UNITS_SPENT = "case.units_spent"
    UNITS_LEFT = "case.units_left"
    UNITS_IN_FLIGHT = "case.units_in_flight"
    EVIDENCE_MISSING = "case.evidence_missing"
    EARLIER_FIRST = "case.earlier_first"


class Closing(StrEnum):
    """How a case is closed by hand."""

    GIVE_UP = "give_up"
    """Book the departure that this registry signed and forgot."""
    PASSED_ON = "passed_on"
    """Book that units of another registry came and went, where nobody can show any more how they came."""
    OWN_BOOK = "own_book"
    """Stand by what the own book says, where the partner has proven nothing or has to mend."""
    ACCEPT_LOG = "accept_log"
    """Follow the partner's log from its beginning again, after it was cut back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase(Command):
    """Close a case by one of the ways that its kind allows, with the authority that decides and a public reason."""

    case: str
    way: Closing
    authority: str
    reason: str


def close_case(command: CloseCase, books: Books, context: Context) -> Entry | Refusal:
    """What was signed away is given up by a compensating entry; nothing is edited.

    Where the units are to be acquired here, no act closes the case: the partner's messages come again, and the next
    reconciliation finds that both agree. Source: 6/CMA.4 annex I paras. 2-3, 9-10; ADR-0033.
    """
    case = _standing(command.case, books)
    if isinstance(case, Refusal):
        return case
    if not (command.reason.strip() and command.authority.strip()):
        return Refusal(CloseCaseFault.REASON_MISSING, {"case": case.id})
    if command.way not in ways_of(case):
        ways = ", ".join(ways_of(case)) or "-"
        return Refusal(CloseCaseFault.OTHER_WAY, {"case": case.id, "way": command.way.value, "ways": ways})
    mending = command.way in (Closing.GIVE_UP, Closing.PASSED_ON)
    state = CaseState.MENDED if mending else CaseState.CLOSED
    closed = replace(
        case,
        state=state,
        way=command.way.value,
        authority=command.authority,
        reason=command.reason,
        closed_on=context.on,
    )
    if mending:
        way = _given_up if command.way is Closing.GIVE_UP else _passed_on
        return _earlier(closed, books) or way(closed, books, context)
    records = [record(CASE, case.id, closed), *freed(case, books, context.on)]
    if command.way is Closing.ACCEPT_LOG:
        unseen: dict[str, JSON] = {"size": 0, "root": "", "note": "", "on": context.on.isoformat()}
        records.append(Record(PARTNER_LOG, case.partner, unseen))
    return Entry(Act.CASE_CLOSED, context.on, records=tuple(records), details=_said(closed))


def ways_of(case: CaseRecord) -> tuple[Closing, ...]:
    """The ways by which a person may close a case."""
    if case.state is not CaseState.OPEN:
        return ()
    if case.kind is CaseKind.FORKED:
        return (Closing.ACCEPT_LOG,)
    if case.mender is not Mender.US:
        return (Closing.OWN_BOOK,)
    forgot = case.kind is CaseKind.IN_BOTH and case.departure is not None
    return (Closing.GIVE_UP, Closing.PASSED_ON) if forgot else ()


def _standing(key: str, books: Books) -> CaseRecord | Refusal:
    case = stored(books, CASE, key, CaseRecord)
    if case is None:
        return Refusal(CloseCaseFault.UNKNOWN, {"case": key[:80]})
    if case.state is CaseState.CLOSED:
        return Refusal(CloseCaseFault.CLOSED, {"case": key})
    return case


def _said(case: CaseRecord) -> dict[str, str]:
    return {
        "case": case.id,
        "partner": case.partner,
        "way": case.way,
        "authority": case.authority,
        "reason": case.reason,
        "evidence": case.evidence,
    }


def _given_up(case: CaseRecord, books: Books, context: Context) -> Entry | Refusal:
    """The entry that was lost, booked anew: the same act, about the same units, with the same first transfer."""
    assert case.departure is not None
    held = _held(case, books)
    if isinstance(held, Refusal):
        return held
    groups = _first_transfers(case.departure, held, books, context)
    if isinstance(groups, Refusal):
        return groups
    flagged = flagged_for(groups, replace(context, on=case.departure.on))
    here = went_to(case.partner)
    entry = Entry(
        Act.FIRST_TRANSFERRED if groups else Act.TRANSFERRED_ABROAD,
        context.on,
        moves=tuple(Move(each.unit_class, each.first, each.last, each.account, here) for each in held),
        facts=flagged.facts,
        postings=flagged.postings,
        records=(
            record(CASE, case.id, case),
            *freed(case, books, context.on),
            *_transfer(replace(case, units=_units(held)), case.departure, groups, books, context),
        ),
        details={**_said(case), "transfer": case.departure.transfer, "lost_entry": case.departure.entry},
        because=groups[0].authorization.reference if groups else None,
    )
    return telling_move(entry, groups, map(_piece, held), books, context, to=case.partner)


def _piece(holding: Holding) -> tuple[UnitClass, Piece]:
    of = unit_class(holding.unit_class)
    assert isinstance(of, UnitClass)
    return of, Piece(holding.serials, unit_facts(holding.facts))


def _passed_on(case: CaseRecord, books: Books, context: Context) -> Entry | Refusal:
    """The entry moves units into no holding, and is no transfer of its own: it makes two lost ones good."""
    assert case.departure is not None
    moves = passage(case.units, case.partner, books, context)
    if isinstance(moves, Refusal):
        return moves
    return Entry(
        Act.CASE_CLOSED,
        context.on,
        moves=moves,
        records=(
            record(CASE, case.id, case),
            *freed(case, books, context.on),
            *_transfer(case, case.departure, (), books, context),
        ),
        details={**_said(case), "transfer": case.departure.transfer, "lost_entry": case.departure.entry},
    )


def _earlier(case: CaseRecord, books: Books) -> Refusal | None:
    """What was lost is booked in the order in which it was: units went to one partner before they went to the next."""
    assert case.departure is not None
    for units in case.units:
        for other in _cases_over(units, case, books):
            if other.departure is not None and other.departure.entry < case.departure.entry:
                return Refusal(CloseCaseFault.EARLIER_FIRST, {"case": case.id, "earlier": other.id})
    return None


def _held(case: CaseRecord, books: Books) -> list[Holding] | Refusal:
    """Where the units stand. What is used up or has gone on must be taken back first, and a person's hold released.

    Some of them may have left for the partner meanwhile, by the very entry that was thought lost: those are left out.
    """
    found: list[Holding] = []
    gone: list[Holding] = []
    for units in case.units:
        facts = {"case": case.id, "units": f"{units.unit_class} {SerialRange(units.first, units.last)}"}
        holdings = books.holdings(units.unit_class, units.first, units.last)
        missing = first_missing(units.first, units.last, holdings)
        if missing is not None:
            return Refusal(CloseCaseFault.UNITS_UNKNOWN, {**facts, "serial": missing})
        for holding in holdings:
            stands = role(holding.account)
            if stands is AccountRole.TERMINAL:
                return Refusal(CloseCaseFault.UNITS_SPENT, {**facts, "account": holding.account})
            if holding.account == went_to(case.partner) and not _awaited(case, holding, books):
                gone.append(holding)
            elif stands is AccountRole.ABROAD:
                return Refusal(CloseCaseFault.UNITS_LEFT, {**facts, "account": holding.account})
            if stands is AccountRole.PENDING and not _of_its_transfer(case, holding, books):
                return Refusal(CloseCaseFault.UNITS_IN_FLIGHT, {**facts, "account": holding.account})
        found += [holding for holding in holdings if holding not in gone]
        held = [each for each in books.holds(units.unit_class, units.first, units.last) if not _of_a_case(each, books)]
        if held and any(holding not in gone for holding in holdings):
            return Refusal(UnitsFault.ON_HOLD, {**facts, "account": "-", "hold": held[0].key, "reason": held[0].reason})
    if not found:
        return Refusal(CloseCaseFault.UNITS_LEFT, {**facts, "account": went_to(case.partner)})
    return found


def _of_a_case(hold: Hold, books: Books) -> bool:
    return "case" in books.record(HOLD, hold.key)


def _cases_over(units: Units | Holding, case: CaseRecord, books: Books) -> list[CaseRecord]:
    """The other cases that stand over units, by the holds that they have placed."""
    holds = books.holds(units.unit_class, units.first, units.last)
    names = {str(books.record(HOLD, hold.key).get("case", "")) for hold in holds}
    found = [stored(books, CASE, name, CaseRecord) for name in sorted(names - {"", case.id})]
    return [each for each in found if each is not None and each.state is CaseState.OPEN]


def _awaited(case: CaseRecord, holding: Holding, books: Books) -> bool:
    """Whether units that left for the partner must come back from it first, by what this book has lost, too."""
    return any(
        each.kind is CaseKind.IN_NEITHER and each.partner == case.partner for each in _cases_over(holding, case, books)
    )


def _of_its_transfer(case: CaseRecord, holding: Holding, books: Books) -> bool:
    """Whether units in flight are so by the very transfer that this registry has forgotten to have made final."""
    assert case.departure is not None
    known = stored(books, TRANSFER, case.departure.transfer, TransferRecord)
    return (
        known is not None
        and (known.direction, known.partner, known.state) == ("out", case.partner, TransferState.PROPOSED)
        and any(
            part.unit_class == holding.unit_class and part.first <= holding.first and holding.last <= part.last
            for part in known.parts
        )
    )


def _units(held: Sequence[Holding]) -> tuple[Units, ...]:
    return tuple(Units(each.unit_class, each.first, each.last) for each in held)


def _first_transfers(
    departure: Departure, held: Sequence[Holding], books: Books, context: Context
) -> list[FirstTransferring] | Refusal:
    groups: list[FirstTransferring] = []
    for holding in held if departure.trigger is not None else ():
        facts = unit_facts(holding.facts)
        if facts.status is Status.FIRST_TRANSFERRED:
            continue
        of = unit_class(holding.unit_class)
        assert isinstance(of, UnitClass) and departure.trigger is not None
        letter = authorization_of(books, context, host=of.party, authorization=facts.authorization or "")
        if isinstance(letter, Refusal):
            return letter
        piece = Piece(holding.serials, facts)
        groups.append(FirstTransferring(of, (piece,), letter, Trigger(departure.trigger)))
    return groups


def _transfer(
    case: CaseRecord, departure: Departure, groups: Sequence[FirstTransferring], books: Books, context: Context
) -> list[Record]:
    """The transfer is final. One that stood proposed was counted then; of one in part given up, the rest stands on."""
    known = stored(books, TRANSFER, departure.transfer, TransferRecord)
    final = TransferRecord(
        id=TransferId(departure.transfer),
        direction="out",
        partner=case.partner,
        state=TransferState.FINAL,
        parts=case.units,
        source=case.partner,
        target=case.partner,
        proposed_on=departure.on,
        trigger=departure.trigger,
        final_on=context.on,
        reason=case.id,
    )
    if known is None:
        return [record(TRANSFER, final.id, final), *counts(groups, books)]
    if known.direction != "out" or known.partner != case.partner:
        return [*counts(groups, books)]
    if known.state is not TransferState.PROPOSED:
        final = replace(known, state=TransferState.FINAL, final_on=context.on, reason=case.id)
        return [record(TRANSFER, known.id, final), *counts(groups, books)]
    rest = without_units(known.parts, case.units)
    final = replace(known, state=TransferState.FINAL, final_on=context.on, reason=case.id)
    return [record(TRANSFER, known.id, replace(known, parts=rest) if rest else final)]


def without_units(parts: Sequence[Units], others: Sequence[Units]) -> tuple[Units, ...]:
    """The parts without the units of others."""
    left = [(part.unit_class, SerialRange(part.first, part.last)) for part in parts]
    for other in others:
        taken = SerialRange(other.first, other.last)
        left = [
            (of, piece) for of, span in left for piece in (span.minus(taken) if of == other.unit_class else (span,))
        ]
    return tuple(Units(of, span.first, span.last) for of, span in left)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCase(Command):
    """Close a case because both books say the same of its units now: `evidence` is the partner's signed answer."""

    case: str
    evidence: str
    partner_entry: int | None = None


def confirm_case(command: ConfirmCase, books: Books, context: Context) -> Entry | Refusal:
    """Both books' closing entries so refer to each other. Source: ADR-0033."""
    case = _standing(command.case, books)
    if isinstance(case, Refusal):
        return case
    if not DIGEST.match(command.evidence):
        return Refusal(CloseCaseFault.EVIDENCE_MISSING, {"case": case.id})
    closed = replace(
        case,
        state=CaseState.CLOSED,
        way=case.way or "agreed",
        closed_on=context.on,
        closing_evidence=command.evidence,
        partner_entry=command.partner_entry,
    )
    holds = freed(case, books, context.on) if case.state is CaseState.OPEN else []
    details = {"case": case.id, "partner": case.partner, "way": "agreed", "evidence": command.evidence}
    return Entry(
        Act.CASE_CLOSED,
        context.on,
        records=(record(CASE, case.id, closed), *holds),
        details=details if command.partner_entry is None else {**details, "partner_entry": command.partner_entry},
    )
