"""Units of another Party that end here before their first transfer: this book closes them, their host's counts them.

Only the host's book adds to the host's balance. The holder's entry flags the units and closes what the host will have
waiting, and owes the host a notice; until the host has taken it, the notice stands as owed.

Source: 4/CMA.6 paras. 13, 16-17; 2/CMA.3 annex para. 2(b); rulebook section 1.6.
"""

from collections.abc import Mapping, Sequence

from counterfoil.application.command import Context
from counterfoil.application.commands.first_transferring import Effects, FirstTransferring
from counterfoil.application.commands.notifying import notifying
from counterfoil.domain.accounting.adjustment import Closing, closing_postings
from counterfoil.domain.federation.notice import PARTS_MAX, NoticeFault, NoticeKind
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry, FactChange, Posting


def own_and_foreign(
    groups: Sequence[FirstTransferring], party: str
) -> tuple[list[FirstTransferring], list[FirstTransferring]]:
    """The first transfers that this book adds, and those that their host's book adds."""
    own = [group for group in groups if group.of.party == party]
    return own, [group for group in groups if group.of.party != party]


def ended_here(groups: Sequence[FirstTransferring], context: Context, *, closing: Closing | None) -> Effects:
    """The flags of foreign units, and what their end closes here. No balance of any Party moves in this book."""
    facts: list[FactChange] = []
    postings: list[Posting] = []
    for group in groups:
        flag = {"first_transferred_on": context.on.isoformat(), "first_transfer_trigger": group.trigger.value}
        for piece in group.pieces:
            facts.append(FactChange(group.of.key, piece.serials.first, piece.serials.last, flag))
            if closing is not None:
                quantity, commodity = piece.serials.size, piece.facts.metric.commodity
                postings.extend(closing_postings(closing=closing, quantity=quantity, commodity=commodity))
    return Effects(tuple(facts), tuple(postings))


def telling_host(
    entry: Entry,
    groups: Sequence[FirstTransferring],
    books: Books,
    context: Context,
    *,
    said: Mapping[str, JSON],
) -> Entry | Refusal:
    """The entry with the notice to the host of the units, where there are such units."""
    if not groups:
        return entry
    spans = _joined(groups)
    if len(spans) > PARTS_MAX:
        return Refusal(NoticeFault.TOO_MANY_PARTS, {"parts": len(spans), "parts_max": PARTS_MAX})
    units: list[JSON] = [[key, first, last] for key, first, last in spans]
    content: dict[str, JSON] = {"units": units, "trigger": groups[0].trigger.value, **said}
    host = groups[0].of.party
    return notifying(entry, books, context, partner=host, kind=NoticeKind.ENDED, content=content)


def _joined(groups: Sequence[FirstTransferring]) -> list[tuple[str, int, int]]:
    """The units of the groups, adjacent ranges as one."""
    spans: list[tuple[str, int, int]] = []
    for group in groups:
        for piece in group.pieces:
            key, first, last = group.of.key, piece.serials.first, piece.serials.last
            if spans and spans[-1][0] == key and spans[-1][2] + 1 == first:
                spans[-1] = (key, spans[-1][1], last)
            else:
                spans.append((key, first, last))
    return spans
