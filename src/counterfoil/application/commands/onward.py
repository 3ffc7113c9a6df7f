"""Onward moves as the book that issued the units registers them: so nobody sells twice what came to him once.

A middle holder's old receipt looks the same before and after it has sold. The issuing book alone is told by everybody
who acquires: it keeps in whose book each unit is, and takes an acquisition only from where the units are. The second
of two buyers is not taken: it sees the code within one exchange, and where its link asks for that, the units stay on
hold until their issuer has taken them.

Its notice proves both its own acquisition and the seller's departure. Nothing crosses this book's border by it.
Source: 6/CMA.4 annex I paras. 9-10; 2/CMA.3 annex para. 29 (avoidance of double counting); ADR-0032.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.command import Context, stored
from counterfoil.application.commands.notifying import NOTICES, notifying
from counterfoil.domain.federation.link import PARTNER, Partner
from counterfoil.domain.federation.notice import PARTS_MAX, NoticeFault, NoticeKind
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import PARTY, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import went_to
from counterfoil.domain.ledger.availability import first_missing
from counterfoil.domain.ledger.books import HOLD, Books
from counterfoil.domain.ledger.entry import Act, Entry, Move, Record
from counterfoil.domain.units.identifier import UnitClass, unit_class

SELLER: Final = "from"
"""The member of a notice that names the Party from whose book the units came."""
LEFT_AT: Final = "left_at"
"""When the seller let them go, by the entry that it signed (UTC)."""


class OnwardFault(StrEnum):
    OTHER_HOLDER = "onward.other_holder"


TOLD_AGAIN: Final = frozenset({OnwardFault.OTHER_HOLDER.value, "recovery.unreconciled"})
"""Codes of refusals that may pass: an earlier move may still be on its way to the issuer. Such a notice stays owed."""


def telling_issuers(entry: Entry, books: Books, context: Context, *, seller: Party) -> Entry:
    """An acquisition with a notice to each linked registry that issued some of its units, but for the seller's own.

    Beyond so many ranges the rest is not told: it is compared, as before.
    """
    told: dict[str, list[tuple[str, int, int]]] = {}
    for move in entry.moves:
        issuer = _issuer(move.unit_class, books)
        if issuer is not None and issuer.party not in (seller, context.registry.party):
            told.setdefault(issuer.party, []).append((move.unit_class, move.first, move.last))
    for party, spans in sorted(told.items()):
        units: list[JSON] = [list(span) for span in _joined(spans)[:PARTS_MAX]]
        content: dict[str, JSON] = {"units": units, SELLER: seller}
        entry = notifying(entry, books, context, partner=party, kind=NoticeKind.ARRIVED, content=content)
        linked = stored(books, PARTNER, seller, Partner)
        if linked is not None and linked.await_issuer:
            entry = entry._replace(records=(*entry.records, *_holds(entry, units, party, context)))
    return entry


def _issuer(key: str, books: Books) -> Partner | None:
    """The linked registry that issued a class of units."""
    of = unit_class(key)
    linked = stored(books, PARTNER, of.party, Partner) if isinstance(of, UnitClass) else None
    return linked if linked is not None and isinstance(of, UnitClass) and linked.registry == of.registry else None


def _joined(spans: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    whole: list[tuple[str, int, int]] = []
    for of, first, last in sorted(spans):
        if whole and whole[-1][0] == of and whole[-1][2] + 1 == first:
            whole[-1] = (of, whole[-1][1], last)
        else:
            whole.append((of, first, last))
    return whole


def _holds(entry: Entry, units: Sequence[Any], issuer: str, context: Context) -> Iterator[Record]:
    """One hold for each range that an issuer is told of, released when it has taken the notice."""
    notices = entry.details[NOTICES]
    assert isinstance(notices, list)
    for number, (of, first, last) in enumerate(units, 1):
        value: dict[str, JSON] = {
            "unit_class": of,
            "first": first,
            "last": last,
            "authority": issuer,
            "reason": f"{issuer}: arrival",
            "placed_on": context.on.isoformat(),
            "released_on": None,
        }
        yield Record(HOLD, f"{notices[-1]}:{number}", value)


def registered(notice: str, books: Books, context: Context) -> tuple[Record, ...]:
    """The holds that waited for an issuer, released."""
    found: list[Record] = []
    while (held := books.record(HOLD, f"{notice}:{len(found) + 1}")) is not None:
        done = {**held, "released_on": held["released_on"] or context.on.isoformat(), "release_reason": notice}
        found.append(Record(HOLD, f"{notice}:{len(found) + 1}", done))
    return tuple(found)


def arrived_there(content: Mapping[str, Any], books: Books, context: Context, *, partner: Party) -> Entry | Refusal:
    """A partner acquired units of this book's from another: they are in its book from now on.

    Refuses units that are not where it says that it got them: they are here, have ended, or are another's; and a
    departure that is older than the way by which they came to the seller.
    """
    seller, left = str(content[SELLER]), str(content[LEFT_AT])
    if not PARTY.match(seller):
        raise ValueError(SELLER)
    spans = [(str(of), int(first), int(last)) for of, first, last in content["units"]]
    if not 1 <= len(spans) <= PARTS_MAX:
        return Refusal(NoticeFault.TOO_MANY_PARTS, {"parts": len(spans), "parts_max": PARTS_MAX})
    moves: list[Move] = []
    for of, first, last in spans:
        found = books.holdings(of, first, last)
        facts = {"units": f"{of} {first}..{last}", "partner": partner, "seller": seller}
        if first_missing(first, last, found) is not None:
            return Refusal(OnwardFault.OTHER_HOLDER, {**facts, "account": "-"})
        for holding in found:
            if holding.account not in (went_to(Party(seller)), went_to(partner)):
                return Refusal(OnwardFault.OTHER_HOLDER, {**facts, "account": holding.account})
            if holding.account != went_to(partner):
                if left < _came_at(holding.seq, context):
                    return Refusal(OnwardFault.OTHER_HOLDER, {**facts, "account": holding.account})
                moves.append(Move(of, holding.first, holding.last, holding.account, went_to(partner)))
    units: list[JSON] = [list(span) for span in spans]
    return Entry(
        Act.NOTICE_TAKEN, context.on, moves=tuple(moves), details={"units": units, SELLER: seller, LEFT_AT: left}
    )


def _came_at(seq: int, context: Context) -> str:
    """When units came to who has them: by the departure that this book made, or has registered."""
    entry = context.entry_at(seq)
    return "" if entry is None else str(entry.entry.details.get(LEFT_AT) or entry.recorded_at)
