"""What a first transfer adds to an entry: the flag on the units, the adjustment, and the authorization's count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from counterfoil.application.command import Context
from counterfoil.application.commands.authorize import FIRST_TRANSFERRED_QUANTITY, first_transferred_quantity
from counterfoil.application.commands.choose_method import open_for
from counterfoil.application.commands.reach import Piece
from counterfoil.domain.accounting.adjustment import Closing, first_transfer_postings
from counterfoil.domain.accounting.first_transfer import Trigger, in_time
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.coverage import headroom
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import FactChange, Posting, Record
from counterfoil.domain.units.identifier import UnitClass


@dataclass(frozen=True, slots=True)
class FirstTransferring:
    """Units of one class under one authorization that become first transferred together."""

    of: UnitClass
    pieces: Sequence[Piece]
    authorization: Authorization
    trigger: Trigger

    @property
    def quantity(self) -> int:
        return sum(piece.serials.size for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Effects:
    """The parts of an entry that make units first transferred."""

    facts: tuple[FactChange, ...] = ()
    postings: tuple[Posting, ...] = ()
    records: tuple[Record, ...] = ()


def admissible(groups: Sequence[FirstTransferring], books: Books, context: Context) -> Refusal | None:
    """Whether the authorized quantity leaves room for all groups together, and the deadline for other purposes is kept.

    Source: 4/CMA.6 paras. 5(h), 14.
    """
    asked: dict[str, int] = {}
    for group in groups:
        asked[group.authorization.id] = asked.get(group.authorization.id, 0) + group.quantity
        refusal = headroom(
            group.authorization,
            first_transferred=first_transferred_quantity(books, group.authorization.id),
            asked=asked[group.authorization.id],
        )
        if refusal is not None:
            return refusal
        late = timely(group, context) or open_for(books, context.registry, group.of.vintage or 0)
        if late is not None:
            return late
    return None


def timely(group: FirstTransferring, context: Context) -> Refusal | None:
    """Whether the deadline for other purposes is kept on the day. Source: 4/CMA.6 para. 14."""
    period = context.registry.period_of(group.of.vintage or 0)
    if period is None:
        return None
    purposes = group.authorization.purposes
    return in_time(group.trigger, on=context.on, final_btr_year=period.final_btr_year, purposes=purposes)


def effects(groups: Sequence[FirstTransferring], books: Books, *, on: date, closing: Closing | None = None) -> Effects:
    """Flag the units, add to the host's balance in the year of each vintage, and count under each authorization."""
    flagged = flags(groups, on=on, closing=closing)
    return Effects(flagged.facts, flagged.postings, counts(groups, books))


def flags(groups: Sequence[FirstTransferring], *, on: date, closing: Closing | None = None) -> Effects:
    """Flag the units and add to the host's balance, where the authorization's count was taken before."""
    facts: list[FactChange] = []
    postings: list[Posting] = []
    for group in groups:
        assert group.of.vintage is not None
        flag = {"first_transferred_on": on.isoformat(), "first_transfer_trigger": group.trigger.value}
        for piece in group.pieces:
            facts.append(FactChange(group.of.key, piece.serials.first, piece.serials.last, flag))
            postings.extend(
                first_transfer_postings(
                    party=group.authorization.host,
                    vintage=group.of.vintage,
                    quantity=piece.serials.size,
                    commodity=piece.facts.metric.commodity,
                    closing=closing,
                )
            )
    return Effects(tuple(facts), tuple(postings))


def counts(groups: Sequence[FirstTransferring], books: Books, *, sign: int = 1) -> tuple[Record, ...]:
    """The authorizations' counts of first transferred units after these groups (or, with sign -1, without them)."""
    counted: dict[str, int] = {}
    for group in groups:
        known = counted.get(group.authorization.id, first_transferred_quantity(books, group.authorization.id))
        counted[group.authorization.id] = known + sign * group.quantity
    return tuple(Record(FIRST_TRANSFERRED_QUANTITY, key, total) for key, total in counted.items())
