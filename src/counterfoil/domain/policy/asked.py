"""An act that is asked of a law: its kind and its facts, each of its own type."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.facts import FACTS, Fact, FactType, FactValue

TONNES_MAX: Final = 10**15
WORD_MAX: Final = 120
WORDS_MAX: Final = 200
NAMED_BY_LAW: Final = ("approved_t.", "fee_paid.")
"""How whole numbers begin that a law names itself: what a level approved, what was paid for the fee of a rule."""
_AMOUNTS: Final = frozenset({FactType.TONNES, FactType.COUNT, FactType.MONEY})
_SIGNED: Final = frozenset({"achieved_t", "target_t", "excess_t"})
"""What may be below zero among the amounts: a rise in the place of a reduction. All else is held, paid or counted."""
_CODE: Final = re.compile(r"[A-Z]{3}\Z")
_WHOLE: Final = re.compile(r"-?[0-9]{1,16}\Z", re.ASCII)
_DECIMAL: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?\Z", re.ASCII)


class Act(StrEnum):
    """What a law may be asked to permit."""

    REGISTER = "register"
    """Register an activity."""
    ADVANCE = "advance"
    """Take the next step of a procedure."""
    AUTHORIZE = "authorize"
    CHANGE = "change"
    """Change what an authorization says."""
    REVOKE = "revoke"
    """Revoke an authorization."""
    ISSUE = "issue"
    CONVERT = "convert"
    """Give up units of one type and receive units of another, or a label."""
    LIST = "list"
    """List units on an exchange."""
    TRADE = "trade"
    """Sell units on an exchange, before they are delivered."""
    TRANSFER = "transfer"
    """Move units inside the jurisdiction."""
    FIRST_TRANSFER = "first_transfer"
    """Move units abroad for the first time, or another event that the law calls first transfer."""
    ACQUIRE = "acquire"
    """Receive units from abroad."""
    USE = "use"
    """Use towards an NDC or another purpose of the authorization."""
    COVER = "cover"
    """Ask whether an installation falls under a compliance scheme."""
    SURRENDER = "surrender"
    """Hand in units in a compliance scheme."""
    CANCEL = "cancel"
    DISTRIBUTE = "distribute"
    """Divide the proceeds of a sale."""
    SET_QUOTA = "set_quota"
    REPORT = "report"
    """Report to the bodies of the Paris Agreement."""
    PLACE = "place"
    """Place an activity in a pathway."""
    PUBLISH = "publish"
    """Show a field to a reader."""
    ACCEPT = "accept"
    """Take units by a buyer's or a standard's list. It says nothing about whether they are valid."""


class AskedFault(StrEnum):
    ACT_UNKNOWN = "policy.act_unknown"
    FACT_UNKNOWN = "policy.fact_unknown"
    FACT_UNREADABLE = "policy.fact_unreadable"


@dataclass(frozen=True, slots=True)
class Asked:
    """One act and what is known about it. What is not known is absent, never zero."""

    act: Act
    facts: Mapping[str, FactValue] = field(default_factory=dict)

    def missing(self, *names: str) -> tuple[str, ...]:
        return tuple(name for name in names if name not in self.facts)

    def whole(self, name: str) -> int:
        """A whole number that is known to be there: tonnes, minor units of money, a count, a year."""
        value = self.facts[name]
        assert isinstance(value, int)
        return value

    def number(self, name: str) -> Fraction:
        value = self.facts[name]
        assert isinstance(value, int | Fraction)
        return Fraction(value)

    def word(self, name: str) -> str:
        """A word, or nothing where it is not known."""
        return str(self.facts.get(name, ""))

    def words(self, name: str) -> frozenset[str]:
        value = self.facts.get(name, frozenset())
        return value if isinstance(value, frozenset) else frozenset({str(value)})

    def yes(self, name: str) -> bool:
        return self.facts.get(name) is True

    def day(self, name: str) -> date:
        value = self.facts[name]
        assert isinstance(value, date)
        return value


def asked_from(act: str, facts: Mapping[str, Any], declared: Mapping[str, Fact]) -> Asked | Refusal:
    """An act from words, as a command line or a case writes them.

    Args:
        declared: Facts that the pack declares beside those of `FACTS`.

    Returns:
        The act, or the refusal `policy.act_unknown`, `policy.fact_unknown` or `policy.fact_unreadable`.
    """
    if act not in set(Act):
        return Refusal(AskedFault.ACT_UNKNOWN, {"act": act[:WORD_MAX], "known": ", ".join(Act)})
    known = {**FACTS, **declared}
    read: dict[str, FactValue] = {}
    for name, raw in facts.items():
        if name not in known and not name.startswith(NAMED_BY_LAW):
            return Refusal(AskedFault.FACT_UNKNOWN, {"fact": name[:WORD_MAX], "act": act})
        kind = known[name].type if name in known else FactType.TONNES
        value = fact_value(kind, raw)
        if value is None:
            shown = {"fact": name, "value": str(raw)[:WORD_MAX], "type": kind.value}
            return Refusal(AskedFault.FACT_UNREADABLE, shown)
        if isinstance(value, int) and value < 0 and kind in _AMOUNTS and name not in _SIGNED:
            shown = {"fact": name, "value": str(value), "type": f"{kind.value} >= 0"}
            return Refusal(AskedFault.FACT_UNREADABLE, shown)
        read[name] = value
    return Asked(Act(act), read)


def fact_value(kind: FactType, raw: Any) -> FactValue | None:
    """A fact of its type from what was written, or None when it is not of that type."""
    match kind:
        case FactType.YES_NO:
            return (
                raw if isinstance(raw, bool) else {"yes": True, "no": False, "true": True, "false": False}.get(str(raw))
            )
        case FactType.TONNES | FactType.COUNT | FactType.MONEY | FactType.YEAR:
            return _whole(raw)
        case FactType.NUMBER:
            return Fraction(str(raw)) if not isinstance(raw, bool) and _DECIMAL.match(str(raw)) else None
        case FactType.DAY:
            return _day(raw)
        case FactType.WORDS:
            return _words(raw)
        case FactType.CODE:
            return raw if isinstance(raw, str) and _CODE.match(raw) else None
        case FactType.WORD:
            return raw if isinstance(raw, str) and 0 < len(raw) <= WORD_MAX else None


def _whole(raw: Any) -> int | None:
    if isinstance(raw, bool) or not _WHOLE.match(str(raw)):
        return None
    return int(raw) if abs(int(raw)) <= TONNES_MAX else None


def _day(raw: Any) -> date | None:
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        return None


def _words(raw: Any) -> frozenset[str] | None:
    words: Iterable[Any] = [part.strip() for part in raw.split(",")] if isinstance(raw, str) else raw
    if not isinstance(words, list | tuple | frozenset) or len(words) > WORDS_MAX:
        return None
    listed = [word for word in words if word != ""]
    return frozenset(listed) if all(isinstance(word, str) and len(word) <= WORD_MAX for word in listed) else None
