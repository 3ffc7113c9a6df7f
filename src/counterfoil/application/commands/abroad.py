"""Move units to another Party's book: proposed here, accepted there, final here, then there.

The commit point is this book's final entry: until then the units stand in its `pending` account and in nobody else's;
the other book makes them its holder's only against the signed receipt of that entry. A first transfer adds to the
host's balance when it becomes final, not before.

Source: 2/CMA.3 annex paras. 2, 8(a), 29; 6/CMA.4 annex I paras. 9-10; ADR-0007.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, Units, later, record, stored
from counterfoil.application.commands.clearance import cleared, may_go
from counterfoil.application.commands.contested import contested
from counterfoil.application.commands.covering import covering
from counterfoil.application.commands.crediting import halted
from counterfoil.application.commands.first_transferring import FirstTransferring, admissible, counts, timely, together
from counterfoil.application.commands.foreign import authorization_of
from counterfoil.application.commands.moved_abroad import pulled_abroad
from counterfoil.application.commands.open_account import holding_open
from counterfoil.application.commands.reach import Piece, Reached, reach
from counterfoil.application.commands.retire_there import RetireThere, retirable
from counterfoil.application.commands.telling_hosts import flagged_for, goes_home, host_can_add, tellable, telling_move
from counterfoil.domain.accounting.first_transfer import FirstTransferFault, Trigger
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts, unit_facts
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.coverage import addresses, covers
from counterfoil.domain.federation.link import ANSWER_HOURS_MAX, PARTNER, Partner, moves_units
from counterfoil.domain.federation.notice import is_notice
from counterfoil.domain.kernel.ids import TRANSFER as TRANSFER_ID
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.instant import utc_ms, utc_text
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import pending, went_to
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Move
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import UnitType

TRANSFER: Final = "transfer"
PARTS_MAX: Final = 32
_HOUR_MS: Final = 3_600_000


class AbroadFault(StrEnum):
    ID_UNREADABLE = "transfer.id_unreadable"
    PARTNER_UNKNOWN = "transfer.partner_unknown"
    ALREADY_PROPOSED = "transfer.already_proposed"
    UNKNOWN = "transfer.unknown"
    NOT_OPEN = "transfer.not_open"
    NOT_AN_ITMO = "transfer.not_an_itmo"
    MIXED = "transfer.mixed"
    HOST_MUST_RECORD = "transfer.host_must_record"
    PARTS = "transfer.parts"
    OTHER_PARTNER = "transfer.other_partner"
    CHANGED_ON_THE_WAY = "transfer.changed_on_the_way"
    EXPIRY = "transfer.expiry"
    NOT_EXPIRED = "transfer.not_expired"
    NO_ANSWER = "transfer.no_answer"
    CONFIRMED = "transfer.confirmed"
    NAME_OF_ANOTHER = "transfer.name_of_another"


class TransferState(StrEnum):
    """How far a transfer is. All but the first three are ends."""

    PROPOSED = "proposed"
    OFFERED = "offered"
    """Proposed by the partner, sound, and waiting here for a person's consent."""
    ACCEPTED = "accepted"
    FINAL = "final"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"
    """Refused, expired or withdrawn: what older entries say, which did not tell them apart."""


@dataclass(frozen=True, slots=True)
class TransferRecord:
    """A transfer as one book sees it. `trigger` is set when it is a first transfer.

    `expires_at` (UTC) ends the offer, `confirmed_on` says when the source had the other book's receipt. `by_hand` says
    that a person here consented to it, refused it, or is to.
    """

    id: TransferId
    direction: str
    partner: Party
    state: TransferState
    parts: tuple[Units, ...]
    source: str
    target: str
    proposed_on: date
    trigger: str | None = None
    entity: str | None = None
    final_on: date | None = None
    reason: str = ""
    expires_at: str = ""
    confirmed_on: date | None = None
    retire: RetireThere | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeTransfer(Command):
    """Propose to move units to an account of a partner registry; a first transfer where the units have not had one.

    `expires_at` (UTC, `2026-11-22T09:30:00Z`) ends the offer; left out, the hours that the link allows for an answer.
    With `retire` the partner uses the units towards its NDC in the entry that acquires them.
    """

    transfer: TransferId
    partner: Party
    parts: tuple[Units, ...]
    source: str
    target: str
    entity: str | None = None
    expires_at: str = later("")
    retire: RetireThere | None = later(default=None)


