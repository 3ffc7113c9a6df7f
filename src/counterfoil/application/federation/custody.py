"""The chain of custody: how units of another registry came from the book that issued them to the one that offers them.

Each book on the way has proved its final entry to the next. Whoever offers such units shows all these proofs; who is
offered them follows them from the issuing book, through partners that it knows by key, to the sender. So nobody sells
what never came to him. What came to somebody once and left again is another matter: its old proof looks the same, and
only comparing books finds it. Not so for units that have been here: this book knows when they left, and for whom.

Source: 6/CMA.4 annex I paras. 9-10; 2/CMA.3 annex para. 29 (avoidance of double counting).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from counterfoil.application.command import Registry
from counterfoil.application.federation.partner_proof import proven_by
from counterfoil.application.federation.receipts import RECEIPTS_MAX
from counterfoil.application.ports import Reading, World
from counterfoil.application.thread import Span
from counterfoil.domain.federation.link import PARTNER, Partner
from counterfoil.domain.federation.message import MessageFault
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import ADAPTATION_FUND, IN_MECHANISM, AccountRole, role, went_to
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.identifier import unit_class

PARTNERS_MAX: Final = 1_000
_LEFT: Final = (Act.FIRST_TRANSFERRED.value, Act.TRANSFERRED_ABROAD.value)


class Ground(NamedTuple):
    """What offers are judged by: who judges, its books, and the partners as they are committed."""

    own: Registry
    books: Books
    known: "Known"


class _Way(NamedTuple):
    """Units that must have come from a Party to the sender, by departures at that moment (UTC) or later."""

    units: Span
    begin: str | None
    since: str


def unshown(parts: Sequence[Span], *, sender: Partner, receipts: Any, ground: Ground) -> Refusal | None:
    """Why units are not shown to have come to who offers them; None where they are, or were issued there.

    What is known here begins where this book says that it went, and counts from then; what was issued elsewhere begins
    in its own registry, which must be linked.

    Raises:
        AttributeError, LookupError, TypeError or ValueError: an entry that is shown cannot be read.
    """
    known = ground.known
    ways = [way for part in parts for way in _ways(part, sender, known, ground)]
    if not ways:
        return None
    departures = known.departures(receipts[:RECEIPTS_MAX] if isinstance(receipts, list) else ())
    for way in ways:
        since = {edge: [span for at, span in spans if at >= way.since] for edge, spans in departures.items()}
        if way.begin is None or not _reaches(way.begin, str(sender.party), way.units, since):
            units = f"{way.units.unit_class} {way.units.first}..{way.units.last}"
            return Refusal(MessageFault.CUSTODY, {"units": units, "sender": sender.party, "from": way.begin or "-"})
    return None


def _ways(part: Span, sender: Partner, known: "Known", ground: Ground) -> Iterator[_Way]:
    of = unit_class(part.unit_class)
    if isinstance(of, Refusal) or of.cooperative_approach is None:
        return  # no class, or no ITMO: the decision refuses it
    home = str(of.registry)
    reached = part.first
    for held in ground.books.holdings(part.unit_class, part.first, part.last):
        if held.serials.first > reached:
            yield from _from_home(Span(part.unit_class, reached, held.serials.first - 1), home, sender, known, ground)
        reached = held.serials.last + 1
        if held.account == IN_MECHANISM:
            yield from _from_home(Span(part.unit_class, held.first, held.last), home, sender, known, ground)
            continue
        abroad = role(held.account) is AccountRole.ABROAD and held.account != ADAPTATION_FUND
        if abroad and held.account != went_to(sender.party):
            row = ground.known.reading.row(held.seq)
            since = "" if row is None else str(ground.known.world.codec.decode(row.leaf)["at"])
            units = Span(part.unit_class, held.serials.first, held.serials.last)
            yield _Way(units, held.account.rpartition(":")[2], since)
    if reached <= part.last:
        yield from _from_home(Span(part.unit_class, reached, part.last), home, sender, known, ground)


def _from_home(units: Span, home: str, sender: Partner, known: "Known", ground: Ground) -> Iterator[_Way]:
    """The way of units that were never here; the decision refuses what would have been issued here and is unknown."""
    if home not in (sender.registry, ground.own.registry):
        yield _Way(units, known.party(home), "")


class Known:
    """The partners that are committed, read once for all offers that come together, and not before one asks."""

    __slots__ = ("_read", "reading", "world")

    def __init__(self, reading: Reading, world: World) -> None:
        self.reading = reading
        self.world = world
        self._read: dict[str, Partner] | None = None

    def _partners(self) -> dict[str, Partner]:
        if self._read is None:  # most offers are of the sender's own units, and ask for no other partner
            rows = self.reading.records(PARTNER, limit=PARTNERS_MAX)
            partners = [from_json(Partner, self.world.codec.decode(row.value)) for row in rows]
            self._read = {str(each.party): each for each in partners}
        return self._read

    def party(self, registry: str) -> str | None:
        return next((party for party, each in self._partners().items() if each.registry == registry), None)

    def departures(self, receipts: Sequence[Any]) -> dict[tuple[str, str], list[tuple[str, Span]]]:
        """The departures that are proven, each with its moment, by the Party they left and the one they went to."""
        found: dict[tuple[str, str], list[tuple[str, Span]]] = {}
        for proof in receipts:
            partner = self._partners().get(str(proof.get("party"))) if isinstance(proof, dict) else None
            leaf = {} if partner is None else self._leaf(partner, proof)
            if partner is None or leaf.get("act") not in _LEFT:
                continue
            to = str(leaf.get("details", {}).get("partner"))
            spans = [(leaf["at"], Span(*move[:3])) for move in leaf.get("moves", ()) if move[4] == went_to(Party(to))]
            found.setdefault((str(partner.party), to), []).extend(spans)
        return found

    def _leaf(self, partner: Partner, proof: Mapping[str, Any]) -> Mapping[str, Any]:
        row = proven_by(partner, proof, verify=self.world.verify, codec=self.world.codec)
        leaf: Mapping[str, Any] = {} if row is None else self.world.codec.decode(row.leaf)
        return leaf


def _reaches(begin: str, end: str, part: Span, departures: Mapping[tuple[str, str], Sequence[Span]]) -> bool:
    """Whether all units of a part went from one Party to another, step by step."""
    known, waiting = {begin}, [begin]
    while waiting:
        at = waiting.pop()
        if at == end:
            return True
        for (source, target), spans in departures.items():
            if source == at and target not in known and _covers(spans, part):
                known.add(target)
                waiting.append(target)
    return False


def _covers(spans: Sequence[Span], part: Span) -> bool:
    """Whether spans of the part's class leave none of its units out."""
    reached = part.first - 1
    for _, first, last in sorted(span for span in spans if span.unit_class == part.unit_class):
        if first > reached + 1:
            break
        reached = max(reached, last)
    return reached >= part.last
