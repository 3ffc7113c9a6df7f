"""The schema's format: its tables, the wall that stands in the database itself, and which schemas are ours.

Text is ordered by code points (`COLLATE "C"`), as in every other engine, whatever the database's language is.
Read next: `adapters/storage/postgres/session.py`.
Source: ADR-0010, ADR-0015.
"""

from typing import Final, NamedTuple

from psycopg import Error, sql
from psycopg.errors import InsufficientPrivilege, UndefinedColumn, UndefinedTable, UniqueViolation

from counterfoil.adapters.storage.postgres.fault import PostgresFault
from counterfoil.adapters.storage.postgres.outage import translated
from counterfoil.adapters.storage.postgres.place import Connection, Place
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Outage

FORMAT: Final = 2
APPLICATION: Final = "counterfoil"

# Nothing here may change without a new FORMAT and a step to it (`migrations.py`). No index beside the keys: each one
# would cost every commit.
# A block's page keeps room, so that a block that shrinks stays where it is and no index is touched.
_TABLES: Final = """
CREATE TABLE mark (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    application text NOT NULL,
    format integer NOT NULL CHECK (format >= 1),
    epoch bigint NOT NULL CHECK (epoch >= 0)
);
CREATE TABLE journal (
    seq bigint PRIMARY KEY CHECK (seq >= 0),
    command text COLLATE "C" NOT NULL UNIQUE,
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    leaf bytea NOT NULL
);
CREATE TABLE checkpoint (
    number bigint PRIMARY KEY CHECK (number >= 1),
    size bigint NOT NULL CHECK (size >= 0),
    frontier bytea NOT NULL,
    note text NOT NULL
);
CREATE TABLE term (
    kind text COLLATE "C" NOT NULL,
    number bigint NOT NULL CHECK (number >= 0),
    text text NOT NULL,
    PRIMARY KEY (kind, number)
);
CREATE TABLE block (
    class bigint NOT NULL,
    first bigint NOT NULL CHECK (first >= 1),
    last bigint NOT NULL,
    account bigint NOT NULL,
    lot bigint NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (class, first),
    CHECK (last >= first)
) WITH (fillfactor = 70);
CREATE TABLE record (
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    value text NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE TABLE balance (
    book text COLLATE "C" NOT NULL,
    commodity text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (book, commodity, account)
) WITH (fillfactor = 70);
CREATE TABLE opening (
    seq bigint NOT NULL,
    field text COLLATE "C" NOT NULL,
    salt bytea NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (seq, field)
);
"""

# A holding is a block, and a block has a serial at least: so no holder is below zero. What is a balance in the unit
# book is a source's, out of which units come and never more back.
SOURCES: Final = "ALTER TABLE balance ADD CONSTRAINT balance_gives_only CHECK (book <> 'units' OR amount <= 0)"

COSIGNATURE: Final = """
CREATE TABLE cosignature (
    number bigint NOT NULL REFERENCES checkpoint,
    name text COLLATE "C" NOT NULL,
    line text NOT NULL,
    PRIMARY KEY (number, name)
);
CREATE TRIGGER cosignature_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON cosignature
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Also in a session that plays a replica (`session_replication_role`), in which other triggers rest.
ALWAYS: Final = "".join(
    f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_never_changed;\n"
    for table in ("journal", "checkpoint", "cosignature")
)

# A hand at the SQL prompt is stopped here; one that drops the triggers is found by `verify`.
_IMMUTABLE: Final = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Blocks that did not overlap before can overlap only where one came new or grew. From such a block's last serial the
# primary key is read backwards: the block itself must come first, and then one that ends before it. Two transactions
# cannot see each other's blocks, so both take the one mark first: whoever comes second waits, and then looks at what
# the first one left.
_APART: Final = """
CREATE FUNCTION refuse_new_overlap() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT SET enable_seqscan = off AS $$
DECLARE
    bad record;
BEGIN
    PERFORM FROM mark FOR UPDATE;
    SELECT came.class, came.first INTO bad FROM added AS came, LATERAL (
        SELECT b.first, b.last FROM block AS b WHERE b.class = came.class AND b.first <= came.last
        ORDER BY b.first DESC LIMIT 2
    ) AS near
    WHERE near.first > came.first OR (near.first < came.first AND near.last >= came.first)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'block % of class % overlaps its neighbour', bad.first, bad.class
            USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION refuse_grown_overlap() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT SET enable_seqscan = off AS $$
