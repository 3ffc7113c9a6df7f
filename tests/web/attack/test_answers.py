"""What the pages answer: nothing private is kept by a browser, no cell runs, and no question costs without end."""

import asyncio
import re
import time
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.register import RegisterEntity
from counterfoil.application.queries.moved_units import MovedUnits
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.entrypoints.http.reading_room import READERS
from counterfoil.entrypoints.web.desk import account_desk
from counterfoil.entrypoints.web.listing import plain
from tests.http.desk import HELD, OTHER
from tests.web.acts.stage import Desk

pytestmark = pytest.mark.anyio


async def test_no_browser_and_no_proxy_keeps_what_only_some_may_read(desk: Desk) -> None:
    async with desk.browser(desk.dora) as dora:
        for path in (
            "/desk/admin/people",
            "/desk/admin/people.csv",
            "/desk/admin/audit.csv",
            "/desk/me/trail.csv",
            "/desk/admin/opening/template.xlsx",
        ):
            answer = await dora.get(path)
            assert answer.status_code == 200, path
            assert answer.headers["cache-control"] == "no-store", path
            assert "default-src 'none'" in answer.headers["content-security-policy"], path
            assert answer.headers["x-content-type-options"] == "nosniff", path


async def test_a_public_list_as_a_file_may_be_kept_until_something_changes(desk: Desk) -> None:
    async with desk.browser(None) as stranger:
        answer = await stranger.get("/accounts.csv")
        assert answer.headers["cache-control"] == "no-cache"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.text.startswith("account,")


