"""The service in numbers: for who may read them, and true to the books."""

from pathlib import Path

import httpx
import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.metrics import METRICS
from tests.federation_http.stage import confirmed, linked, proposal, sent, until
from tests.http.desk import asking, founded, token


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return founded(tmp_path / "registry", blocks=1)


@pytest.mark.anyio
async def test_numbers_are_given_to_nobody_without_a_token(folder: Folder) -> None:
    async with asking(folder) as client:
        assert (await client.get(METRICS)).status_code == 401


@pytest.mark.anyio
async def test_a_registry_without_links_has_numbers_of_its_journal_and_makes_no_letter_book(folder: Folder) -> None:
    async with asking(folder, **token(folder)) as client:
        first = await client.get(METRICS)
        assert first.status_code == 200 and first.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert "counterfoil_entries_total 3.0" in first.text
        assert "counterfoil_messages" not in first.text
        health = (await client.get("/api/v1/health")).json()
        assert health["links"] == {}
    assert not (folder.path / "links.db").exists()


def test_a_linked_registry_tells_transfers_messages_queues_and_how_long_things_took(tmp_path: Path) -> None:
    with linked(tmp_path) as both:
        headers = token(both.host.folder, "prometheus")
        httpx.get(f"{both.at_host.address}{METRICS}", headers=headers)
        sent(both.host, proposal(both.host, both.buyer, "t-1", 1, 10))
        until(lambda: confirmed(both.host, "t-1"))
        text = until(
            lambda: _with(both.at_host.address, headers, 'counterfoil_transfers{direction="out",state="confirmed"} 1.0')
        )
        assert 'counterfoil_link{partner="XBB",state="live"} 1.0' in text
        assert 'counterfoil_link_reached{partner="XBB"} 1.0' in text
        assert 'counterfoil_messages_total{code="",direction="out",kind="proposal",partner="XBB"} 1.0' in text
        assert 'counterfoil_exchange_seconds_count{direction="out"}' in text
        assert "counterfoil_step_seconds_bucket" in text
        health = httpx.get(f"{both.at_host.address}/api/v1/health").json()
        assert health["links"] == {"XBB": {"state": "live", "fault": ""}}


def _with(address: str, headers: dict[str, str], line: str) -> str:
    text = httpx.get(f"{address}{METRICS}", headers=headers).text
    return text if line in text and "counterfoil_exchange_seconds_count" in text else ""
