"""Open data: the three formats say the same, whole, in bounded pieces; and the dictionary describes every column."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from counterfoil.adapters.parquet import ParquetColumn, ParquetWriter, Type
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.queries import Page, Query
from counterfoil.entrypoints.web.portal import data
from counterfoil.entrypoints.web.portal.data_fields import Field, FieldType
from tests.http.desk import asking
from tests.web.books.conftest import HOSTILE
from tests.web.register.seen import seen

pytestmark = pytest.mark.anyio


def parquet(path: Path, body: bytes) -> list[dict[str, Any]]:
    """The rows as another program reads them."""
    path.write_bytes(body)
    found = duckdb.sql(f"select * from read_parquet('{path}')")
    assert found is not None
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


async def test_every_list_says_the_same_in_every_format(book: Folder, tmp_path: Path) -> None:
    async with asking(book) as client:
        for name, query in data.lists().items():
            items: list[Mapping[str, Any]] = []
            after: str | None = ""
            while after is not None:
                told = (await client.get(f"/api/v1{query.path}?limit=3" + (f"&after={after}" if after else ""))).json()
                items += told["items"]
                after = told["next"]
            answers = {kind: await client.get(f"/data/{name}.{kind}") for kind in data.FORMATS}
            assert json.loads(answers["json"].content) == items, name
            rows = list(csv.DictReader(io.StringIO(answers["csv"].text)))
            typed = parquet(tmp_path / f"{name}.parquet", answers["parquet"].content)
            assert len(rows) == len(typed) == len(items), name
            for item, row, other in zip(items, rows, typed, strict=True):
                assert row.keys() == other.keys() and item.keys() <= row.keys(), name
                for key, value in item.items():
                    if isinstance(value, int) and not isinstance(value, bool):
                        assert row[key] == str(value) and str(other[key]) == str(value), (name, key)
                    elif isinstance(value, dict | list):
                        assert json.loads(other[key]) == value, (name, key)
                assert not row["other"], (name, row["other"])


async def test_every_column_of_every_list_says_what_it_means_in_both_languages(book: Folder) -> None:
    async with asking(book) as client:
        dictionary = (await client.get("/data/dictionary.json")).json()
        page = (await client.get("/data/quotas?lang=zh-Hant", headers={"accept": "text/html"})).text
    empty = [
        (name, field["name"], language)
        for name, told in dictionary.items()
        for field in told["fields"]
        for language, meaning in field["meaning"].items()
        if not meaning
    ]
    assert not empty, sorted({each[:2] for each in empty})
    assert len(dictionary) > 30
    source = next(field for field in dictionary["inventories"]["fields"] if field["name"] == "source")
    assert "document" in source["meaning"]["en"], "a word means in each list what it means there"
    assert "得授權之上限，單位為公噸。" in page


async def test_types_are_those_of_the_records(book: Folder, tmp_path: Path) -> None:
    async with asking(book) as client:
        body = (await client.get("/data/authorizations.parquet")).content
        dictionary = (await client.get("/data/dictionary.json")).json()
        page = await seen(client, "/data/authorizations")
    (row,) = parquet(tmp_path / "a.parquet", body)
    assert row["authorized_quantity"] == 6_000 and row["any_party"] is True and row["reason"] == HOSTILE
    fields = {each["name"]: each for each in dictionary["authorizations"]["fields"]}
    assert fields["authorized_quantity"]["type"] == "number" and fields["vintages"]["type"] == "list"
    assert fields["authorized_on"]["type"] == "day" and fields["any_party"]["type"] == "yes_no"
    assert fields["host"]["label"].keys() == {"en", "zh-Hant"}
    assert all(name in page.text for name in fields)


async def test_the_page_of_data_names_every_list_and_what_is_unknown_is_not_found(book: Folder) -> None:
    async with asking(book) as client:
        page = await seen(client, "/data?lang=zh-Hant")
        missing = [await client.get(path) for path in ("/data/none", "/data/none.csv", "/data/../keys.json")]
    for name, query in data.lists().items():
        assert f"./data/{name}.parquet" in page.links or f"./data/{name}.parquet?lang=zh-Hant" in page.links
        assert query.summary["zh-Hant"] in page.text
    assert [each.status_code for each in missing] == [404, 404, 404]


class _Many:
    """A list of so many rows, and the largest page that was asked for."""

    def __init__(self, rows: int) -> None:
        self.rows, self.largest = rows, 0

    def query(self) -> Query:
        return Query("/many", "many", {"en": "", "zh-Hant": ""}, self._ask, paged=True)

    def _ask(self, _sight: Any, _key: str, page: Page) -> Mapping[str, Any]:
        self.largest = max(self.largest, page.limit)
        start = int(page.after or 0)
        end = min(start + page.limit, self.rows)
        items = [{"key": f"k{number:07d}", "n": number, "text": f"台{number}"} for number in range(start, end)]
        return {"items": items, "next": str(end) if end < self.rows else None}


FIELDS = (Field("key", FieldType.TEXT, sure=True), Field("n", FieldType.NUMBER, sure=True))


def pieces(make: Callable[..., data.Piece], many: _Many) -> Iterator[bytes]:
    piece = make(many.query(), FIELDS)
    after: str | None = ""
    while after is not None:
        body, after = piece(None, after)  # type: ignore[arg-type]
        yield body


@pytest.mark.parametrize("rows", [0, 1, 999, 1_000, 1_001, 25_000])
def test_a_long_list_is_written_in_pieces_and_is_whole(rows: int, tmp_path: Path) -> None:
    for make in (data.csv_pieces, data.json_pieces, data.parquet_pieces):
        many = _Many(rows)
        found = list(pieces(make, many))
        assert many.largest <= data.ROWS and max(map(len, found)) < 1_000_000
        whole = b"".join(found)
        if make is data.json_pieces:
            assert [each["n"] for each in json.loads(whole)] == list(range(rows))
        elif make is data.csv_pieces:
            assert [int(each["n"]) for each in csv.DictReader(io.StringIO(whole.decode()))] == list(range(rows))
        else:
            read = parquet(tmp_path / f"{rows}.parquet", whole)
            assert [each["n"] for each in read] == list(range(rows))
            assert not rows or json.loads(read[-1]["other"]) == {"text": f"台{rows - 1}"}


def test_parquet_keeps_what_is_empty_and_the_ends_of_its_types(tmp_path: Path) -> None:
    columns = [ParquetColumn("文字"), ParquetColumn("n", Type.INT64), ParquetColumn("b", Type.BOOLEAN)]
    rows = [("", 2**63 - 1, True), (None, -(2**63), None), ("\U0001f33e\x00é", None, False), ("x" * 100_000, 0, True)]
    writer = ParquetWriter([*columns, *(ParquetColumn(f"c{n}") for n in range(40))], created_by="test")
    body = writer.group([(*row, *(None,) * 40) for row in rows]) + writer.group([]) + writer.end()
    read = parquet(tmp_path / "ends.parquet", body)
    assert [(each["文字"], each["n"], each["b"]) for each in read] == rows
    assert all(each["c39"] is None for each in read)
