"""Where a registry stands: a database by its connection string, and in it a schema of the registry's own."""

import re
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import psycopg
from psycopg.conninfo import conninfo_to_dict

from counterfoil.adapters.storage.postgres.fault import PostgresFault
from counterfoil.adapters.storage.postgres.outage import translated
from counterfoil.application.ports import Outage

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

_SCHEMA_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")

# A host that vanished without a word is noticed within a minute. What the connection string says wins.
_DEFAULTS: Final = {
    "connect_timeout": "10",
    "keepalives_idle": "20",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "50000",
}

# What a session must have, whatever the server, the database or the role was given as a default. It comes with the
# connection and costs no exchange. A lock of a stranger is waited for this long, then the answer is `storage.busy`.
_OPTIONS: Final = (
    "jit=off",
    "lock_timeout=5000",
    "statement_timeout=0",
    "idle_session_timeout=0",
    "idle_in_transaction_session_timeout=0",
    "default_transaction_isolation=read\\ committed",
    "default_transaction_deferrable=off",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A database and a schema. Its text names both and never shows a password."""

    conninfo: str = field(repr=False)
    schema: str
    name: str

    def __str__(self) -> str:
        return self.name

    def connect(self, *, role: str, primary: bool = False) -> Connection:
        """A connection that commits by itself unless told otherwise, with the session's settings made.

        Args:
            role: What the server's list of sessions shows.
            primary: Of several hosts, take the one that accepts writes.

        Raises:
            Outage: the database cannot be reached or does not let us in.
        """
        asked = {name: value for name, value in conninfo_to_dict(self.conninfo).items() if value is not None}
        options = " ".join(f"-c {option}" for option in (*_OPTIONS, f"search_path={self.schema},pg_temp"))
        extra: dict[str, Any] = {**_DEFAULTS, "application_name": f"counterfoil {role}", **asked}
        extra["options"] = f"{extra.get('options', '')} {options}".strip()
        extra["client_encoding"] = "utf8"
        if primary:
            extra["target_session_attrs"] = "read-write"
        try:
            return psycopg.connect(autocommit=True, **extra)
        except psycopg.Error as error:
            raise translated(error, self.name) from error


def place_of(conninfo: str, schema: str) -> Place:
    """Read a connection string; only its host, port and database are ever shown.

    Raises:
        Outage: the connection string or the schema's name cannot be read.
    """
    if not _SCHEMA_NAME.fullmatch(schema):
        raise Outage(PostgresFault.UNREADABLE_ENGINE, {"path": schema[:80], "detail": "schema"})
    try:
        parts = conninfo_to_dict(conninfo)
    except psycopg.Error:
        # The error may quote the string, and with it a password; so it is not passed on.
        raise Outage(PostgresFault.UNREADABLE_ENGINE, {"path": "postgresql", "detail": "conninfo"}) from None
    named = {name: str(parts.get(name) or "") for name in ("service", "host", "port", "dbname")}
    where = " ".join(f"{name}={value}" for name, value in named.items() if value)
    return Place(conninfo, schema, f"postgresql {where} schema={schema}".replace("  ", " "))
