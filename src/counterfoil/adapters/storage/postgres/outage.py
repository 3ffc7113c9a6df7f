"""PostgreSQL's errors as the outages that the application knows. A password is in none of them."""

from enum import StrEnum
from typing import Final

from psycopg import DataError, Error, InterfaceError, OperationalError

from counterfoil.adapters.storage.postgres.fault import PostgresFault
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Outage

# By the whole SQLSTATE where it says more than its class.
_STATES: Final = {
    "53100": StorageFault.DISK_FULL,
    "55P03": StorageFault.BUSY,
    "42P01": StorageFault.NOT_OURS,
    "42703": StorageFault.NOT_OURS,
    "XX001": StorageFault.CORRUPT,
    "XX002": StorageFault.CORRUPT,
    "58030": StorageFault.IO_ERROR,
    "25006": PostgresFault.UNREACHABLE,
    "42501": PostgresFault.UNREACHABLE,
}
_CLASSES: Final = {
    "08": PostgresFault.UNREACHABLE,
    "22": StorageFault.CONFLICT,
    "23": StorageFault.CONFLICT,
    "40": StorageFault.BUSY,
    "53": StorageFault.BUSY,
    "57": PostgresFault.UNREACHABLE,
}
_RETRY: Final = frozenset({StorageFault.DISK_FULL, StorageFault.BUSY, PostgresFault.UNREACHABLE})
_OPERATORS: Final = frozenset({"42", "25"})
"""Classes of what only a person can put right: missing rights, a standby in the place of the primary."""


def translated(error: Error, place: str) -> Outage:
    """The outage that an error of PostgreSQL is. `place` names the database without its password."""
    state = error.sqlstate or ""
    fault = _STATES.get(state) or _CLASSES.get(state[:2]) or _stateless(error)
    retry = fault in _RETRY and state[:2] not in _OPERATORS
    return Outage(fault, {"path": place, "detail": _detail(error)}, retry=retry)


def _stateless(error: Error) -> StrEnum:
    """A connection that broke or was never made, for whatever reason, has no SQLSTATE; nor has a value that the driver
    refused."""
    if isinstance(error, DataError):
        return StorageFault.CONFLICT
    lost = isinstance(error, OperationalError | InterfaceError) and not error.sqlstate
    return PostgresFault.UNREACHABLE if lost else StorageFault.IO_ERROR


def _detail(error: Error) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
