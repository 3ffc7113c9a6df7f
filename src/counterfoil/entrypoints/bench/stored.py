"""How much of the disk a registry's ledger takes."""

from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bootstrap import Folder


def stored_bytes(place: Ground, folder: Folder) -> int:
    """Bytes of the tables with their indexes: of the whole file and its log, or of the schema."""
    if place.engine == "postgres":
        return _of_schema(place, folder.path.name)
    return sum(path.stat().st_size for path in folder.path.glob(f"{folder.ledger.name}*"))


def _of_schema(place: Ground, name: str) -> int:
    import psycopg

    tables = (
        "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class "
        "WHERE relkind = 'r' AND relnamespace = %s::regnamespace"
    )
    with psycopg.connect(place.conninfo) as session:
        found = session.execute(tables, (place.schema(name),)).fetchone()
    assert found is not None
    return int(found[0])
