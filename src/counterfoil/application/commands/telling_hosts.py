"""First transfers in a book that is not the host's: flagged here, told to the host, and added in the host's book alone.

Only the registry that issued the units does so, and only where it can tell the host: the mechanism registry. Read next:
`first_transferred_there.py`, which is the host's side. Source: 2/CMA.3 annex para. 8(a); A6.4-PROC-REGS-001 paras.
50-52; ADR-0036.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from counterfoil.application.command import Context
from counterfoil.application.commands.ending_foreign import ended_here, own_and_foreign, telling_host
from counterfoil.application.commands.first_transferring import Effects, FirstTransferring, flags
from counterfoil.application.commands.foreign import authorization_of
from counterfoil.application.commands.notifying import notifying, told_to
from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.commands.reach import Piece
from counterfoil.domain.accounting.adjustment import Closing
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.federation.mechanism import MECHANISM
from counterfoil.domain.federation.notice import NoticeFault, NoticeKind
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry
from counterfoil.domain.units.identifier import UnitClass

TOLD_MAX: Final = 24
"""Ranges in a notice: with what each unit is, the host's entry stays below the bound of a leaf."""
TO: Final = "to"
"""The member of a notice that names the Party to which the units went; empty where they went to none."""
ACT: Final = "act"
"""The member that names the act there: what the mechanism's rules took of an issuance is told from what was given."""
USING: Final = "using"
"""The member that names the Party under which the account stood from which units were used or cancelled."""
UNITS: Final = "units"

Pieces = Iterable[tuple[UnitClass, Piece]]
"""Units with their class, in order."""


class ToldUnits(NamedTuple):
    """Units of one kind in a notice: what the host needs to find its own activity and letter."""

    unit_class: str
    first: int
    last: int
    activity: str
    authorization: str
    trigger: str


def issued_in_this_book(of: UnitClass, context: Context) -> bool:
    """Whether units of another Party were issued by this very registry, as those of the mechanism are."""
    return of.registry == context.registry.registry and of.party != context.registry.party


def host_can_add(of: UnitClass, books: Books, context: Context) -> bool:
    """Whether a first transfer here reaches the host's balance: it is this Party's own, or its host is told."""
    own = of.party == context.registry.party
    return own or (issued_in_this_book(of, context) and told_to(books, of.party))


def goes_home(of: UnitClass, partner: str, context: Context) -> bool:
    """Whether units of this book's issuance move to their host: no border between Parties is crossed.

    Source: A6.4-PROC-REGS-001 paras. 8(p), 51(b).
    """
    return partner == of.party and issued_in_this_book(of, context)


def flagged_for(groups: Sequence[FirstTransferring], context: Context, *, closing: Closing | None = None) -> Effects:
    """The flags of first transferred units, and the additions to this Party's own balance; no other Party's moves here.

    Source: 2/CMA.3 annex para. 8(a).
    """
    own, foreign = own_and_foreign(groups, context.registry.party)
    mine = flags(own, on=context.on, closing=closing)
    theirs = ended_here(foreign, context, closing=closing)
    return Effects((*mine.facts, *theirs.facts), (*mine.postings, *theirs.postings))


def telling_hosts(
    entry: Entry,
    groups: Sequence[FirstTransferring],
    books: Books,
    context: Context,
    *,
    to: str = "",
    said: Mapping[str, JSON] | None = None,
) -> Entry | Refusal:
    """The entry with a notice to each other Party whose units it makes first transferred; one notice for each host."""
    by_host = _by_host(groups, context)
    if isinstance(by_host, Refusal):
        return by_host
    for host, units in sorted(by_host.items()):
        listed: list[JSON] = [list(each) for each in units]
        content: dict[str, JSON] = {UNITS: listed, TO: to, ACT: entry.act.value, **(said or {})}
        kind = NoticeKind.FIRST_TRANSFERRED
        entry = notifying(entry, books, context, partner=Party(host), kind=kind, content=content)
    return entry


def _forwarded_again(pieces: Pieces, books: Books, context: Context, *, to: str) -> list[FirstTransferring]:
    """Units that the mechanism forwards and that were first transferred before: their host is told of the move alone.

    Its report has the move, as the buyer's has the acquisition. What the Adaptation Fund sells is no move of the host.
    Source: 4/CMA.6 annex II table 3.
    """
    found: list[FirstTransferring] = []
    for of, piece in pieces if context.registry.purpose == MECHANISM else ():
        by = Trigger(piece.facts.first_transfer_trigger) if piece.facts.first_transfer_trigger else None
        if by is None or by is Trigger.ADAPTATION_FUND or not issued_in_this_book(of, context) or to == of.party:
            continue
        letter = authorization_of(books, context, host=of.party, authorization=piece.facts.authorization or "")
        if not isinstance(letter, Refusal):
            found.append(FirstTransferring(of, (piece,), letter, by))
    return found


def telling_move(
    entry: Entry, groups: Sequence[FirstTransferring], pieces: Pieces, books: Books, context: Context, *, to: str
) -> Entry | Refusal:
    """The entry by which units go to another book, with the notices to their hosts: of the first transfer, or the move.

    Args:
        groups: What the move makes first transferred; all of its units or none.
        pieces: All units of the move.
    """
    return telling_hosts(entry, groups or _forwarded_again(pieces, books, context, to=to), books, context, to=to)


def tellable(
    groups: Sequence[FirstTransferring], pieces: Pieces, books: Books, context: Context, *, to: str
) -> Refusal | None:
    """Whether each host's own entry has room for what it will be told: asked before anything is promised to anybody."""
    by_host = _by_host(groups or _forwarded_again(pieces, books, context, to=to), context)
    return by_host if isinstance(by_host, Refusal) else None


def _by_host(groups: Sequence[FirstTransferring], context: Context) -> dict[str, list[ToldUnits]] | Refusal:
    found: dict[str, list[ToldUnits]] = {}
    for group in groups:
        if group.of.party != context.registry.party:
            _add(found.setdefault(group.of.party, []), group)
    most = max((len(units) for units in found.values()), default=0)
    return Refusal(NoticeFault.TOO_MANY_PARTS, {"parts": most, "parts_max": TOLD_MAX}) if most > TOLD_MAX else found


def telling_of_end(
    entry: Entry, groups: Sequence[FirstTransferring], books: Books, context: Context, *, said: Mapping[str, JSON]
) -> Entry | Refusal:
    """The entry that ends units of another Party with the notice to their host, which knows them or learns of them.

    Source: 4/CMA.6 paras. 13, 16-17.
    """
    if groups and issued_in_this_book(groups[0].of, context):
        account = books.record(ACCOUNT_RECORD, entry.moves[0].source)
        using: dict[str, JSON] = {} if account is None else {USING: account["party"]}
        return telling_hosts(entry, groups, books, context, said={**said, **using})
    return telling_host(entry, groups, books, context, said=said)


def _add(told: list[ToldUnits], group: FirstTransferring) -> None:
    """Adjacent ranges of the same kind are told as one."""
    letter, trigger = group.authorization.id, group.trigger.value
    for piece in group.pieces:
        key, activity = group.of.key, piece.facts.activity
        each = ToldUnits(key, piece.serials.first, piece.serials.last, activity, letter, trigger)
        before = told[-1] if told else None
        if (
            before is not None
            and before.last + 1 == each.first
            and before._replace(first=0, last=0) == each._replace(first=0, last=0)
        ):
            told[-1] = before._replace(last=each.last)
        else:
            told.append(each)
