"""Figures, files and blocks as of an earlier entry are what the journal up to that entry adds up to: added up here."""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.acts import ACTS
from counterfoil.entrypoints.web.portal import activity_map, data
from tests.http.conftest import folder
from tests.http.desk import asking, token
from tests.web.books.test_as_of import leaves_of, records_of, told
from tests.web.books.test_data import parquet
from tests.web.register.seen import seen

__all__ = ["folder"]
pytestmark = pytest.mark.anyio
_RESERVED = ("issued", "imported", "from", "pending", "to", "used", "cancelled", "retired")


def stood(leaves: list[dict[str, Any]]) -> Counter[str]:
    """How many units are in each account after these entries."""
    found: Counter[str] = Counter()
    for leaf in leaves:
        for _, first, last, source, target in leaf.get("moves", ()):
            found[source] -= last - first + 1
            found[target] += last - first + 1
    return found


def moments(leaves: list[dict[str, Any]]) -> list[int]:
    """Before, at and after entries that moved something, the first and the last."""
    moving = [leaf["seq"] for leaf in leaves if leaf.get("moves")]
    return sorted({1, moving[0], moving[0] + 1, *(each + 1 for each in moving[-4:]), len(leaves)})


async def figures(client: httpx.AsyncClient, path: str) -> dict[str, int]:
    answer = await client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200, (path, answer.text)
    found = re.findall(r'<dt>([^<]+)</dt>\s*<dd><span class="value">(?:<a [^>]+>)?([\d,]+)<', answer.text)
    return {name: int(number.replace(",", "")) for name, number in found}


async def test_the_home_page_adds_up_the_units_and_activities_of_the_moment(host: Folder, book: Folder) -> None:
    for registry in (host, book):
        async with asking(registry) as client:
            leaves = await leaves_of(client)
            for size in moments(leaves):
                stands, shown = stood(leaves[:size]), await figures(client, f"/?as_of={size}")
                by_word: Counter[str] = Counter()
                for account, units in stands.items():
                    by_word[account.partition(":")[0]] += units
                assert shown["Held"] == sum(units for word, units in by_word.items() if word not in _RESERVED)
                assert shown["In flight"] == by_word["pending"]
                assert shown["In other registers"] == by_word["to"]
                assert shown["Used towards NDCs"] == by_word["used"]
                assert shown["Activities"] == len(records_of(leaves[:size])["activity"])
            assert shown == await figures(client, "/"), "after the last entry it is as it is now"


async def test_what_crossed_a_border_is_drawn_as_it_had_crossed_by_then(book: Folder) -> None:
    async with asking(book) as client:
        leaves = await leaves_of(client)
        drawn = set()
        for size in range(1, len(leaves) + 1):
            stands = stood(leaves[:size])
            shown = await figures(client, f"/transfers?as_of={size}")
            assert shown["Went to other Parties"] == stands["to:CHE"]
            assert shown["In flight"] == stands["pending:CHE"]
            page = await seen(client, f"/transfers?as_of={size}")
            drawn.add("Final transfers between Parties" in page.text)
            for row in await told(client, f"/partners.csv?as_of={size}"):
                assert int(row["units_out"]) == stands[f"to:{row['party']}"]
    assert drawn == {True, False}, "the picture is there once something has crossed"


async def test_an_activity_had_issued_what_was_issued_by_then(host: Folder) -> None:
    async with asking(host) as client:
        leaves = await leaves_of(client)
        for size in moments(leaves):
            stands = stood(leaves[:size])
            for row in await told(client, f"/activities.csv?as_of={size}"):
                issued = -stands[f"issued:{row['id']}"]
                assert int(row["issued"]) == issued
                page = await seen(client, f"/activities/{row['id']}?as_of={size}")
                assert (f"Together{issued:,}" in page.text.replace(" ", "")) == (issued > 0)