BEGIN
    PERFORM FROM mark FOR UPDATE;
    PERFORM FROM (
        SELECT b.first, b.last FROM block AS b WHERE b.class = new.class AND b.first <= new.last
        ORDER BY b.first DESC LIMIT 2
    ) AS near
    WHERE near.first > new.first OR (near.first < new.first AND near.last >= new.first);
    IF FOUND THEN
        RAISE EXCEPTION 'block % of class % overlaps its neighbour', new.first, new.class
            USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER new_blocks_stand_apart AFTER INSERT ON block
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_new_overlap();
CREATE TRIGGER grown_blocks_stand_apart AFTER UPDATE ON block FOR EACH ROW
    WHEN (new.last > old.last OR new.first <> old.first OR new.class <> old.class)
    EXECUTE FUNCTION refuse_grown_overlap();
"""

FUNCTIONS: Final = f"{_IMMUTABLE}{_APART}"
"""What makes the triggers' functions; `layout.py` holds them against those that stand in the database."""

_MARK: Final = "INSERT INTO mark (application, format, epoch) VALUES (%s, %s, 0)"


class Mark(NamedTuple):
    """What the one row of `mark` says: whose schema this is, in which format, and how often a writer opened it."""

    application: str
    format: int
    epoch: int


def found(connection: Connection, place: Place) -> None:
    """Lay out a new registry in one transaction, also into an empty schema that an administrator made for it.

    Raises:
        Outage: something is there already, or the database is not in UTF-8.
    """
    schema = sql.Identifier(place.schema)
    try:
        with connection.transaction():
            encoding = connection.execute("SELECT current_setting('server_encoding')").fetchone()
            if encoding != ("UTF8",):
                detail = f"the database is in {encoding}, not in UTF8"
                raise Outage(PostgresFault.UNREACHABLE, {"path": place.name, "detail": detail})
            if _schema_exists(connection, place):
                if _relations(connection, place):
                    raise Outage(StorageFault.EXISTS, {"path": place.name})
            else:
                connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
            connection.execute(f"{_TABLES}{SOURCES};{_IMMUTABLE}{COSIGNATURE}{ALWAYS}{_APART}")
            connection.execute(_MARK, (APPLICATION, FORMAT))
    except UniqueViolation as taken:
        # Somebody else founded it at the same moment.
        raise Outage(StorageFault.EXISTS, {"path": place.name}) from taken
    except Error as error:
        raise translated(error, place.name) from error


def check_format(connection: Connection, place: Place) -> Mark:
    """Accept a schema of this format only.

    Raises:
        Outage: the schema is absent, not ours, or of another format.
    """
    mark = mark_of(connection, place)
    if mark.format < FORMAT:
        facts = {"path": place.name, "format": mark.format, "format_now": FORMAT}
        raise Outage(StorageFault.OLDER_FORMAT, facts)
    return mark


def mark_of(connection: Connection, place: Place) -> Mark:
    """The mark of a schema of ours, of this format or an older one.

    Raises:
        Outage: the schema is absent, not ours, or of a newer format.
    """
    try:
        row = connection.execute("SELECT application, format, epoch FROM mark").fetchone()
    except (UndefinedTable, UndefinedColumn, InsufficientPrivilege) as error:
        if isinstance(error, InsufficientPrivilege):
            raise translated(error, place.name) from error
        connection.rollback()
        fault = StorageFault.NOT_OURS if _schema_exists(connection, place) else StorageFault.ABSENT
        raise Outage(fault, {"path": place.name}) from error
    except Error as error:
        raise translated(error, place.name) from error
    if row is None or row[0] != APPLICATION:
        raise Outage(StorageFault.NOT_OURS, {"path": place.name})
    mark = Mark._make(row)
    if mark.format > FORMAT:
        facts = {"path": place.name, "format": mark.format, "format_max": FORMAT}
        raise Outage(StorageFault.NEWER_FORMAT, facts)
    return mark


def _schema_exists(connection: Connection, place: Place) -> bool:
    return connection.execute("SELECT FROM pg_namespace WHERE nspname = %s", (place.schema,)).rowcount == 1


def _relations(connection: Connection, place: Place) -> bool:
    of_schema = "SELECT FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace WHERE n.nspname = %s LIMIT 1"
    return connection.execute(of_schema, (place.schema,)).rowcount == 1
