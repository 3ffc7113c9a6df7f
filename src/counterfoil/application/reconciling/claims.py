"""What a book says of units at a border, and what it shows for it: its own entry, and the partner's behind it.

Read before: `domain/federation/case.py`. Source: ADR-0033.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from counterfoil.application.commands.abroad import TRANSFER
from counterfoil.application.commands.open_case import Departure
from counterfoil.application.key_history import read_key_history
from counterfoil.application.ports import Evidence, JournalRow, Reading, World
from counterfoil.application.provenance import RECEIPT
from counterfoil.application.proving import entry_proof, proven
from counterfoil.application.reconciling.borders import crossings_of
from counterfoil.domain.federation.case import Claim, Shown
from counterfoil.domain.federation.crossing import Crossing, Way, crossings_in, touching
from counterfoil.domain.federation.differing import without
from counterfoil.domain.federation.link import Partner
from counterfoil.domain.federation.reconciliation import Statement
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.serials import SerialRange

SPANS_MAX: Final = 32
"""Ranges of one question about claims."""
PIECES_MAX: Final = 256
ENTRIES_MAX: Final = 4
"""Entries of one question about proofs: with their leaves, and the partner's, they fit into a message."""


def claim_of(crossing: Crossing, reading: Reading, codec: Any) -> Claim:
    """What this book says of a crossing, from its entry and from the record of the transfer."""
    row = reading.row(crossing.seq)
    assert row is not None, "the crossing was read from this journal"
    leaf = codec.decode(row.leaf)
    transfer = str(leaf.get("details", {}).get("transfer", ""))
    record = reading.record(TRANSFER, transfer) if transfer else None
    known = {} if record is None else codec.decode(record.value)
    return Claim(
        crossing.way,
        crossing.seq,
        transfer,
        f"{leaf['at'][:19]}Z",
        confirmed=bool(known.get("confirmed_on")),
    )


class Standing:
    """What stands in this book, wherever but abroad, as one reading has it."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._classes: dict[str, int] = {}
        self._abroad: set[int] = set()
        for term in reading.terms():
            if term.kind == "class":
                self._classes[term.text] = term.number
            elif term.kind == "account" and role(term.text) is AccountRole.ABROAD:
                self._abroad.add(term.number)

    def within(self, of: str, span: SerialRange) -> list[SerialRange]:
        """The parts of a range that are here, in order."""
        number = self._classes.get(of)
        blocks = [] if number is None else self._reading.blocks_between(number, span.first, span.last)
        here = [SerialRange(row.first, row.last) for row in sorted(blocks) if row.account not in self._abroad]
        return [part for each in here if (part := each.intersection(span)) is not None]


def told_claims(spans: Any, said: Statement, reading: Reading, codec: Any) -> dict[str, JSON]:
    """The answer to a question about ranges `[class, first, last]`: the pieces that crossed, each with its entry.

    `held` are the parts that stand in this book and never crossed: whatever was lost, they are here.

    Raises:
        KeyError, TypeError or ValueError: the question is none.
    """
    if not (isinstance(spans, list) and 1 <= len(spans) <= SPANS_MAX):
        raise ValueError("spans")
    found: list[JSON] = []
    known: dict[int, Claim] = {}
    for of, first, last in spans:
        for piece in touching(crossings_of(said, str(of)), int(first), int(last)):
            if len(found) >= PIECES_MAX:
                return {"claims": found, "held": [], "more": True}
            claim = known.get(piece.seq) or known.setdefault(piece.seq, claim_of(piece, reading, codec))
            row = [of, piece.first, piece.last, piece.way.value, piece.seq, claim.transfer, claim.at, claim.confirmed]
            found.append(row)
    return {"claims": found, "held": _held(spans, said, reading), "more": False}


def _held(spans: Any, said: Statement, reading: Reading) -> list[JSON]:
    standing = Standing(reading)
    found: list[JSON] = []
    for of, first, last in spans:
        span = SerialRange(first, last)
        crossed = tuple(SerialRange(each.first, each.last) for each in touching(crossings_of(said, of), first, last))
        for part in without((span,), crossed):
            found += [[of, each.first, each.last] for each in standing.within(of, part)]
    return found[:PIECES_MAX]


def told_proofs(entries: Any, partner: str, reading: Reading, world: World) -> dict[str, JSON]:
    """The answer to a question about entries of this log: their proofs, where they crossed the border with the partner.

    Raises:
        KeyError, TypeError or ValueError: the question is none.
    """
    if not (isinstance(entries, list) and 1 <= len(entries) <= ENTRIES_MAX):
        raise ValueError("entries")
    found: dict[str, JSON] = {}
    for seq in entries:
        row = reading.row(seq) if type(seq) is int and seq >= 0 else None
        leaf = None if row is None else world.codec.decode(row.leaf)
        if leaf is not None and any(other == partner for other, _, _ in crossings_in(leaf)):
            kept = kept_receipt(leaf, world.evidence, world.codec)
            found[str(seq)] = {"entry": entry_proof(reading, seq, world.codec), "receipt": kept}
    return {"proofs": found}


def kept_receipt(leaf: Mapping[str, Any], evidence: Evidence, codec: Any) -> Any:
    """The partner's proof against which an entry acquired, as it was kept then; None where there is none."""
    digest = leaf.get("details", {}).get("provenance")
    data = evidence.get(digest) if isinstance(digest, str) and digest else None
    if data is None:
        return None
    try:
        provenance = codec.decode(data)
    except ValueError:
        return None
    return provenance.get(RECEIPT) if isinstance(provenance, dict) else None