async def test_the_map_counts_the_activities_of_the_moment(host: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    async with asking(host) as client:
        leaves = await leaves_of(client)
        born = [leaf["seq"] for leaf in leaves if leaf["act"] == "ActivityRegistered"]
        for size in (1, born[0] + 1, born[-1], len(leaves)):
            expected = Counter(value["host"] for value in records_of(leaves[:size])["activity"].values())
            told_so = (await client.get(f"/activities/map.json?as_of={size}")).json()
            assert told_so["counts"] == expected
            page = await seen(client, f"/activities/map?as_of={size}&host=THA")
            assert f"As of {size} entries" in page.text
            assert (f"../activities?host=THA&as_of={size}" in page.links) == ("THA" in expected)
        boxes = [(await client.get(f"/activities/map.json?host=THA{then}")).json() for then in ("", f"&as_of={size}")]
        assert [each["properties"]["title"] for each in boxes[0]["activities"]["features"]] == [
            each["properties"]["title"] for each in boxes[1]["activities"]["features"]
        ]
        monkeypatch.setattr(activity_map, "EARLIER_MAX", 0)
        page = await seen(client, "/activities/map?as_of=9", 400)
    assert "moment.now_only" in page.text, "beyond a bound nothing is gone through"


async def test_an_account_has_the_blocks_that_it_had(host: Folder) -> None:
    async with asking(host) as client:
        leaves = await leaves_of(client)
        accounts = sorted(account for account in stood(leaves) if account.partition(":")[0] not in _RESERVED)
        for size in moments(leaves):
            stands = stood(leaves[:size])
            for account in (each for each in accounts if stands[each]):
                page = await client.get(f"/accounts/{account}?as_of={size}", headers={"accept": "text/html"})
                shown = re.findall(r'data-label="Quantity">([\d,]+)<', page.text)
                assert sum(int(each.replace(",", "")) for each in shown) == stands[account], (account, size)
        await seen(client, f"/accounts/{accounts[0]}?as_of=1", 404)


async def test_every_file_has_what_the_journal_had_said_by_then(book: Folder, tmp_path: Path) -> None:
    async with asking(book) as client:
        leaves = await leaves_of(client)
        for size in (1, len(leaves) // 2, len(leaves) - 3, len(leaves)):
            records = records_of(leaves[:size])
            for name, query in data.lists().items():
                files = {kind: await client.get(f"/data/{name}.{kind}?as_of={size}") for kind in data.FORMATS}
                assert [each.status_code for each in files.values()] == [200] * 3, name
                assert f"{name}-as-of-{size}.json" in files["json"].headers["content-disposition"]
                items = json.loads(files["json"].content)
                if name == "entries":
                    assert [each["seq"] for each in items] == list(range(size))
                    continue
                expected = records[query.kinds[0]]
                assert [each["key"] for each in items] == sorted(expected), (name, size)
                for item in items:
                    value = expected[item["key"]]
                    assert {key: item[key] for key in value} == value, (name, size)
                rows = list(csv.DictReader(io.StringIO(files["csv"].text)))
                typed = parquet(tmp_path / f"{name}-{size}.parquet", files["parquet"].content)
                assert [row["key"] for row in rows] == [row["key"] for row in typed] == sorted(expected), name


async def test_the_pages_of_data_keep_the_moment_in_their_links(book: Folder) -> None:
    async with asking(book) as client:
        index = await seen(client, "/data?as_of=9")
        one = await seen(client, "/data/authorizations?as_of=9")
        now = await seen(client, "/data/authorizations")
        wrong = [await client.get(f"/data/authorizations.{kind}?as_of=99999") for kind in data.FORMATS]
    assert "./data/authorizations.csv?as_of=9" in index.links and "./data/authorizations?as_of=9" in index.links
    assert "../data/authorizations.parquet?as_of=9" in one.links and "As of 9 entries" in one.text
    assert "../data/authorizations.parquet" in now.links and "As of" not in now.text.replace("As of {", "")
    assert [each.status_code for each in wrong] == [400] * 3


@pytest.mark.parametrize(
    "path", ["/data/dictionary.json", "/find?text=bus", "/transparency", "/api", "/claims", "/feed.atom"]
)
async def test_what_cannot_be_shown_of_an_earlier_moment_is_refused_and_never_shown_of_now(
    book: Folder, path: str
) -> None:
    sign = "&" if "?" in path else "?"
    async with asking(book) as client:
        assert (await client.get(path)).status_code < 400
        answer = await client.get(f"{path}{sign}as_of=9", headers={"accept": "text/html"})
    assert answer.status_code == 400 and "moment.now_only" in answer.text
    assert "Show it as it is now" in answer.text


async def test_a_hold_lies_on_a_unit_from_its_entry_to_its_release(folder: Folder) -> None:
    async with asking(folder, **token(folder)) as client:
        unit = (await client.get("/units.csv")).text.splitlines()[1].partition(",")[0]
        stands = (await client.get(f"/api/v1/units/{unit}")).json()
        units = {"unit_class": stands["unit_class"], "first": stands["serial"], "last": stands["serial"] + 9}
        order = {"hold": "H-1", "authority": "A court", "reason": "Disputed title"}
        placed = await client.post(ACTS, json={"command": "PlaceHold", "units": units, **order})
        released = await client.post(ACTS, json={"command": "ReleaseHold", **order})
        assert (placed.status_code, released.status_code) == (201, 201), (placed.text, released.text)
        first, last = placed.json()["seq"], released.json()["seq"]
        told_so = [
            "Disputed title" in (await seen(client, f"/units/{unit}?as_of={size}")).text
            for size in (first, first + 1, last, last + 1)
        ]
    assert told_so == [False, True, True, False]
