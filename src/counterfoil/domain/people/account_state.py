"""Whether an account may give and take: open, suspended by an authority, in its custody, or closed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal

ACCOUNT_STATE: Final = "account_state"
"""The kind of the record; an account without one is open."""


class AccountStateFault(StrEnum):
    SUSPENDED = "account.suspended"
    IN_CUSTODY = "account.in_custody"
    CLOSED = "account.closed"
    REASON_MISSING = "account.reason_missing"
    UNTIL_PAST = "account.until_past"
    NOT_SUSPENDED = "account.not_suspended"
    HOLDS_UNITS = "account.holds_units"
    NOT_IN_CUSTODY = "account.not_in_custody"


class Stand(StrEnum):
    OPEN = "open"
    SUSPENDED = "suspended"
    CUSTODY = "custody"
    """Its holder has left; what it holds waits for the authority's decision."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class AccountState:
    """`authority` decided it for `reason`. A suspension lapses after `until`; `incoming`: it stops what comes too."""

    account: str
    stand: Stand
    since: date
    authority: str = ""
    reason: str = ""
    until: date | None = None
    incoming: bool = False

    def on(self, day: date) -> Stand:
        """Where the account stands on a day: a suspension's last day still suspends."""
        lapsed = self.stand is Stand.SUSPENDED and self.until is not None and day > self.until
        return Stand.OPEN if lapsed else self.stand


def may_give(state: AccountState | None, today: date) -> Refusal | None:
    """Whether units may leave an account by its holder's will.

    Returns:
        None, or the refusal `account.suspended`, `account.in_custody` or `account.closed`.
    """
    return None if state is None or state.on(today) is Stand.OPEN else _refused(state, today)


def may_take(state: AccountState | None, today: date) -> Refusal | None:
    """Whether units may come to an account: a suspension stops them only where it says so."""
    if state is None or state.on(today) is Stand.OPEN:
        return None
    if state.stand is Stand.SUSPENDED and not state.incoming:
        return None
    return _refused(state, today)


def _refused(state: AccountState, today: date) -> Refusal:
    fault = {
        Stand.SUSPENDED: AccountStateFault.SUSPENDED,
        Stand.CUSTODY: AccountStateFault.IN_CUSTODY,
        Stand.CLOSED: AccountStateFault.CLOSED,
    }[state.on(today)]
    return Refusal(fault, {"account": state.account[:120], "authority": state.authority, "reason": state.reason})
