"""Open data: every public list of the register as CSV, JSON and Parquet, with a dictionary of its fields.

Files are written piece by piece while they are sent, so that a list of any length takes the memory of one piece. With
`?as_of=` a file holds what the register said at that moment, and says so in its name: read `web/moment.py`.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from counterfoil import __version__
from counterfoil.adapters.parquet import INT64_MAX, ParquetColumn, ParquetWriter, Type
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.queries import Page, Query, queries
from counterfoil.entrypoints.language import said
from counterfoil.entrypoints.web.listing import plain
from counterfoil.entrypoints.web.moment import AsOf, books_then, moment_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent, Shown, Streamed, reading
from counterfoil.entrypoints.web.portal.data_fields import OTHER, Field, FieldType, described, fields_of
from counterfoil.entrypoints.web.visit import Visit

ROWS: Final = 1_000
"""Rows that are read and written at a time."""
GROUP_ROWS: Final = 10_000
"""Rows of a group in Parquet."""
SAMPLE: Final = 200
FORMATS: Final = ("csv", "json", "parquet")
KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}

Row = Mapping[str, Any]
Piece = Callable[[Sight, str], tuple[bytes, str | None]]


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow("/data", reading(_index)),
        PageRow("/data/dictionary.json", reading(_dictionary)),
        *(PageRow(f"/data/{{name}}.{ending}", _sender(ending)) for ending in FORMATS),
        PageRow("/data/{name}", reading(_one)),
    )


@cache
def lists() -> Mapping[str, Query]:
    """The public lists by the name of their files: those that the API pages through."""
    return {
        query.path.strip("/").replace("/", "-"): query for query in queries() if query.paged and not query.parameter
    }


def _read(query: Query, sight: Sight, after: str, limit: int) -> tuple[Sequence[Row], str | None]:
    found = query.ask(sight, "", Page(after=after, limit=limit))
    assert not isinstance(found, Refusal), "a list without a filter refuses nothing"
    return found["items"], found["next"]


def _fields(name: str, sight: Sight) -> list[Field]:
    return fields_of(name, _read(lists()[name], sight, "", SAMPLE)[0])


def _index(sight: Sight, visit: Visit) -> Reply | Refusal:
    if sight.record("registry", "self") is None:
        return Shown("portal/data.html", {"lists": []})
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    some = visit.ground.folds.ask(
        sight, "data", lambda: {name for name, query in lists().items() if _some(query, sight)}
    )
    found = [
        {
            "name": name,
            "summary": said(query.summary, visit.language),
            "path": query.path,
            "empty": name not in some,
        }
        for name, query in lists().items()
    ]
    empties = tuple(each["empty"] for each in found)
    return Shown("portal/data.html", {"lists": found, "as_of": as_of, "empties": empties})


def _some(query: Query, sight: Sight) -> bool:
    return bool(_read(query, sight, "", 1)[0])


def _one(sight: Sight, visit: Visit) -> Reply | Refusal:
    name = visit.path["name"]
    query = lists().get(name)
    if query is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": "data", "key": name[:80]})
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    then = books_then(sight, visit, as_of)
    sample, _ = _read(query, then, "", 1)
    facts = {
        "as_of": as_of,
        "name": name,
        "summary": said(query.summary, visit.language),
        "path": query.path,
        "fields": [
            {
                "name": field.name,
                "type": field.type.value,
                "label": field.label(visit.texts),
                "meaning": field.meaning(name, visit.texts),
            }
            for field in _fields(name, then)
        ],
        "sample": sample[0] if sample else None,
    }
    return Shown("portal/data_list.html", facts)


def _dictionary(sight: Sight, _visit: Visit) -> Reply | Refusal:
    founded = sight.record("registry", "self") is not None
    told = {
        name: {
            "summary": dict(query.summary),
            "api": f"/api/v1{query.path}",
            "files": [f"{name}.{ending}" for ending in FORMATS],
            "fields": [described(field, name) for field in _fields(name, sight)] if founded else [],
        }
        for name, query in lists().items()
    }
    body = json.dumps(told, ensure_ascii=False, indent=1).encode()
    return Sent(body, "application/json", "dictionary.json")


def _sender(ending: str) -> Callable[[Visit], Any]:
    async def send(visit: Visit) -> Reply | Refusal:
        name = visit.path["name"]
        query = lists().get(name)
        if query is None:
            return Refusal(ShowFault.NOT_FOUND, {"what": "data", "key": name[:80]})
        begun = await visit.ask(lambda sight: _begun(sight, visit, query, name))
        if isinstance(begun, Refusal):
            return begun
        as_of, fields = begun
        pieces: dict[str, Callable[[Query, Sequence[Field]], Piece]] = {
            "csv": csv_pieces,
            "json": json_pieces,
            "parquet": parquet_pieces,
        }
        made = pieces[ending](query, fields)
        if not as_of.size:
            return Streamed(made, KINDS[ending], f"{name}.{ending}")
        then: Piece = lambda sight, after: made(books_then(sight, visit, as_of), after)  # noqa: E731
        return Streamed(then, KINDS[ending], f"{name}-as-of-{as_of.size}.{ending}")

    return send


def _begun(sight: Sight, visit: Visit, query: Query, name: str) -> tuple[AsOf, list[Field]] | Refusal:
    """The moment and the fields of a file.

    Raises:
        Outage: `moment.being_read`. A file that has begun cannot end in it, so each kind of its records is asked first.
    """
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    ground = visit.ground
    for kind in query.kinds if as_of.size else ():
        ground.histories.count(sight, kind, size=as_of.size, mentioned=ground.mentioned, room=ground.room)
    return as_of, _fields(name, books_then(sight, visit, as_of))


def csv_pieces(query: Query, fields: Sequence[Field]) -> Piece:
    """RFC 4180, with the names of the fields as headings in every language: programs read them."""

    def piece(sight: Sight, after: str) -> tuple[bytes, str | None]:
        found, following = _read(query, sight, after, ROWS)
        text = io.StringIO()
        writer = csv.writer(text)
        if not after:
            writer.writerow([*(field.name for field in fields), OTHER])
        for row in found:
            writer.writerow([plain(value) for value in _cells(row, fields)])
        return text.getvalue().encode(), following

    return piece


def json_pieces(query: Query, fields: Sequence[Field]) -> Piece:
    """One array, an item a line, each item whole as the API shows it."""
    del fields

    def piece(sight: Sight, after: str) -> tuple[bytes, str | None]:
        found, following = _read(query, sight, after, ROWS)
        lines = [json.dumps(row, ensure_ascii=False, default=str) for row in found]
        head = ("," if lines else "") if after else "["
        body = head + ("\n" + ",\n".join(lines) if lines else "") + ("\n]\n" if following is None else "")
        return body.encode(), following

    return piece


def parquet_pieces(query: Query, fields: Sequence[Field]) -> Piece:
    """Typed columns where the type is sure; lists, objects and everything else as text, objects as JSON."""
    columns = [ParquetColumn(field.name, _physical(field)) for field in fields]
    writer = ParquetWriter([*columns, ParquetColumn(OTHER)], created_by=f"counterfoil {__version__}")

    def piece(sight: Sight, after: str) -> tuple[bytes, str | None]:
        rows: list[list[Any]] = []
        following: str | None = after
        while following is not None and len(rows) < GROUP_ROWS:
            found, following = _read(query, sight, following, ROWS)
            rows += [
                [_typed(value, column.type) for value, column in zip(_cells(row, fields), columns, strict=False)]
                + [_other(row, fields) or None]
                for row in found
            ]
        body = writer.group(rows)
        return (body, following) if following is not None else (body + writer.end(), None)

    return piece


def _cells(row: Row, fields: Sequence[Field]) -> list[Any]:
    """The row's values in the order of the fields, then what no field has."""
    return [*(_flat(row.get(field.name)) for field in fields), _other(row, fields)]


def _flat(value: Any) -> Any:
    """A value as a cell has it: lists and objects as JSON."""
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, Mapping | list | tuple) else value


def _other(row: Row, fields: Sequence[Field]) -> str:
    known = {field.name for field in fields}
    rest = {name: value for name, value in row.items() if name not in known}
    return json.dumps(rest, ensure_ascii=False, default=str) if rest else ""


def _physical(field: Field) -> Type:
    if field.sure and field.type is FieldType.NUMBER:
        return Type.INT64
    return Type.BOOLEAN if field.sure and field.type is FieldType.YES_NO else Type.BYTE_ARRAY


def _typed(value: Any, kind: Type) -> Any:
    """A cell as its column takes it. What does not fit its column is left empty there, never made something else."""
    match kind:
        case Type.INT64:
            return value if isinstance(value, int) and abs(value) <= INT64_MAX else None
        case Type.BOOLEAN:
            return value if isinstance(value, bool) else None
        case Type.BYTE_ARRAY:
            return None if value is None else plain_text(value)


def plain_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