def propose_transfer(command: ProposeTransfer, books: Books, context: Context) -> Entry | Refusal:
    """Reserve the units. The authorization in force on the day must cover Party, entity, vintage, use and quantity.

    Source: 4/CMA.6 paras. 5, 11; 2/CMA.3 annex paras. 2(a), 20(a).
    """
    partner = stored(books, PARTNER, command.partner, Partner)
    if partner is None:
        return Refusal(AbroadFault.PARTNER_UNKNOWN, {"partner": command.partner})
    refusal = _proposable(command, books) or moves_units(partner) or retirable(command.retire, context)
    if refusal is not None:
        return refusal
    expires_at = _expiry(command, partner, context)
    if isinstance(expires_at, Refusal):
        return expires_at
    reached = _reach_parts(command, books, context)
    if isinstance(reached, Refusal):
        return reached
    refusal = contested(books, transfer=command.transfer, parts=command.parts)
    refusal = refusal or halted(books, context, command.parts)
    if refusal is not None:
        return refusal
    groups = _first_transfers(command, reached, books, context)
    if isinstance(groups, Refusal):
        return groups
    pieces = ((part.of, piece) for part in reached for piece in part.pieces)
    refusal = admissible(groups, books, context) or tellable(groups, pieces, books, context, to=command.partner)
    if refusal is not None:
        return refusal
    moves = tuple(
        Move(part.unit_class, part.first, part.last, command.source, pending(command.partner)) for part in command.parts
    )
    proposed = TransferRecord(
        id=command.transfer,
        direction="out",
        partner=command.partner,
        state=TransferState.PROPOSED,
        parts=command.parts,
        source=command.source,
        target=command.target,
        proposed_on=context.on,
        trigger=groups[0].trigger.value if groups else None,
        entity=command.entity,
        expires_at=expires_at,
        retire=command.retire,
    )
    return Entry(
        Act.TRANSFER_PROPOSED,
        context.on,
        moves=moves,
        records=(record(TRANSFER, command.transfer, proposed), *counts(groups, books)),
        details={"transfer": command.transfer, "partner": command.partner},
        because=groups[0].authorization.reference if groups else None,
    )


def _proposable(command: ProposeTransfer, books: Books) -> Refusal | None:
    if not TRANSFER_ID.match(command.transfer) or is_notice(command.transfer):
        return Refusal(AbroadFault.ID_UNREADABLE, {"transfer": command.transfer[:80]})
    if books.record(TRANSFER, command.transfer) is not None:
        return Refusal(AbroadFault.ALREADY_PROPOSED, {"transfer": command.transfer})
    if not 1 <= len(command.parts) <= PARTS_MAX:
        return Refusal(AbroadFault.PARTS, {"parts": len(command.parts), "parts_max": PARTS_MAX})
    return holding_open(books, command.source)


def _expiry(command: ProposeTransfer, partner: Partner, context: Context) -> str | Refusal:
    """When the offer ends, in UTC; empty where neither the act nor the link says so."""
    now_ms = context.now_ms()
    if not command.expires_at:
        return utc_text(now_ms + partner.answer_hours * _HOUR_MS) if partner.answer_hours else ""
    ends = utc_ms(command.expires_at)
    if ends is None or not now_ms < ends <= now_ms + ANSWER_HOURS_MAX * _HOUR_MS:
        return Refusal(AbroadFault.EXPIRY, {"expires_at": command.expires_at[:40], "hours_max": ANSWER_HOURS_MAX})
    return command.expires_at


def _reach_parts(command: ProposeTransfer, books: Books, context: Context) -> list[Reached] | Refusal:
    reached: list[Reached] = []
    for part in command.parts:
        found = reach(books, part, account=command.source, on=context.on)
        if isinstance(found, Refusal):
            return found
        first, last = found.first, found.last
        if any(each.first <= last and first <= each.last and each.of.key == found.of.key for each in reached):
            return Refusal(AbroadFault.PARTS, {"parts": len(command.parts), "parts_max": PARTS_MAX})
        reached.append(found)
    return reached


