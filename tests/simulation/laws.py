"""What must hold between honest books after every event, whatever was lost, repeated, forged or restored.

Nothing here asks how it came about: only books are compared. Of units that a liar's book ever had nothing is promised
but that no single honest book is unsound; whoever deals with a liar trusts its word for what it sold.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

from counterfoil.domain.kernel.canonical import INTEGER_MAX
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Books

_AWAY: Final = (AccountRole.PENDING, AccountRole.ABROAD)
_REST: Final = frozenset({"refused", "expired", "withdrawn", "voided"})


class LawBroken(AssertionError):
    """A law does not hold: the run has found a mistake."""


class Piece(NamedTuple):
    """Some units of one class as one book has them."""

    unit_class: str
    first: int
    last: int
    book: str
    account: str
    flagged: bool
    """Whether this book says that they were first transferred."""

    @property
    def host(self) -> str:
        """The Party whose outcomes they are."""
        return self.unit_class.split("-")[2]


class Range(NamedTuple):
    unit_class: str
    first: int
    last: int


class Known(NamedTuple):
    """One honest book, read once after it changed."""

    pieces: tuple[Piece, ...]
    transfers: Mapping[str, Any]
    adjustments: Mapping[str, int]
    held: Mapping[str, tuple[Piece, ...]]
    """By standing hold: what it is over."""
    born_abroad: tuple[str, ...]
    """Classes of this Party's own units of which some entered this book from another."""
    recovering: bool
    """Nothing moves here: it came back from a backup, and has not asked all its partners."""
    blocked: tuple[Range, ...]
    """What no act but the closing of a case moves."""
    restored: bool
    """It came back from a backup once: transfers by which units came and went back meanwhile it need not know."""


def known(party: str, books: Books) -> Known:
    pieces = tuple(
        Piece(each.unit_class, each.first, each.last, party, each.account, "first_transferred_on" in each.facts)
        for each in books.all_holdings()
    )
    transfers: dict[str, Any] = {}
    held: dict[str, tuple[Piece, ...]] = {}
    blocked: list[Range] = []
    for (kind, key), value in books.records.items():
        if kind == "transfer":
            transfers[key] = value
        elif kind == "case" and value["state"] != "closed":
            blocked += [Range(*_part(part)) for part in value["units"]]
        elif kind == "hold" and value["released_on"] is None and "case" not in value:
            found = books.holdings(value["unit_class"], value["first"], value["last"])
            held[key] = tuple(Piece(*each[:3], party, each.account, flagged=False) for each in found)
    adjustments: dict[str, int] = defaultdict(int)
    born_abroad = []
    for key, amount in books.balances.items():
        if key.book == "adjustments":
            adjustments[key.account] += amount
        elif key.account.startswith("from:") and amount and key.commodity.split("-")[2] == party:
            born_abroad.append(key.commodity)
    recovery = books.record("recovery", "self")
    recovering = bool(recovery and recovery["waiting"])
    return Known(
        pieces, transfers, adjustments, held, tuple(born_abroad), recovering, tuple(blocked), restored=bool(recovery)
    )


def check_book(party: str, before: Known | None, now: Known) -> None:
    """What one honest book must say whatever the others do."""
    for hold, was in (before.held if before else {}).items():
        if hold in now.held and not _stayed(_places(was), _places(now.held[hold])):
            raise LawBroken(f"{party} moved units under the hold {hold}: {was} became {now.held[hold]}")
    if now.born_abroad:
        raise LawBroken(f"units of {party} itself were born in another book: {now.born_abroad}")
    if sum(now.adjustments.values()):
        raise LawBroken(f"the adjustments of {party} do not add up to zero: {dict(now.adjustments)}")
    expected: dict[str, int] = defaultdict(int)
    for piece in now.pieces:
        size = piece.last - piece.first + 1
        words = piece.account.split(":")
        if piece.flagged and piece.host == party:
            expected[f"ndc:{party}:{piece.unit_class[-4:]}:added"] += size
        if words[0] == "used":
            expected[f"ndc:{party}:{words[3]}:subtracted"] -= size
            if not piece.flagged:
                raise LawBroken(f"used towards an NDC, and never first transferred: {piece}")
    said = {account: amount for account, amount in now.adjustments.items() if account.startswith("ndc:") and amount}
    if said != dict(expected):
        raise LawBroken(f"{party} adjusts {said}, its units say {dict(expected)}")