@dataclass(frozen=True, slots=True)
class Showing:
    """What a partner's proof shows of units; `departure` where it is an entry that this registry has forgotten."""

    shown: Shown
    departure: Departure | None = None


class ProofReader:
    """Reads what one partner shows for its claims."""

    def __init__(self, world: World, reading: Reading, partner: Partner, *, party: str) -> None:
        self._world = world
        self._reading = reading
        self._partner = partner
        self._party = party

    def showing(self, of: str, serials: SerialRange, theirs: Crossing, proof: Any) -> Showing:
        """What the proof of the partner's entry, and of ours that it rests on, shows of these units.

        An arrival needs our own signed departure; a departure only the partner's own entry.
        """
        if not isinstance(proof, dict):
            return Showing(Shown.NOTHING)
        keys = [key for key, _ in self._partner.keys()]
        row = self._proven(proof.get("entry"), keys, self._partner.origin)
        leaf = None if row is None else self._world.codec.decode(row.leaf)
        if row is None or row.seq != theirs.seq or not _tells(leaf, self._party, of, serials, theirs.way):
            return Showing(Shown.NOTHING)
        if theirs.way is Way.OUT:
            return Showing(Shown.ITS_ENTRY)
        return self._own_entry(of, serials, proof.get("receipt"))

    def _own_entry(self, of: str, serials: SerialRange, receipt: Any) -> Showing:
        signer = self._world.signer
        history = read_key_history(self._reading, self._world.codec, otherwise=signer.public_key)
        row = self._proven(receipt, [term.public_key for term in history.terms], signer.name)
        leaf = None if row is None else self._world.codec.decode(row.leaf)
        if row is None or leaf is None or not _tells(leaf, self._partner.party, of, serials, Way.OUT):
            return Showing(Shown.NOTHING)
        known = self._reading.row(row.seq)
        if known is not None and known.leaf == row.leaf:
            return Showing(Shown.OUR_ENTRY)
        return Showing(Shown.FORGOTTEN_ENTRY, _departure(row.seq, leaf))

    def _proven(self, proof: Any, keys: Sequence[bytes], origin: str) -> JournalRow | None:
        for key in keys if isinstance(proof, dict) else ():
            row = proven(proof, public_key=key, origin=origin, verify=self._world.verify, codec=self._world.codec)
            if row is not None:
                return row
        return None


def _tells(leaf: Any, partner: str, of: str, serials: SerialRange, way: Way) -> bool:
    """Whether an entry says that these units crossed this way, over the border with this Party."""
    return any(
        other == partner
        and unit_class == of
        and crossing.way is way
        and crossing.first <= serials.first
        and serials.last <= crossing.last
        for other, unit_class, crossing in crossings_in(leaf)
    )


def _departure(seq: int, leaf: Mapping[str, Any]) -> Departure:
    trigger = None
    if leaf["act"] == Act.FIRST_TRANSFERRED.value:
        trigger = next((row[3].get("first_transfer_trigger") for row in leaf.get("facts", ())), None)
    transfer = str(leaf.get("details", {}).get("transfer", ""))
    return Departure(seq, transfer, date.fromisoformat(leaf["on"]), trigger)
