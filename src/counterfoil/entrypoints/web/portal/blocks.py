"""Pages of the unit book: whole blocks by class and first serial, and those that an index or a short look can find.

The book is kept by class and serial, and by nothing else. A filter that no key serves looks at a bounded number of
blocks for each page and then says where it stopped: every page costs the same, however large the book is.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.application.ports import BLOCKS_AT_MAX, BlockRow
from counterfoil.application.queries.show import state_of
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.standings import Standings
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Holding
from counterfoil.domain.units.identifier import UnitClass, identifier, unit_class
from counterfoil.entrypoints.web.visit import Visit

LOOKED_MAX: Final = 2_000
"""Blocks that are looked at for one page of a filtered list."""
PORTION_FIRST, PORTION = 60, 500
_BEFORE_ALL: Final = (-1, 0)
_WORDS: Final = {"in_flight": "pending", "abroad": "to", "used": "used", "cancelled": "cancelled", "retired": "retired"}
"""The first word of the accounts in which units of a state stand."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which blocks are asked for; an empty word asks for nothing."""

    unit_class: str = ""
    vintage: str = ""
    account: str = ""
    activity: str = ""
    state: str = ""

    @property
    def everything(self) -> bool:
        return self == Wanted()


@dataclass(frozen=True, slots=True)
class BlockPage:
    """`following` is where the list goes on; `stopped` says that a bounded look ended before the page was full."""

    items: list[dict[str, Any]]
    following: str | None
    stopped: bool = False


def blocks_page(sight: Sight, visit: Visit, wanted: Wanted, after: str, *, limit: int) -> BlockPage:
    """A page of blocks after a key `CLASS FIRST`."""
    start = _mark(sight, after)
    if wanted.everything:
        found = sight.reading.blocks_after(start, limit + 1)
        items = [block_row(sight.holding(row)) for row in found[:limit]]
        return BlockPage(items, items[-1]["key"] if len(found) > limit else None)
    indexed = _of_account(sight, visit, wanted, start, limit) if wanted == Wanted(account=wanted.account) else None
    if indexed is not None:
        return indexed
    numbers = _classes(sight, visit, wanted)
    fitting: list[dict[str, Any]] = []
    looked = 0
    fits = _Sieve(sight, wanted)
    for row in _walked(sight, numbers, start):
        looked += 1
        if fits(row):
            if len(fitting) == limit:
                return BlockPage(fitting, fitting[-1]["key"])
            fitting.append(block_row(sight.holding(row)))
        if looked == LOOKED_MAX:
            return BlockPage(fitting, f"{sight.class_key(row.unit_class)} {row.first}", stopped=True)
    return BlockPage(fitting, None)


def _of_account(sight: Sight, visit: Visit, wanted: Wanted, start: tuple[int, int], limit: int) -> BlockPage | None:
    """The blocks of one account, from the index by account; None while that is not there."""
    number, reading = sight.number("account", wanted.account), sight.reading
    if number is None:
        return BlockPage([], None)
    limit = min(limit, BLOCKS_AT_MAX)
    keys = visit.ground.blocks.of(sight, number, after=start, limit=limit + 1, room=visit.ground.room)
    if keys is None:
        return None
    shown = (row for row in reading.blocks_at(keys[:limit]) if row.account == number)
    items = [block_row(sight.holding(row)) for row in shown]
    last = keys[limit - 1] if len(keys) > limit else None
    return BlockPage(items, None if last is None else f"{sight.class_key(last[0])} {last[1]}")


def _mark(sight: Sight, after: str) -> tuple[int, int]:
    key, _, first = after.rpartition(" ")
    number = sight.number("class", key)
    known = number is not None and first.isascii() and first.isdecimal() and len(first) < 19
    return (number, int(first)) if known and number is not None else _BEFORE_ALL


def _classes(sight: Sight, visit: Visit, wanted: Wanted) -> list[int]:
    """The numbers of the classes in which such blocks can be, in the order of the book."""

    def chosen(standings: Standings) -> list[str]:
        if wanted.state in _WORDS and not standings.ending(_WORDS[wanted.state]):
            return []
        keys = list(standings.of(wanted.account)) if wanted.account else list(standings.classes())
        if wanted.activity:
            # Classes that were issued from it here; what was brought in from elsewhere is found by its class.
            born = standings.of(f"issued:{wanted.activity}")
            keys = [key for key in keys if key in born]
        return keys

    keys = visit.ground.standings.ask(sight, chosen)
    if wanted.unit_class:
        keys = [key for key in keys if key == wanted.unit_class]
    if wanted.vintage:
        keys = [key for key in keys if _vintage(key) == wanted.vintage]
    return sorted(number for key in keys if (number := sight.number("class", key)) is not None)


def _vintage(key: str) -> str:
    read = unit_class(key)
    return str(read.vintage) if isinstance(read, UnitClass) and read.vintage is not None else ""


def _walked(sight: Sight, numbers: list[int], start: tuple[int, int]) -> Iterator[BlockRow]:
    """The blocks of these classes after a mark, first about a page, then some hundreds at a time."""
    portion = PORTION_FIRST
    for number in numbers[bisect_left(numbers, start[0]) :]:
        mark = start if number == start[0] else (number, 0)
        while True:
            page = sight.reading.blocks_after(mark, portion)
            own = [row for row in page if row.unit_class == number]
            yield from own
            if len(own) < portion:
                break
            portion = PORTION
            mark = (number, own[-1].first)


class _Sieve:
    """Whether a row is asked for. Most of a look are not, so texts and facts are read once for each number."""

    def __init__(self, sight: Sight, wanted: Wanted) -> None:
        self._sight, self._wanted = sight, wanted
        self._accounts: dict[int, bool] = {}
        self._lots: dict[int, bool] = {}

    def __call__(self, row: BlockRow) -> bool:
        known = self._accounts.get(row.account)
        if known is None:
            known = self._accounts[row.account] = self._account_fits(self._sight.holding(row))
        if not known or not self._wanted.activity:
            return known
        born = self._lots.get(row.lot)
        if born is None:
            facts = unit_facts(self._sight.holding(row).facts)
            born = self._lots[row.lot] = facts.activity == self._wanted.activity
        return born

    def _account_fits(self, holding: Holding) -> bool:
        if self._wanted.account and holding.account != self._wanted.account:
            return False
        return not self._wanted.state or state_of(holding, unit_facts(holding.facts)) == self._wanted.state


def block_row(holding: Holding) -> dict[str, Any]:
    """A block for a list."""
    facts = unit_facts(holding.facts)
    return {
        "key": _key(holding),
        "first_id": identifier(holding.unit_class, holding.serials.first),
        "last_id": identifier(holding.unit_class, holding.serials.last),
        "unit_class": holding.unit_class,
        "quantity": holding.serials.size,
        "activity": facts.activity,
        "account": holding.account,
        "opened": role(holding.account) is AccountRole.HOLDING,
        "state": state_of(holding, facts),
        "status": facts.status.value,
        "entry": holding.seq,
    }


def _key(holding: Holding) -> str:
    return f"{holding.unit_class} {holding.serials.first}"


def wanted_of(values: Mapping[str, str]) -> Wanted:
    """What the fields of a filter ask for."""
    return Wanted(**{name: value.strip() for name, value in values.items()})