def check_world(books: Mapping[str, Known], tainted: Iterable[Range], *, settled: bool) -> None:
    """No unit stands in two honest books, none is in no book, and both sides of an adjustment say the same.

    Args:
        tainted: What a liar's book ever had.
        settled: Whether no book came back from a backup, or all that it had forgotten is mended. Until then only the
            first is asked, of what can move at all.
    """
    spoilt = sorted(tainted)
    clean = [part for one in books.values() for piece in one.pieces for part in _without(piece, spoilt)]
    standing = sorted(piece for piece in clean if role(piece.account) is not AccountRole.ABROAD)
    able = standing if settled else sorted(each for one in standing for each in _movable(one, books[one.book]))
    for low, high in pairwise(able):
        if low.unit_class == high.unit_class and high.first <= low.last:
            raise LawBroken(f"in two books: {low} and {high}")
    if settled:
        _check_nothing_vanished(books, clean, standing)
        _check_both_sides(books, clean)


def _movable(piece: Piece, book: Known) -> list[Piece]:
    return [] if book.recovering else _without(piece, sorted(book.blocked))


def _check_nothing_vanished(books: Mapping[str, Known], clean: list[Piece], standing: list[Piece]) -> None:
    """What left one book has come into another, or is of a transfer that is final here and accepted there."""
    flying: list[Range] = []
    for party, one in books.items():
        for key, transfer in one.transfers.items():
            partner = transfer["partner"]
            if transfer["direction"] == "out" and transfer["state"] == "final" and partner in books:
                there = books[partner].transfers.get(key)
                if there is None and books[partner].restored:
                    continue  # its units are looked for below
                if there is None or there["state"] not in ("accepted", "final"):
                    raise LawBroken(f"{key} has left {party}, and {partner} says {there and there['state']}")
                if there["state"] == "accepted":
                    flying += [Range(*_part(part)) for part in transfer["parts"]]
    somewhere = sorted([Range(*piece[:3]) for piece in standing] + flying)
    for piece in clean:
        missing = _missing(piece, somewhere)
        if missing is not None:
            raise LawBroken(f"in no book: {missing}, which {piece.book} says is in {piece.account}")


def _check_both_sides(books: Mapping[str, Known], clean: list[Piece]) -> None:
    """Who holds a unit believes that it is first transferred when its host has added it, and only then."""
    at_home = {flag: _ranges(clean, flag=flag) for flag in (True, False)}
    for piece in clean:
        if piece.host in books and piece.host != piece.book and role(piece.account) is not AccountRole.ABROAD:
            missing = _missing(piece, at_home[piece.flagged])
            if missing is not None:
                said = "first transferred" if piece.flagged else "not first transferred"
                raise LawBroken(f"{said} in {piece.book}, and otherwise in {piece.host}: {missing}")


def _ranges(pieces: list[Piece], *, flag: bool) -> list[Range]:
    """What stands in its host's book, of the units that the host calls first transferred or of the others."""
    return sorted(Range(*each[:3]) for each in pieces if each.book == each.host and each.flagged is flag)


def check_states(books: Mapping[str, Known]) -> None:
    """What is acquired was sent; of two ends of one transfer never is one final and the other taken back."""
    for party, one in books.items():
        for key, transfer in one.transfers.items():
            partner = transfer["partner"]
            if transfer["direction"] != "in" or partner not in books:
                continue
            there = books[partner].transfers.get(key)
            if there is None:
                raise LawBroken(f"{party} has {key} as {transfer['state']}, and {partner} has no such transfer")
            ends = (there["state"], transfer["state"])
            if (ends[1] == "final" and ends[0] != "final") or (ends[0] == "final" and ends[1] in _REST):
                raise LawBroken(f"{key} is {ends[0]} in {partner}, and {ends[1]} in {party}")
            if ends == ("final", "final") and _joined(there["parts"]) != _joined(transfer["parts"]):
                raise LawBroken(f"{key} has other units in {partner} than in {party}")