def _first_transfers(
    command: ProposeTransfer, reached: list[Reached], books: Books, context: Context
) -> list[FirstTransferring] | Refusal:
    """The parts that this move makes first transferred: all of them or none."""
    groups: list[FirstTransferring] = []
    plain = 0
    going = _Going(command, books, context)
    for part in reached:
        for piece in part.pieces:
            found = going.movable(part.of, piece)
            if isinstance(found, Refusal):
                return found
            authorization, pulled = found
            if pulled is None:
                plain += 1
            else:
                groups.append(FirstTransferring(part.of, (piece,), authorization, pulled))
    if groups and plain:
        return Refusal(AbroadFault.MIXED, {"transfer": command.transfer})
    return together(groups)


class _Going:
    """Whether pieces may go to a partner: what is the same for all units of a lot is asked once for all its pieces."""

    def __init__(self, command: ProposeTransfer | TransferRecord, books: Books, context: Context) -> None:
        self._command, self._books, self._context = command, books, context
        self._known: dict[tuple[str, int], tuple[UnitFacts, tuple[Authorization, Trigger | None]]] = {}

    def movable(self, of: UnitClass, piece: Piece) -> tuple[Authorization, Trigger | None] | Refusal:
        """The authorization under which a piece may go, and what makes this its first transfer, if it is that."""
        facts, books, context = piece.facts, self._books, self._context
        known = self._known.get((of.key, id(facts)))
        if known is None:
            found = _movable(self._command, of, piece, books, context)
            if isinstance(found, Refusal):
                return found
            # The facts stay beside their number, so that it is not given to others meanwhile.
            known = self._known[of.key, id(facts)] = facts, found
        if facts.status is Status.FIRST_TRANSFERRED or of.party != context.registry.party:
            return known[1]
        refusal = cleared(books, context, activity=facts.activity, vintage=of.vintage, of=of, serials=piece.serials)
        return refusal or known[1]


def _movable(
    command: ProposeTransfer | TransferRecord, of: UnitClass, piece: Piece, books: Books, context: Context
) -> tuple[Authorization, Trigger | None] | Refusal:
    """What is the same for all units of a lot, in the order in which it is asked; serials only name them."""
    facts, known = piece.facts, {"units": f"{of.key} {piece.serials}"}
    if facts.unit_type is not UnitType.ITMO or of.vintage is None:
        return Refusal(AbroadFault.NOT_AN_ITMO, known)
    if facts.authorization is None:
        return Refusal(FirstTransferFault.NOT_AUTHORIZED, known)
    authorization = authorization_of(
        books,
        context,
        host=of.party,
        authorization=facts.authorization,
        first_transferred_on=facts.first_transferred_on,
    )
    if isinstance(authorization, Refusal) or goes_home(of, command.partner, context):
        return authorization if isinstance(authorization, Refusal) else (authorization, None)
    cover = covering(of, facts, on=context.on, party=command.partner, entity=command.entity)
    barred = may_go(books, context, of=of, authorization=authorization, partner=command.partner)
    if facts.status is Status.FIRST_TRANSFERRED:
        return addresses(authorization, cover) or barred or (authorization, None)
    pulled = pulled_abroad(of, authorization, partner=command.partner, books=books, context=context)
    if pulled is not None and not host_can_add(of, books, context):
        # Only the host's own book adds to the host's balance: a first transfer out of another book would be lost to it.
        return Refusal(AbroadFault.HOST_MUST_RECORD, {**known, "host": of.party})
    if pulled is not None and Purpose.NDC in authorization.purposes:
        cover = replace(cover, purpose=Purpose.NDC)
    return covers(authorization, cover) or barred or (authorization, pulled)


def groups_of(transfer: TransferRecord, books: Books, context: Context) -> list[FirstTransferring]:
    """The first transfers of a proposed transfer, as they stood when it was proposed."""
    if transfer.trigger is None:
        return []
    groups: list[FirstTransferring] = []
    letters: dict[tuple[str, str], Authorization] = {}
    for of, piece in standing(transfer, books):
        named = of.party, piece.facts.authorization or ""
        if named not in letters:
            found = authorization_of(books, context, host=named[0], authorization=named[1])
            assert isinstance(found, Authorization)
            letters[named] = found
        groups.append(FirstTransferring(of, (piece,), letters[named], Trigger(transfer.trigger)))
    return together(groups)


