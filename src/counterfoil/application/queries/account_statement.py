"""An account's statement at a checkpoint: what stood in it by class, and what came in and went out before.

The journal up to the checkpoint is read through the entries that name the account, so a statement of an old day needs
no table of old balances and comes out the same for ever.
"""

from collections import Counter, deque
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from counterfoil.application.commands.open_account import ACCOUNT_RECORD, HoldingAccount, account_of
from counterfoil.application.ports import CheckpointRow
from counterfoil.application.queries.letters import Ground, Letter, LetterKind, ground_of, read_moment
from counterfoil.application.queries.past import moment_of
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import JournalEntry, from_leaf
from counterfoil.domain.units.identifier import identifier

MOVEMENTS_MAX: Final = 1_000
"""Movements that a statement prints, the newest ones; the balances count them all."""
_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Movement:
    """Units that came in (`quantity` above zero) or went out (below) in one entry."""

    entry: int
    on: date
    act: str
    first_id: str
    last_id: str
    quantity: int
    other: str


@dataclass(frozen=True, slots=True)
class StatementSaid:
    """`movements` are in their order; `left_out` counts older ones that are not printed."""

    account: HoldingAccount
    balances: tuple[tuple[str, int], ...]
    movements: tuple[Movement, ...]
    left_out: int

    @property
    def quantity(self) -> int:
        return sum(amount for _, amount in self.balances)


def account_statement(
    sight: Sight, account: str, *, number: int | None = None, on: date | None = None
) -> Letter | Refusal:
    """The statement at a checkpoint by its number, at the last one of a day (UTC), or at the newest.

    Refuses an account that was not open then.
    """
    moment = moment_of(sight.reading, number=number, on=on)
    if isinstance(moment, Refusal):
        return moment
    row = sight.reading.record(ACCOUNT_RECORD, account)
    if row is None or row.seq >= moment.row.size:
        return Refusal(ShowFault.NOT_FOUND, {"what": "account", "key": account[:120]})
    ground = _ground(sight, moment.row)
    if isinstance(ground, Refusal):
        return ground
    holder = account_of(sight.codec.decode(row.value))
    return Letter(LetterKind.STATEMENT, account, ground, _said(sight, holder, moment.row.size))


def _ground(sight: Sight, row: CheckpointRow) -> Ground | Refusal:
    """A statement rests on the last entry under its checkpoint, and bears the day of the checkpoint."""
    entry = sight.entry(row.size - 1)
    assert entry is not None, "a checkpoint covers at least the founding"
    ground = ground_of(sight, entry)
    if isinstance(ground, Refusal):
        return ground
    checkpoint = read_moment(row)
    on = date.fromisoformat(checkpoint.recorded_at[:10])
    return Ground(ground.registry, ground.entry, ground.leaf_hash, ground.act, on, checkpoint)


def _said(sight: Sight, holder: HoldingAccount, size: int) -> StatementSaid:
    totals: Counter[str] = Counter()
    kept: deque[Movement] = deque(maxlen=MOVEMENTS_MAX)
    count = 0
    quoted = sight.codec.encode(holder.code).decode()
    after = -1
    while page := sight.reading.mentions(quoted, after=after, before=size, limit=_PAGE):
        for row in page:
            leaf: Any = sight.codec.decode(row.leaf)
            for unit_class, movement in _movements(from_leaf(leaf), holder.code):
                totals[unit_class] += movement.quantity
                kept.append(movement)
                count += 1
        after = page[-1].seq
    balances = tuple((unit_class, amount) for unit_class, amount in sorted(totals.items()) if amount)
    return StatementSaid(holder, balances, tuple(kept), count - len(kept))


def _movements(entry: JournalEntry, account: str) -> list[tuple[str, Movement]]:
    found: list[tuple[str, Movement]] = []
    for move in entry.entry.moves:
        for sign, own, other in ((1, move.target, move.source), (-1, move.source, move.target)):
            if own != account:
                continue
            first, last = identifier(move.unit_class, move.first), identifier(move.unit_class, move.last)
            act, on = entry.entry.act.value, entry.entry.effective_on
            found.append((move.unit_class, Movement(entry.seq, on, act, first, last, sign * move.size, other)))
    return found