async def test_asking_only_for_the_head_of_a_file_reads_nothing_of_the_list(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counterfoil.entrypoints.web.portal import blocks

    asked: list[int] = []
    walked = blocks.block_row

    def counted(holding: Any) -> Any:
        asked.append(1)
        return walked(holding)

    monkeypatch.setattr(blocks, "block_row", counted)
    async with desk.browser(None) as stranger:
        head = await stranger.client.head("/units.csv")
        assert head.status_code == 200 and head.headers["content-type"].startswith("text/csv")
        before = len(asked)
        assert (await stranger.get("/units.csv")).text.count("\n") == 3
        assert len(asked) > before + 1
        assert before <= 1  # the look whether the filter is refused


async def test_many_files_at_once_leave_a_reader_for_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from counterfoil.entrypoints.web import listing

    monkeypatch.setattr(listing, "CSV_ROWS", 1)
    busy, most = 0, 0
    async with desk.browser(None) as stranger:
        room = stranger.client._transport.app.pages._ground.room  # type: ignore[attr-defined]
        asked = room.ask

        async def counted(question: Any) -> Any:
            nonlocal busy, most
            piece = getattr(getattr(question, "func", None), "__name__", "") == "_piece"
            busy += piece
            most = max(most, busy)
            try:
                return await asked(question)
            finally:
                busy -= piece

        monkeypatch.setattr(room, "ask", counted)
        answers = await asyncio.gather(*(stranger.get("/units.csv") for _ in range(20)))
    assert {answer.text.count("\n") for answer in answers} == {3}
    assert 0 < most < READERS


def one_at_a_time(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[int]:
    """How many of a module's function run at once, whenever it begins."""
    running, seen, inner = 0, [], getattr(module, name)

    def slow(*given: Any, **named: Any) -> Any:
        nonlocal running
        running += 1
        seen.append(running)
        time.sleep(0.05)
        running -= 1
        return inner(*given, **named)

    monkeypatch.setattr(module, name, slow)
    return seen


async def test_past_balances_cost_each_entry_once_however_many_ask(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    taken, inner = list[int](), MovedUnits.take

    def take(self: MovedUnits, leaf: Any) -> None:
        taken.append(leaf["seq"])
        inner(self, leaf)

    monkeypatch.setattr(MovedUnits, "take", take)
    async with desk.browser(None) as stranger:
        answers = await asyncio.gather(*(stranger.get(f"/accounts/{HELD}?as_of={size}") for size in (1, 2, 3, 4) * 4))
        assert [answer.status_code for answer in answers] == [404, 404, 200, 200] * 4
        assert "1,000" in answers[2].text and "2,000" in answers[3].text and "1,000" not in answers[1].text
        assert (await stranger.get("/accounts/tha:unknown?as_of=2")).status_code == 404
        assert (await stranger.get(f"/accounts/{HELD}?as_of=99")).status_code == 400
    assert taken == list(range(4))


async def test_only_one_statement_is_drawn_up_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = one_at_a_time(monkeypatch, account_desk, "account_statement")
    async with desk.browser(desk.anna) as anna:
        days = ["2099-01-01", "2099-01-02", "2099-01-03"]
        pages = [anna.get(f"/desk/accounts/{OTHER}?on={day}") for day in days]
        files = [anna.get(f"/desk/accounts/statement.csv?account={OTHER}&on={day}") for day in days]
        answers = await asyncio.gather(*pages, *files)
        assert [answer.status_code for answer in answers] == [200] * 6
        assert answers[-1].text.startswith("entry,on,act")
    assert seen and set(seen) == {1}


@pytest.mark.parametrize("rows", ["0", "00", "000", "-1", "٠", "9" * 300, "1e9"])
async def test_any_number_of_rows_that_is_asked_for_gives_a_page(desk: Desk, rows: str) -> None:
    async with desk.browser(desk.dora) as browser:
        for path in ("/units", "/activities", "/accounts", "/entries", "/desk/me/trail", "/desk/admin/people"):
            answer = await browser.client.get(path, params={"rows": rows})
            assert answer.status_code == 200, (path, rows)
            assert answer.text.count("<tr>") <= 502


async def test_a_year_that_the_book_does_not_have_is_not_searched_in_the_journal(desk: Desk) -> None:
    # Each new year began a search through the whole journal behind the visitors' questions, a hundred of them at once.
    async with desk.browser(None) as stranger:
        site = stranger.client._transport.app  # type: ignore[attr-defined]
        mentioned = site.pages._ground.mentioned
        for year in range(100_000, 100_020):
            for path in ("/balance/entries", "/balance/entries.csv"):
                answer = await stranger.client.get(path, params={"year": str(year)})
                assert answer.status_code == 200
        assert len(mentioned._texts) <= 1


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"]
)
def test_no_spreadsheet_runs_a_cell(text: str) -> None:
    # In spreadsheets of East Asia the wide signs begin a formula too.
    assert plain(text) == f"'{text}"
    assert plain([text, "x"]) == f"'{text}; x"


def test_a_number_of_the_books_stays_a_number() -> None:
    assert plain(-5) == "-5"


@pytest.mark.parametrize("name", ["page.html", "page.svg", "code.js", "style.css", "x.xhtml", "x.xml", "x"])
async def test_a_filed_file_is_never_something_that_a_browser_runs(name: str) -> None:
    from counterfoil.entrypoints.web.portal.reports import kind_of

    assert kind_of(name) == "application/octet-stream"
    assert kind_of("aef.xlsx").endswith("sheet") and kind_of("report.pdf") == "application/pdf"


HOSTILE = "<script>alert(1)</script>\"'`{{7*7}}${1}\u202e\u0007\u000b"


async def test_a_hostile_name_is_only_shown_in_pages_and_in_the_feed(desk: Desk) -> None:
    async with desk.browser(desk.anna) as anna:
        ground = anna.client._transport.app.pages._ground  # type: ignore[attr-defined]
        for command in (
            RegisterEntity(entity="E-1", name=HOSTILE, country="THA"),
            OpenAccount(account="tha:hostile", holder=HOSTILE),
        ):
            assert isinstance(await ground.desk.act(Submission(command, "test")), Receipt)
        for path in ("/find?text=E-1", "/entries", "/desk/acts/OpenAccount", "/feed.atom", "/entries.csv"):
            answer: httpx.Response = await anna.get(path)
            assert "<script>alert" not in answer.text, path
        ElementTree.fromstring((await anna.get("/feed.atom")).text)
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", (await anna.get("/feed.atom")).text)
