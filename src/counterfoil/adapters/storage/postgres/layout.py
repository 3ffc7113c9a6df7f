"""Whether the guards of a schema still are those that were laid out: its constraints, triggers and their functions.

Whoever owns the tables may disable a trigger, or let rows be lost with an unlogged table: the rows say nothing of it.
What an administrator adds beside our tables, such as views and rights, is let be.
Read before: `adapters/storage/postgres/schema.py`.
"""

import contextlib
import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from psycopg import Error

from counterfoil.adapters.storage.postgres.outage import translated
from counterfoil.adapters.storage.postgres.place import Connection, Place, place_of
from counterfoil.adapters.storage.postgres.schema import FUNCTIONS
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Outage

Parts: TypeAlias = Mapping[str, str]
"""By kind and name, what the server says of a part."""

_TABLES: Final = ("balance", "block", "checkpoint", "cosignature", "journal", "mark", "opening", "record", "term")
_FUNCTION: Final = re.compile(r"CREATE FUNCTION (\w+)\(\).*?AS \$\$(.*?)\$\$", re.DOTALL)
_PARTS: Final = """
WITH ours AS (
    SELECT c.oid, relname, relpersistence, relrowsecurity FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = relnamespace WHERE nspname = %s AND relkind = 'r' AND relname = ANY(%s)
), guard AS (
    SELECT t.*, relname, proname, prosrc, lanname, proconfig FROM pg_trigger AS t JOIN ours ON ours.oid = tgrelid
    JOIN pg_proc AS p ON p.oid = tgfoid JOIN pg_language AS l ON l.oid = prolang
)
SELECT 'table ' || relname, relpersistence::text || CASE WHEN relrowsecurity THEN ' with row security' ELSE '' END
FROM ours
UNION ALL
SELECT 'constraint ' || conname, relname || ' ' || CASE WHEN convalidated THEN '' ELSE 'unproven ' END
    || pg_get_constraintdef(k.oid)
FROM pg_constraint AS k JOIN ours ON ours.oid = conrelid WHERE contype IN ('c', 'f', 'p', 'u', 'x')
UNION ALL
SELECT 'trigger ' || tgname, tgenabled::text || ' ' || pg_get_triggerdef(guard.oid, true)
FROM guard WHERE NOT tgisinternal
UNION ALL
SELECT 'reference ' || relname, string_agg(tgenabled::text, '') FROM guard WHERE tgisinternal GROUP BY relname
UNION ALL
SELECT DISTINCT 'function ' || proname,
    lanname || ' ' || replace(coalesce(array_to_string(proconfig, ';'), ''), ', ', ',') || prosrc
FROM guard WHERE NOT tgisinternal
UNION ALL
SELECT 'rule ' || rulename, relname FROM pg_rewrite JOIN ours ON ours.oid = ev_class
"""

_KEYS: Final = {
    "balance_pkey": "balance PRIMARY KEY (book, commodity, account)",
    "block_pkey": "block PRIMARY KEY (class, first)",
    "checkpoint_pkey": "checkpoint PRIMARY KEY (number)",
    "cosignature_number_fkey": "cosignature FOREIGN KEY (number) REFERENCES checkpoint(number)",
    "cosignature_pkey": "cosignature PRIMARY KEY (number, name)",
    "journal_command_key": "journal UNIQUE (command)",
    "journal_pkey": "journal PRIMARY KEY (seq)",
    "mark_pkey": "mark PRIMARY KEY (one)",
    "opening_pkey": "opening PRIMARY KEY (seq, field)",
    "record_pkey": "record PRIMARY KEY (kind, key)",
    "term_pkey": "term PRIMARY KEY (kind, number)",
}
_CHECKS: Final = {
    "balance_gives_only": "balance CHECK (((book <> 'units'::text) OR (amount <= 0)))",
    "block_check": "block CHECK ((last >= first))",
    "block_first_check": "block CHECK ((first >= 1))",
    "checkpoint_number_check": "checkpoint CHECK ((number >= 1))",
    "checkpoint_size_check": "checkpoint CHECK ((size >= 0))",
    "journal_leaf_hash_check": "journal CHECK ((octet_length(leaf_hash) = 32))",
    "journal_seq_check": "journal CHECK ((seq >= 0))",
    "mark_epoch_check": "mark CHECK ((epoch >= 0))",
    "mark_format_check": "mark CHECK ((format >= 1))",
    "mark_one_check": "mark CHECK (one)",
    "term_number_check": "term CHECK ((number >= 0))",
}
_TRIGGERS: Final = {
    **{
        f"{table}_is_never_changed": f"A CREATE TRIGGER {table}_is_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE"
        f" ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in ("checkpoint", "cosignature", "journal")
    },
    "new_blocks_stand_apart": "O CREATE TRIGGER new_blocks_stand_apart AFTER INSERT ON block"
    " REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_new_overlap()",
    "grown_blocks_stand_apart": "O CREATE TRIGGER grown_blocks_stand_apart AFTER UPDATE ON block FOR EACH ROW"
    " WHEN (new.last > old.last OR new.first <> old.first OR new.class <> old.class)"
    " EXECUTE FUNCTION refuse_grown_overlap()",
}


def check_layout(connection: Connection, place: Place) -> None:
    """Accept tables with the guards of this format only, each as it was laid out, and with no others.

    Raises:
        Outage: `storage.schema_differs`, with the first part that is missing, changed or foreign.
        psycopg.Error: the server did not answer.
    """
    found: Parts = dict(connection.execute(_PARTS, (place.schema, list(_TABLES))).fetchall())
    expected = _expected(place.schema)
    for part in sorted(found.keys() | expected.keys()):
        if found.get(part) != expected.get(part):
            raise Outage(StorageFault.SCHEMA_DIFFERS, {"path": place.name, "part": part[:200]})


def _expected(schema: str) -> Parts:
    own = f"search_path={schema},pg_temp;enable_seqscan=off"
    return {
        **{f"table {name}": "p" for name in _TABLES},
        **{f"constraint {name}": text for name, text in (_KEYS | _CHECKS).items()},
        **{f"trigger {name}": text for name, text in _TRIGGERS.items()},
        **{f"reference {name}": "OO" for name in ("checkpoint", "cosignature")},
        **{
            f"function {name}": f"plpgsql {own if name.endswith('_overlap') else ''}{text}"
            for name, text in _FUNCTION.findall(FUNCTIONS)
        },
    }


def require_own_layout(conninfo: str, *, schema: str) -> None:
    """Check the guards of a schema on a connection of its own. Look at the rows first: they say where.

    Raises:
        Outage: `storage.schema_differs`; or the database cannot be asked.
    """
    place = place_of(conninfo, schema)
    with contextlib.closing(place.connect(role="reading")) as connection:
        try:
            check_layout(connection, place)
        except Error as error:
            raise translated(error, place.name) from error
