"""Balances as of a past checkpoint, from the journal itself.

One account: the entries on the shorter side of the checkpoint that mention it are read, from the beginning upwards or
from today backwards. The whole book: all entries up to the checkpoint. Neither needs a table of old balances.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple

from counterfoil.application.ports import CheckpointRow, Codec, JournalRow, Reading
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import BalanceKey
from counterfoil.domain.ledger.checkpoint import Checkpoint, read_checkpoint
from counterfoil.domain.ledger.entry import UNITS
from counterfoil.domain.ledger.note import read_note

_PAGE: Final = 1_000

Balances = Counter[BalanceKey]
Signed = Callable[[CheckpointRow], bool]


class PastFault(StrEnum):
    CHECKPOINT_UNKNOWN = "balance.checkpoint_unknown"
    BEFORE_FOUNDING = "balance.before_founding"
    TWO_MOMENTS = "balance.two_moments"


class Moment(NamedTuple):
    """A past checkpoint, as it is stored and as it is read."""

    row: CheckpointRow
    checkpoint: Checkpoint


def past_balance(
    sight: Sight, account: str, *, unit_class: str, number: int | None, on: date | None, signed: Signed
) -> Mapping[str, Any] | Refusal:
    """What stood in an account, or in all of them when none is named, at a checkpoint; zero balances are left out.

    Args:
        unit_class: Only this class or commodity; empty for all.
        number: The checkpoint. Without it and without `on`, the last one.
        on: The last checkpoint that was recorded on this day (UTC) or before it.
        signed: Whether a checkpoint has the signature of the registry's key.
    """
    moment = moment_of(sight.reading, number=number, on=on)
    if isinstance(moment, Refusal):
        return moment
    if account and not _known(sight, account):
        return Refusal(ShowFault.NOT_FOUND, {"what": "account", "key": account[:120]})
    size = moment.row.size
    found = balances_of(sight, account, size=size) if account else all_balances(sight.reading, sight.codec, size=size)
    rows = sorted((key, amount) for key, amount in found.items() if amount and unit_class in ("", key.commodity))
    checkpoint = moment.checkpoint
    return {
        **({"account": account} if account else {}),
        "checkpoint": checkpoint.number,
        "entries": size,
        "recorded_at": checkpoint.recorded_at,
        "root": checkpoint.root.hex(),
        "signature": "holds" if signed(moment.row) else "does_not_hold",
        "balances": [{**key._asdict(), "amount": amount} for key, amount in rows],
    }


def moment_of(reading: Reading, *, number: int | None, on: date | None) -> Moment | Refusal:
    """The checkpoint of that number, or the last one recorded on or before a day; the newest when neither is given."""
    last = reading.last_checkpoint()
    assert last is not None, "a founded registry has a checkpoint"
    if number is not None and on is not None:
        return Refusal(PastFault.TWO_MOMENTS)
    if on is not None:
        row = _last_on(reading, last.number, on)
        if row is None:
            return Refusal(PastFault.BEFORE_FOUNDING, {"on": on.isoformat()})
    else:
        row = last if number is None else reading.checkpoint(number)
    checkpoint = None if row is None else _read(row)
    if row is None or checkpoint is None:
        return Refusal(PastFault.CHECKPOINT_UNKNOWN, {"number": number or 0, "last": last.number})
    return Moment(row, checkpoint)


def balances_of(sight: Sight, account: str, *, size: int) -> Balances:
    """What stood in one account after `size` entries, by book and commodity."""
    last = sight.reading.last_checkpoint()
    assert last is not None
    found: Balances = Counter()
    if size <= last.size - size:
        for row in _mentions(sight, account, first=0, end=size):
            _post(found, sight.codec, row, sign=1)
    else:
        found.update(_now(sight, account))
        for row in _mentions(sight, account, first=size, end=last.size):
            _post(found, sight.codec, row, sign=-1)
    return Counter({key: amount for key, amount in found.items() if key.account == account})


def all_balances(reading: Reading, codec: Codec, *, size: int) -> Balances:
    """Every balance of every book after `size` entries."""
    found: Balances = Counter()
    for row in reading.journal(0, size - 1):
        _post(found, codec, row, sign=1)
    return found


def _post(found: Balances, codec: Codec, row: JournalRow, *, sign: int) -> None:
    """Add the postings of an entry, as its leaf has them; a move is two postings of the unit book."""
    leaf = codec.decode(row.leaf)
    for unit_class, first, last, source, target in leaf.get("moves", ()):
        size = sign * (last - first + 1)
        found[BalanceKey(UNITS, unit_class, source)] -= size
        found[BalanceKey(UNITS, unit_class, target)] += size
    for book, commodity, account, amount in leaf.get("posts", ()):
        found[BalanceKey(book, commodity, account)] += sign * amount


def _mentions(sight: Sight, account: str, *, first: int, end: int) -> Iterator[JournalRow]:
    """Entries `first` to `end`, without `end`, that name the account, page by page."""
    quoted = sight.codec.encode(account).decode()
    after = first - 1
    while page := sight.reading.mentions(quoted, after=after, before=end, limit=_PAGE):
        yield from page
        after = page[-1].seq


def _now(sight: Sight, account: str) -> Balances:
    """What stands in an account today: stored balances, and its blocks."""
    found: Balances = Counter()
    for row in sight.reading.balances():
        if row.account == account:
            found[BalanceKey(row.book, row.commodity, row.account)] += row.amount
    number = sight.number("account", account)
    after: tuple[int, int] | None = None
    while number is not None and (page := sight.reading.blocks_of(number, after=after, limit=10 * _PAGE)):
        for block in page:
            found[BalanceKey(UNITS, sight.class_key(block.unit_class), account)] += block.last - block.first + 1
        after = (page[-1].unit_class, page[-1].first)
    return found


def _known(sight: Sight, account: str) -> bool:
    """Whether the registry has ever met the account: by name, in the unit book, or in another book."""
    if sight.record("account", account) is not None or sight.number("account", account) is not None:
        return True
    return any(row.account == account for row in sight.reading.balances())


def _last_on(reading: Reading, last: int, on: date) -> CheckpointRow | None:
    """The last checkpoint recorded on a day or before it: times of recording never run backwards."""
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        row = reading.checkpoint(middle)
        checkpoint = None if row is None else _read(row)
        if checkpoint is not None and checkpoint.recorded_at[:10] <= on.isoformat():
            low = middle
        else:
            high = middle - 1
    return reading.checkpoint(low) if low else None


def _read(row: CheckpointRow) -> Checkpoint | None:
    note = read_note(row.note)
    return None if note is None else read_checkpoint(note.text)
