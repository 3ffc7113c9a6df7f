"""What a buyer should know about a unit coming back: whether it can, what was set aside for that, and what was stated.

Only what this register holds is told; what it does not hold is named as not recorded, never left out.
Source: 2/CMA.3 annex paras. 18(h)(iii), 22(b)(iii); requirement R-A64-08.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.unit_facts import UnitFacts
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.activities.life import LIFE
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.entrypoints.web.moment import AsOf, books_then
from counterfoil.entrypoints.web.standings_then import sums
from counterfoil.entrypoints.web.visit import Visit

POOL: Final = ":buffer"
"""How the account of a reversal buffer ends, which the law of a jurisdiction names (`idn:buffer`)."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The buffer to which a part of the same issuance went: how much, of how much, and what it holds now."""

    account: str
    deposited: int
    issued: int
    holds: int
    entry: int


@dataclass(frozen=True, slots=True)
class ReversalRisk:
    """`credited_to` is the last day of the last crediting period; `stated` what the activity says of its quality."""

    class_of: str
    pool: Pool | None
    credited_to: str
    suspended_on: str
    stated: tuple[Mapping[str, Any], ...]
    born_here: bool


def reversal_risk(sight: Sight, visit: Visit, view: Mapping[str, Any], facts: UnitFacts, as_of: AsOf) -> ReversalRisk:
    books = books_then(sight, visit, as_of)
    activity = (books.record(ACTIVITY, facts.activity) if facts.activity else None) or {}
    life = (books.record(LIFE, facts.activity) if facts.activity else None) or {}
    periods: list[Mapping[str, Any]] = activity.get("crediting_periods") or [{}]
    birth = _birth(sight, view)
    return ReversalRisk(
        class_of=facts.reversibility.value,
        pool=None if birth is None else _pool(books, visit, birth),
        credited_to=str(periods[-1].get("last_day", "")),
        suspended_on=str(life.get("suspended_on") or ""),
        stated=tuple(activity.get("integrity") or ()),
        born_here=birth is not None,
    )


def _birth(sight: Sight, view: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The entry by which the unit came to be in this book; None where another book has it."""
    for step in reversed(view["steps"]):
        if step["registry"] == sight.registry.registry:
            row = sight.reading.row(step["seq"])
            return None if row is None or step["act"] == "Acquired" else sight.codec.decode(row.leaf)
    return None


def _pool(sight: Sight, visit: Visit, birth: Mapping[str, Any]) -> Pool | None:
    born = [move for move in birth.get("moves", ()) if role(move[3]) is AccountRole.SOURCE]
    kept = [move for move in born if move[4].endswith(POOL)]
    if not kept:
        return None
    account = str(kept[0][4])
    holds = sums(sight, visit, lambda all_: sum(all_.of(account).values()))
    return Pool(account, _units(kept), _units(born), holds, birth["seq"])


def _units(moves: list[Any]) -> int:
    return sum(move[2] - move[1] + 1 for move in moves)