def standing(transfer: TransferRecord, books: Books) -> Iterator[tuple[UnitClass, Piece]]:
    """The units of a transfer as they stand in this book, with their class."""
    for part in transfer.parts:
        of = unit_class(part.unit_class)
        assert isinstance(of, UnitClass)
        for holding in books.holdings(part.unit_class, part.first, part.last):
            yield of, Piece(holding.serials, unit_facts(holding.facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleTransfer(Command):
    """Make a proposed transfer final after the partner's signed acceptance, whose digest is kept."""

    transfer: TransferId
    acceptance: str


def settle_transfer(command: SettleTransfer, books: Books, context: Context) -> Entry | Refusal:
    """The units leave this book; a first transfer adds to the balance in the years of the vintages, or tells the host.

    A hold that was placed while they were in flight keeps them here: release it, or take the proposal back. So does an
    authorization that was revoked, has ended, no longer names the Party or would make another act of it, and an
    agreement that has ended: they must stand when the units go.

    Source: 2/CMA.3 annex paras. 2(a), 8(a); 4/CMA.6 paras. 7, 11, 12, 40.
    """
    transfer = open_transfer(books, command.transfer, direction="out", state=TransferState.PROPOSED)
    if isinstance(transfer, Refusal):
        return transfer
    for part in transfer.parts:
        for hold in books.holds(part.unit_class, part.first, part.last):
            facts = {"units": f"{part.unit_class} {part.first}..{part.last}", "account": pending(transfer.partner)}
            return Refusal(UnitsFault.ON_HOLD, {**facts, "hold": hold.key, "reason": hold.reason})
    groups = groups_of(transfer, books, context)
    refusal = contested(books, transfer=transfer.id, parts=transfer.parts)
    refusal = refusal or halted(books, context, transfer.parts)
    refusal = refusal or _still_goes(groups, transfer, books, context)
    if refusal is not None:
        return refusal
    flagged = flagged_for(groups, context)
    final = replace(transfer, state=TransferState.FINAL, final_on=context.on)
    moves = tuple(
        Move(part.unit_class, part.first, part.last, pending(transfer.partner), went_to(transfer.partner))
        for part in transfer.parts
    )
    entry = Entry(
        Act.FIRST_TRANSFERRED if groups else Act.TRANSFERRED_ABROAD,
        context.on,
        moves=moves,
        facts=flagged.facts,
        postings=flagged.postings,
        records=(record(TRANSFER, transfer.id, final),),
        details={"transfer": transfer.id, "partner": transfer.partner, "acceptance": command.acceptance},
        because=groups[0].authorization.reference if groups else None,
    )
    return telling_move(entry, groups, standing(transfer, books), books, context, to=transfer.partner)


def _still_goes(
    groups: list[FirstTransferring], transfer: TransferRecord, books: Books, context: Context
) -> Refusal | None:
    """All that was asked when it was proposed, and that it is a first transfer now if it was to be one."""
    going = _Going(transfer, books, context)
    # The groups hold all its units, where it is a first transfer.
    for of, piece in [(group.of, piece) for group in groups for piece in group.pieces] or standing(transfer, books):
        found = going.movable(of, piece)
        if isinstance(found, Refusal):
            return found
        if found[1] != transfer.trigger:
            facts = {"transfer": transfer.id, "units": f"{of.key} {piece.serials}"}
            return Refusal(AbroadFault.CHANGED_ON_THE_WAY, facts)
    return next((late for group in groups if (late := timely(group, context)) is not None), None)


def open_transfer(books: Books, key: str, *, direction: str, state: TransferState) -> TransferRecord | Refusal:
    """A transfer of this direction in this state, or why there is none."""
    transfer = stored(books, TRANSFER, key, TransferRecord)
    if transfer is None:
        return Refusal(AbroadFault.UNKNOWN, {"transfer": key})
    if transfer.direction != direction or transfer.state is not state:
        return Refusal(AbroadFault.NOT_OPEN, {"transfer": key, "state": transfer.state.value})
    return transfer
