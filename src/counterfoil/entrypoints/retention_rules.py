"""`retention.toml` in a registry's folder: for how long the names of people must be kept, dated, with the provision."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Final

from counterfoil.application.office.retention import Retention, RetentionFault
from counterfoil.application.ports import Outage

FILE: Final = "retention.toml"
DAYS_MAX: Final = 36_525
_BYTES_MAX: Final = 64 * 1024


def retention_rules(folder: Path) -> tuple[Retention, ...]:
    """The rules of a folder; none where there is no file.

    Raises:
        Outage: `retention.settings_unreadable`, with what is wrong.
    """
    path = folder / FILE
    try:
        with path.open("rb") as file:
            raw = tomllib.loads(file.read(_BYTES_MAX).decode("utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, RecursionError) as error:
        raise _wrong(path, str(error)) from error
    rows = raw.get("person")
    if set(raw) != {"person"} or not isinstance(rows, list):
        raise _wrong(path, "tables [[person]] are expected, and nothing else")
    return tuple(_rule(path, row) for row in rows)


def _rule(path: Path, row: object) -> Retention:
    if not isinstance(row, dict) or set(row) != {"from", "days", "basis"}:
        raise _wrong(path, "a rule has from, days and basis")
    first, days, basis = row["from"], row["days"], row["basis"]
    # A moment is a date too, but not a day; a truth value is a number too, but no count.
    good = type(first) is date and type(days) is int and 0 <= days <= DAYS_MAX and isinstance(basis, str)
    if not good or not basis.strip():
        raise _wrong(path, f"from is a day, days from 0 to {DAYS_MAX}, basis the provision")
    return Retention(first, days, basis.strip()[:200])


def _wrong(path: Path, detail: str) -> Outage:
    return Outage(RetentionFault.SETTINGS_UNREADABLE, {"path": str(path), "detail": detail[:200]})
