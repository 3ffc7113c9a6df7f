"""The balance of an earlier moment is that of its entries, and the first one after a start keeps nobody waiting."""

import re
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from counterfoil.application.queries.emissions_balance import party_balance
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.cli.reading import looking
from counterfoil.entrypoints.http import accounts_at_hand
from counterfoil.entrypoints.language import Texts
from tests.http.desk import asking
from tests.web.books.conftest import SENT
from tests.web.register.seen import Seen, seen

pytestmark = pytest.mark.anyio
TRANSFERRED = f"+{SENT:,}"
DAY = "2025-12-31"


@pytest.fixture
def sight(book: Folder) -> Iterator[Sight]:
    with looking(book.path) as found:
        yield found


def settled(sight: Sight) -> int:
    """The entry of the first transfer."""
    return next(each.seq for each in sight.entries() if each.entry.act == "FirstTransferred")


def years(page: Seen) -> str:
    """What the page says of book and balance, without its head and foot."""
    texts = Texts("en")
    found = page.text.partition(texts("web.balance.book_note"))[2].partition(texts("web.balance.quotas"))[0]
    assert texts("web.balance.against") in found
    return re.sub(r"entry \d+|JSON ", "", found)


async def test_the_balance_of_a_moment_knows_what_had_happened_and_nothing_else(book: Folder, sight: Sight) -> None:
    seq = settled(sight)
    async with asking(book) as client:
        before = await seen(client, f"/balance?as_of={seq}&on={DAY}")
        after = await seen(client, f"/balance?as_of={seq + 1}&on={DAY}")
        now = await seen(client, f"/balance?on={DAY}")
        table = await seen(client, f"/reports/summary/2022?as_of={seq}")
        later = await seen(client, f"/reports/summary/2022?as_of={seq + 1}")
    assert TRANSFERRED not in years(before) and TRANSFERRED in years(after)
    assert years(now) == years(after), "what came afterwards was taken back or changes no balance"
    assert f"{SENT:,}" not in table.text and f"{SENT:,}" in later.text
    for moment, entries in ((seq, 0), (seq + 1, 1)):
        async with asking(book) as client:
            listed = (await client.get(f"/balance/entries.csv?as_of={moment}")).text.splitlines()[1:]
        assert len(listed) == entries
    assert any(f"as_of={seq + 1}" in link and f"on={DAY}" in link for link in after.links), "a link that stays true"


async def test_pages_and_the_api_say_what_folding_the_journal_says(book: Folder, sight: Sight) -> None:
    folded = party_balance(sight, party="THA", as_of=date.fromisoformat(DAY))
    async with asking(book) as client:
        told = (await client.get(f"/api/v1/emissions-balances/THA/{DAY}")).json()
        other = await client.get(f"/api/v1/emissions-balances/CHE/{DAY}")
        summary = (await client.get(f"/api/v1/reports/summary/THA/2023/{DAY}?format=json")).json()
    assert told == folded and other.status_code in (404, 409, 422)
    assert summary["as_of"] == DAY


async def test_nobody_waits_for_the_first_balance_after_a_start(
    book: Folder, sight: Sight, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the journal is read the page says how far that is; the API says to come back."""
    monkeypatch.setattr(accounts_at_hand, "STRETCH", 1)
    waiting: list[object] = []
    monkeypatch.setattr(
        "counterfoil.entrypoints.http.reading_room.ReadingRoom.later", lambda _, work: waiting.append(work)
    )
    async with asking(book) as client:
        page = await seen(client, f"/balance?on={DAY}")
        answer = await client.get(f"/api/v1/emissions-balances/THA/{DAY}")
        moment = await client.get(f"/balance?as_of={settled(sight) + 1}", headers={"accept": "text/html"})
        summary = await client.get("/reports/summary/2022", headers={"accept": "text/html"})
    last = sight.reading.last_checkpoint()
    assert last is not None
    known = re.search(r"This part knows (\d+) of (\d+) entries", page.text)
    assert known is not None and int(known[1]) < int(known[2]) == last.size
    assert TRANSFERRED in page.text, "the adjustment book itself needs no reading of the journal"
    assert "safeguard" not in page.text.lower()
    for unready in (answer, moment, summary):
        assert unready.status_code == httpx.codes.SERVICE_UNAVAILABLE, unready.text[:500]
    assert answer.json()["code"] == "moment.being_read" and waiting
