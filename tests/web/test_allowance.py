"""What one person may have done by pages in a while, and that nobody's files push out those of another."""

import re

import pytest

from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.web import uploads
from counterfoil.entrypoints.web.allowance import LIMITS, Allowance, Spent
from counterfoil.entrypoints.web.uploads import Uploads
from tests.web.acts.stage import Desk
from tests.web.desk.conftest import desk

__all__ = ["desk"]
pytestmark = pytest.mark.anyio


async def test_what_is_spent_is_refused_with_the_seconds_until_it_may_be_again() -> None:
    now = [1_000.0]
    allowance, (most, seconds) = Allowance(lambda: now[0]), LIMITS[Spent.LOOKS]
    assert all(allowance.spend("P-1", Spent.LOOKS) is None for _ in range(most))
    now[0] += 10
    refused = allowance.spend("P-1", Spent.LOOKS)
    assert refused is not None and refused.code == HttpFault.ALLOWANCE_SPENT
    assert refused.facts == {"what": "looks", "seconds": seconds - 10 + 1}
    assert allowance.spend("P-2", Spent.LOOKS) is None and allowance.spend("P-1", Spent.CHECKS) is None
    now[0] += seconds
    assert allowance.spend("P-1", Spent.LOOKS) is None
    assert allowance.spend("P-1", Spent.EVIDENCE, LIMITS[Spent.EVIDENCE][0] + 1) is not None


async def test_nobodys_files_push_out_those_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "BYTES_MAX", 100)
    monkeypatch.setattr(uploads, "ALL_BYTES_MAX", 150)
    kept = Uploads()
    mine = kept.keep("P-1", "a", b"a" * 40)
    many = [kept.keep("P-2", "b", bytes([n]) * 10) for n in range(3 * uploads.FILES_MAX)]
    assert kept.of("P-1", mine) is not None
    assert [digest for digest in many if kept.of("P-2", digest)] == many[-uploads.FILES_MAX :]
    large = kept.keep("P-3", "c", b"c" * 90)
    assert kept.of("P-1", mine) is not None and kept.of("P-3", large) is None, "who has the most loses first"


async def test_looking_at_units_without_end_asks_the_writer_no_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, Spent.LOOKS, (1, 60))
    async with desk.browser(desk.anna) as anna:
        listed = (await anna.get("/desk/units")).text
        (path, *_) = re.findall(r'href="(?:\.\./)*(desk/units/[^"]*%20\d+)"', listed)
        first, second = (await anna.get(f"/{path}")).text, (await anna.get(f"/{path}")).text
    assert "<code>" in first and first.count("units/act/") < second.count("units/act/"), "the second was not asked"


async def test_a_boundary_is_checked_so_often_and_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, Spent.CHECKS, (0, 60))
    async with desk.browser(desk.anna) as anna:
        answer = await anna.post("/desk/activities/boundary", {"corners": "13.0, 100.0\n13.0, 100.1\n13.1, 100.1"})
    assert answer.status_code == 422 and HttpFault.ALLOWANCE_SPENT in answer.text and "13.0, 100.1" in answer.text