def check_confessed(books: Mapping[str, Known], liar: str, confessed: Collection[str]) -> None:
    """Nothing was acquired of a liar that it has not signed as gone."""
    for party, one in books.items():
        for key, transfer in one.transfers.items():
            bought = (transfer["direction"], transfer["partner"], transfer["state"]) == ("in", liar, "final")
            if bought and key not in confessed:
                raise LawBroken(f"{party} acquired {key}, and {liar} never signed that it had gone")


def check_ended(books: Mapping[str, Known]) -> None:
    """Every transfer between honest books has ended, in both in the same way."""
    for party, one in books.items():
        for key, transfer in one.transfers.items():
            there = books[transfer["partner"]].transfers.get(key) if transfer["partner"] in books else None
            open_here = transfer["state"] in ("proposed", "offered", "accepted")
            if open_here and (transfer["direction"] == "out" or transfer["partner"] in books):
                raise LawBroken(f"{key} has not ended: {party} says {transfer['state']}, {there and there['state']}")
            if transfer["direction"] == "out" and transfer["state"] == "final" and there is not None:
                if there["state"] != "final":
                    raise LawBroken(f"{key} has not arrived: {transfer['partner']} says {there['state']}")


def had_by(liar: str, books: Mapping[str, Known]) -> set[Range]:
    """What a liar's book may have had: its own units, and what honest books say that they sent it."""
    pieces = (piece for one in books.values() for piece in one.pieces)
    transfers = (transfer for one in books.values() for transfer in one.transfers.values())
    sent = (each for each in transfers if (each["direction"], each["state"], each["partner"]) == ("out", "final", liar))
    own = {Range(piece.unit_class, 1, INTEGER_MAX) for piece in pieces if piece.host == liar}
    return own | {Range(*_part(part)) for each in sent for part in each["parts"]}


def _part(part: Mapping[str, Any]) -> tuple[str, int, int]:
    return part["unit_class"], part["first"], part["last"]


def _joined(parts: Iterable[Mapping[str, Any]]) -> list[tuple[str, int, int]]:
    """Parts in order, those that follow one another put together: a proposal names them by their facts."""
    whole: list[tuple[str, int, int]] = []
    for name, first, last in map(_part, parts):
        if whole and whole[-1][0] == name and whole[-1][2] + 1 == first:
            whole[-1] = (name, whole[-1][1], last)
        else:
            whole.append((name, first, last))
    return whole


def _places(pieces: Iterable[Piece]) -> list[tuple[str, int, int, str]]:
    """Where units stand, however their blocks are cut."""
    whole: list[tuple[str, int, int, str]] = []
    for name, first, last, _, account, _ in pieces:
        if whole and whole[-1][0] == name and whole[-1][3] == account and whole[-1][2] + 1 == first:
            whole[-1] = (name, whole[-1][1], last, account)
        else:
            whole.append((name, first, last, account))
    return whole


def _stayed(was: list[tuple[str, int, int, str]], now: list[tuple[str, int, int, str]]) -> bool:
    """Whether units stand where they stood, or came home from a flight or from abroad: a hold lets no others move."""
    moved = [(place, old) for place in now for old in was if place[1] <= old[2] and old[1] <= place[2]]
    return all(
        old[3] == place[3] or (role(place[3]) is AccountRole.HOLDING and role(old[3]) in _AWAY) for place, old in moved
    )


def _without(piece: Piece, ranges: list[Range]) -> list[Piece]:
    """What is left of a piece outside the ranges, which are in order."""
    left: list[Piece] = []
    first = piece.first
    for name, low, high in ranges:
        if name == piece.unit_class and low <= piece.last and first <= high:
            if first < low:
                left.append(piece._replace(first=first, last=low - 1))
            first = high + 1
    return [*left, piece._replace(first=first)] if first <= piece.last else left


def _missing(piece: Piece, covering: list[Range]) -> Range | None:
    """What of a piece lies in none of the ranges, which are in order."""
    expected = piece.first
    for name, first, last in covering:
        if name == piece.unit_class and last >= expected:
            if first > expected:
                break
            expected = last + 1
            if expected > piece.last:
                return None
    return Range(piece.unit_class, expected, piece.last)
