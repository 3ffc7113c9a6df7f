"""A list as of an earlier entry tells what the journal up to that entry tells: read here, leaf by leaf, beside it."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from counterfoil.application.ports import Outage
from counterfoil.application.queries.earlier import EarlierFault
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.web.histories_at_hand import HistoriesAtHand
from counterfoil.entrypoints.web.mentioned import Found
from tests.http.desk import asking
from tests.web.books.conftest import LIMIT, SENT
from tests.web.register.seen import seen

pytestmark = pytest.mark.anyio
LISTS = {
    "authorizations": ("authorization", "id"),
    "transfers": ("transfer", "transfer"),
    "partners": ("partner", "party"),
    "accounts": ("account", "account"),
    "activities": ("activity", "id"),
    "corrections": ("corrected", "entry"),
}
_SOURCES = ("issued", "imported", "from")


async def leaves_of(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("/api/v1/entries?limit=1000")).json()["items"]
    return sorted(found, key=lambda leaf: leaf["seq"])


async def told(client: httpx.AsyncClient, path: str) -> list[dict[str, str]]:
    answer = await client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return list(csv.DictReader(io.StringIO(answer.text)))


def records_of(leaves: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the records say after these entries, by kind and key."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for leaf in leaves:
        for kind, key, value in leaf.get("records", ()):
            found[kind][str(key)] = value
    return found


def units_of(leaves: list[dict[str, Any]]) -> dict[tuple[str, int], str]:
    """Where every single unit stands after these entries."""
    found: dict[tuple[str, int], str] = {}
    for leaf in leaves:
        for of, first, last, _, target in leaf.get("moves", ()):
            found |= {(of, serial): target for serial in range(first, last + 1)}
    return {unit: account for unit, account in found.items() if account.partition(":")[0] not in _SOURCES}


async def test_every_list_as_of_every_entry_has_what_the_journal_had_said_by_then(book: Folder) -> None:
    async with asking(book) as client:
        leaves = await leaves_of(client)
        for size in range(1, len(leaves) + 1):
            expected = records_of(leaves[:size])
            for name, (kind, column) in LISTS.items():
                rows = await told(client, f"/{name}.csv?as_of={size}")
                assert sorted(row[column] for row in rows) == sorted(expected[kind]), (name, size)
                for row in rows:
                    value: Mapping[str, Any] = expected[kind][row[column]]
                    for field in ("state", "version", "proposed_on", "final_on", "stage", "holder", "title"):
                        if field in row and field in value:
                            assert row[field] == str(value[field] or ""), (name, size, row)
            assert len(await told(client, f"/entries.csv?as_of={size}")) == size


async def test_the_sums_of_a_letter_are_those_of_the_moment(book: Folder) -> None:
    async with asking(book) as client:
        leaves = await leaves_of(client)
        for size in range(1, len(leaves) + 1):
            done = records_of(leaves[:size])["first_transferred_quantity"].get("THA-LOA-1", 0)
            for row in await told(client, f"/authorizations.csv?as_of={size}"):
                assert int(row["first_transferred"]) == done
                limit = row["authorized_quantity"]
                assert row["left"] == (str(int(limit) - done) if limit else ""), "no limit is stated at first"
        sent = next(leaf["seq"] for leaf in leaves if leaf["act"] == "TransferProposed")
        page = await seen(client, f"/authorizations/THA-LOA-1?as_of={sent}")
    assert f"{LIMIT:,}" in page.text and f"{LIMIT - SENT:,}" not in page.text


async def test_the_units_stand_where_their_moves_had_brought_them(host: Folder, book: Folder) -> None:
    for folder in (book, host):
        async with asking(folder) as client:
            leaves = await leaves_of(client)
            moving = [leaf["seq"] for leaf in leaves if leaf.get("moves")]
            for size in {*moving, moving[-1] + 1, moving[0] + 1, len(leaves)}:
                expected = units_of(leaves[:size])
                stood: dict[str, int] = defaultdict(int)
                for (_, _), account in expected.items():
                    stood[account] += 1
                rows = await told(client, f"/units.csv?as_of={size}")
                found: dict[str, int] = defaultdict(int)
                for row in rows:
                    found[row["account"]] += int(row["quantity"])
                    assert int(row["entry"]) < size
                assert found == stood, (folder, size)
            held = rows[0]["account"]
            own = await told(client, f"/units.csv?as_of={size}&account={held}")
            assert own == [row for row in rows if row["account"] == held]


async def test_a_page_of_units_goes_on_where_the_last_one_ended(host: Folder) -> None:
    async with asking(host) as client:
        size = len(await leaves_of(client)) - 20
        whole = await told(client, f"/units.csv?as_of={size}")
        path, found = f"/units?as_of={size}&rows=3", 0
        while path:
            page = await seen(client, path)
            found += len({link for link in page.links if f"as_of={size}" in link and "./units/" in link})
            following = [link for link in page.links if "after=" in link]
            path = f"/units{following[-1]}" if following and following[-1] != path.removeprefix("/units") else ""
            if "Next" not in page.text:
                break
    ends = {row[name] for row in whole for name in ("first_id", "last_id")}
    assert found == len(ends), "each block is told once, with its first and its last unit"


async def test_a_transfer_is_shown_with_the_stage_that_it_had(book: Folder) -> None:
    async with asking(book) as client:
        leaves = await leaves_of(client)
        stages = [
            (leaf["seq"] + 1, value["state"])
            for leaf in leaves
            for kind, key, value in leaf.get("records", ())
            if (kind, key) == ("transfer", "sent-1")
        ]
        assert len({state for _, state in stages}) > 1
        for size, state in stages:
            rows = {each["transfer"]: each for each in await told(client, f"/transfers.csv?as_of={size}")}
            page = await seen(client, f"/transfers/sent-1?as_of={size}")
            assert rows["sent-1"]["state"] == state
            assert f"../entries/{size - 1}" in page.links, "its last entry"
        (before, _), (last, _) = stages[0], stages[-1]
        earlier = await seen(client, f"/transfers/sent-1?as_of={before}")
        assert f"../entries/{last - 1}" not in earlier.links
        await seen(client, f"/transfers/sent-1?as_of={before - 1}", 404)


async def test_a_list_keeps_its_moment_in_its_filter_its_links_and_its_file(book: Folder) -> None:
    async with asking(book) as client:
        size = len(await leaves_of(client)) - 1
        page = await client.get(f"/transfers?as_of={size}", headers={"accept": "text/html"})
        shown = await seen(client, f"/transfers?as_of={size}")
        file = await client.get(f"/transfers.csv?as_of={size}")
    assert f'name="as_of" value="{size}"' in page.text
    assert f"./transfers.csv?as_of={size}" in shown.links
    assert f"./transfers/sent-1?as_of={size}" in shown.links
    assert f"?as_of={size}" in shown.links, "the link to cite is that of the moment, not of now"
    assert f"as-of-{size}" in file.headers["content-disposition"]


async def test_a_day_stands_for_its_last_entry_and_wrong_moments_explain_themselves(book: Folder) -> None:
    async with asking(book) as client:
        leaves = await leaves_of(client)
        day = leaves[-1]["at"][:10]
        page = await seen(client, f"/transfers?as_of={day}")
        count = sum(1 for leaf in leaves if leaf["at"][:10] <= day)
        assert f"./transfers.csv?as_of={count}" in page.links
        tomorrow = (date.fromisoformat(day) + timedelta(days=3)).isoformat()
        for path in ("/transfers", "/units", "/entries", "/transfers/sent-1", "/partners/CHE", "/activities"):
            for wrong, code, status in (
                ("yesterday", "moment.unreadable", 400),
                ("2026-13-45", "moment.unreadable", 400),
                ("0", "moment.unreadable", 400),
                ("9" * 30, "moment.unreadable", 400),
                ("99999", "moment.not_yet", 400),
                (tomorrow, "moment.not_yet", 400),
                ("1999-12-31", "balance.before_founding", 404),
            ):
                told_so = await seen(client, f"{path}?as_of={wrong}", status)
                assert code in told_so.text, (path, wrong)
        refused = await client.get("/transfers.csv?as_of=99999")
    assert refused.status_code == 400


def test_a_moment_that_is_not_read_yet_is_told_so_and_read_on_meanwhile(book: Folder) -> None:
    later: list[Any] = []
    room: Any = SimpleNamespace(later=later.append)
    unread: Any = SimpleNamespace(page=lambda *_args, after, **_more: Found([], after))
    with open_for_reading(book) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        asked = {"size": 5, "mentioned": unread, "room": room}
        histories = HistoriesAtHand()
        with pytest.raises(Outage) as waiting:
            histories.last_set(sight, "transfer", "sent-1", **asked)
    assert waiting.value.code == EarlierFault.BEING_READ and waiting.value.retry
    assert len(later) == 1, "the rest is read while nobody waits"
