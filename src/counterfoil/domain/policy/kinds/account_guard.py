"""What guards an account: who may receive at once, when the registry works, how much may leave, and on what terms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.policy.applying import Decide, Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, noted

MOVE_DELAY: Final = "move_delay"
MOVE_LIMIT: Final = "move_limit"
ACCOUNT_TERMS: Final = "account_terms"
DAYS_OF_WEEK: Final = tuple(str(day) for day in range(1, 8))


class Untrusted(StrEnum):
    """What becomes of a transfer to an account that is not on the trusted list."""

    DELAY = "delay"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class MoveDelayRule:
    """`activation_hours` after its entry an account of a trusted list counts.

    A transfer to any other account is refused, or done `delay_hours` after it was asked for. `opens` and `closes` are
    the working hours at `utc_offset`, such as `"09:00"` and `"+08:00"`, on `weekdays` (1 is Monday) that are no
    `holidays`; what falls outside them waits for the next opening.
    """

    activation_hours: int = 0
    untrusted: Untrusted = Untrusted.DELAY
    delay_hours: int = 0
    opens: str = "00:00"
    closes: str = "24:00"
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    holidays: tuple[date, ...] = ()
    utc_offset: str = "+00:00"


@dataclass(frozen=True, slots=True)
class MoveLimitRule:
    """How many units may leave one account by one act, and in one day of recording (UTC). 0 is no limit."""

    per_act: int = 0
    per_day: int = 0


@dataclass(frozen=True, slots=True)
class AccountTermsRule:
    """`kyc`: an account needs a file on its holder that has not run out. `one_party`: a foreign entity shows one Party.

    `separate_bodies`: nobody of the registry's operator authorizes, and nobody of the authority runs the registry.
    """

    kyc: bool = False
    one_party: bool = False
    separate_bodies: bool = False


def clock_minutes(text: str) -> int | None:
    """Minutes since midnight of `HH:MM`, 24:00 included; None for anything else.

    >>> clock_minutes("09:30"), clock_minutes("24:00"), clock_minutes("24:01"), clock_minutes("9:30")
    (570, 1440, None, None)
    """
    hours, colon, minutes = text[:2], text[2:3], text[3:]
    plain = len(text) == 5 and colon == ":" and (hours + minutes).isascii() and (hours + minutes).isdecimal()
    if not plain or int(minutes) > 59:
        return None
    found = int(hours) * 60 + int(minutes)
    return found if found <= 24 * 60 else None


def offset_minutes(text: str) -> int | None:
    """Minutes that a place is ahead of UTC, from `+08:00` or `-03:30`; None for anything else, or beyond a day's half.

    >>> offset_minutes("+08:00"), offset_minutes("-03:30"), offset_minutes("08:00"), offset_minutes("+15:00")
    (480, -210, None, None)
    """
    minutes = clock_minutes(text[1:])
    if text[:1] not in ("+", "-") or minutes is None or minutes > 14 * 60:
        return None
    return minutes if text[0] == "+" else -minutes


def unclear_words(rule: MoveDelayRule) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Words of a rule that mean nothing: the key, the word, and what would be understood."""
    opens, closes = clock_minutes(rule.opens), clock_minutes(rule.closes)
    if opens is None:
        yield "opens", rule.opens, ("09:00",)
    if closes is None or (opens is not None and closes <= opens):
        yield "closes", rule.closes, ("17:00",)
    if offset_minutes(rule.utc_offset) is None:
        yield "utc_offset", rule.utc_offset, ("+08:00",)
    for day in rule.weekdays:
        if not 1 <= day <= 7:
            yield "weekdays", str(day), DAYS_OF_WEEK
    if not rule.weekdays:
        yield "weekdays", "-", DAYS_OF_WEEK
    for key, hours in (("activation_hours", rule.activation_hours), ("delay_hours", rule.delay_hours)):
        if not 0 <= hours <= 8_760:
            yield key, str(hours), ("0", "8760")


def _told(kind: str, words: Sequence[str]) -> Decide:
    """What is decided stands in the safeguards of accounts, with the books; a question of the law is told the rule."""

    def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
        del asked, law, on
        for clause in clauses:
            notes = tuple((word, str(getattr(clause.content, word))) for word in words)
            yield noted(kind, clause.basis, notes=notes)

    return decide


_LEAVING: Final = frozenset({Act.TRANSFER, Act.FIRST_TRANSFER})
_DELAY_WORDS: Final = ("untrusted", "activation_hours", "delay_hours", "opens", "closes", "utc_offset")
MOVE_DELAYS: Final = Kind(MOVE_DELAY, MoveDelayRule, _LEAVING, _told(MOVE_DELAY, _DELAY_WORDS))
MOVE_LIMITS: Final = Kind(
    MOVE_LIMIT,
    MoveLimitRule,
    _LEAVING | {Act.USE, Act.CANCEL},
    _told(MOVE_LIMIT, ("per_act", "per_day")),
)
ACCOUNT_TERM: Final = Kind(
    ACCOUNT_TERMS,
    AccountTermsRule,
    _LEAVING | {Act.USE, Act.CANCEL},
    _told(ACCOUNT_TERMS, ("kyc", "one_party", "separate_bodies")),
)
