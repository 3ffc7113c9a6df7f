"""The chart of accounts: what the first word of an account code means.

Holdings are opened by name (`tha:energy-absolute`); the other accounts exist by their code. A terminal account accepts
and never releases. Units are born from a source account, so that issuance is balanced like any other entry.

Source: 2/CMA.3 annex para. 29 and 6/CMA.4 annex I paras. 1-8 (accounts and records of a registry); ADR-0003.
"""

from enum import StrEnum
from functools import lru_cache
from typing import Final

from counterfoil.domain.kernel.ids import AccountCode, Party


class AccountRole(StrEnum):
    """What an account may do in the unit book."""

    SOURCE = "source"
    HOLDING = "holding"
    PENDING = "pending"
    ABROAD = "abroad"
    TERMINAL = "terminal"


class AccountFault(StrEnum):
    UNKNOWN = "account.unknown"
    CODE_RESERVED = "account.code_reserved"
    CODE_UNREADABLE = "account.code_unreadable"
    ALREADY_OPEN = "account.already_open"
    NOT_A_HOLDING = "account.not_a_holding"
    OTHER_PARTY = "account.other_party"


_ROLES: Final = {
    "issued": AccountRole.SOURCE,
    "imported": AccountRole.SOURCE,
    "from": AccountRole.SOURCE,
    "pending": AccountRole.PENDING,
    "to": AccountRole.ABROAD,
    "used": AccountRole.TERMINAL,
    "cancelled": AccountRole.TERMINAL,
    "retired": AccountRole.TERMINAL,
}


@lru_cache(maxsize=65_536)
def role(code: str) -> AccountRole:
    """The role of an account by the first word of its code.

    >>> role("cancelled:omge").value, role("tha:developer").value
    ('terminal', 'holding')
    """
    return _ROLES.get(code.partition(":")[0], AccountRole.HOLDING)


def issued(activity: str) -> AccountCode:
    return AccountCode(f"issued:{activity}")


def imported(origin: str) -> AccountCode:
    return AccountCode(f"imported:{origin}")


def came_from(party: Party) -> AccountCode:
    """Where units of another Party's book enter this one."""
    return AccountCode(f"from:{party}")


def went_to(party: Party) -> AccountCode:
    """Where units that left for another Party's book stand in this one."""
    return AccountCode(f"to:{party}")


def pending(party: Party) -> AccountCode:
    """Units in flight to another book: still the source's holding, flagged, and nobody else's."""
    return AccountCode(f"pending:{party}")


def used_towards_ndc(party: Party, year: int) -> AccountCode:
    return AccountCode(f"used:{party}:ndc:{year}")


def cancelled(purpose: str) -> AccountCode:
    return AccountCode(f"cancelled:{purpose}")


ADAPTATION_FUND: Final = AccountCode("to:adaptation-fund")
"""Units given to the Adaptation Fund: gone from this book, and waiting for their use like others that left."""
FROM_MECHANISM: Final = AccountCode("from:mechanism")
IN_MECHANISM: Final = AccountCode("to:mechanism")
"""Own units that were issued in the mechanism registry, as their host knows them once they are first transferred.

Neither account is of a Party: the units crossed no border of this book. Source: ADR-0036.
"""
RETIRED_AT_HOME: Final = AccountCode("retired:domestic")
