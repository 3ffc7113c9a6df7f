"""The file `engine.toml` in a registry's folder: it says that the ledger stands in PostgreSQL, and where.

It is read before the driver is imported, which only a registry on PostgreSQL needs.
"""

import importlib.util
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from counterfoil.adapters.storage.postgres.fault import PostgresFault
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.ports import Outage

ENGINE: Final = "postgresql"
_KEYS: Final = {"engine", "conninfo", "schema"}
SCHEMA: Final = "counterfoil"


@dataclass(frozen=True, slots=True)
class EngineFile:
    """Where the ledger stands. The connection string may hold a password, and is not shown."""

    conninfo: str = field(repr=False)
    schema: str = SCHEMA


def read_engine_file(path: Path) -> EngineFile | None:
    """What the file says; None where there is none, and the embedded engine is meant.

    Raises:
        Outage: the file cannot be read or says something else, or the driver is not installed.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise of_system(error, path) from error
    except ValueError:
        # The error may quote the line, and with it a password; so it is not passed on.
        raise _unreadable(path, "TOML") from None
    if said.get("engine") != ENGINE:
        raise _unreadable(path, "engine")
    for name in ("conninfo", *sorted(set(said) - _KEYS), *(("schema",) if "schema" in said else ())):
        if name not in _KEYS or not isinstance(said.get(name), str):
            raise _unreadable(path, name)
    if importlib.util.find_spec("psycopg") is None:
        raise Outage(PostgresFault.NO_DRIVER, {"path": str(path)})
    return EngineFile(said["conninfo"], said.get("schema", SCHEMA))


def _unreadable(path: Path, what: str) -> Outage:
    return Outage(PostgresFault.UNREADABLE_ENGINE, {"path": str(path), "detail": what})
