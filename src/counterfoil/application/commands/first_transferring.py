"""What a first transfer adds to an entry: the flag on the units, the adjustment, and the authorization's count."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from counterfoil.application.command import REGISTRY, SELF, Context, Registry, stored
from counterfoil.application.commands.authorize import FIRST_TRANSFERRED_QUANTITY, first_transferred_quantity
from counterfoil.application.commands.choose_method import open_for
from counterfoil.application.commands.foreign import foreign_key
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


def together(groups: Sequence[FirstTransferring]) -> list[FirstTransferring]:
    """The same units in the same order, neighbours of one class, letter and trigger in one group."""
    pieces: list[list[Piece]] = []
    firsts: list[FirstTransferring] = []
    for group in groups:
        first = firsts[-1] if firsts else None
        if (
            first is not None
            and first.of is group.of
            and first.authorization is group.authorization
            and first.trigger is group.trigger
        ):
            pieces[-1].extend(group.pieces)
        else:
            firsts.append(group)
            pieces.append(list(group.pieces))
    return [replace(first, pieces=tuple(some)) for first, some in zip(firsts, pieces, strict=True)]


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
        key = counted_under(group.authorization, books)
        asked[key] = asked.get(key, 0) + group.quantity
        known = first_transferred_quantity(books, key)
        refusal = headroom(group.authorization, first_transferred=known, asked=asked[key])
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
        key = counted_under(group.authorization, books)
        known = counted.get(key, first_transferred_quantity(books, key))
        counted[key] = known + sign * group.quantity
    return tuple(Record(FIRST_TRANSFERRED_QUANTITY, key, total) for key, total in counted.items())


def counted_under(letter: Authorization, books: Books) -> str:
    """The key of a letter's count. In a book that issues for several hosts, two of them may use the same name."""
    own = stored(books, REGISTRY, SELF, Registry)
    return letter.id if own is None or own.party == letter.host else foreign_key(letter.host, letter.id)
