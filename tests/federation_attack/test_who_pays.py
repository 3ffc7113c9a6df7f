"""Who pays for what comes in: a partner for what it signed for this registry, not for what others show of it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from counterfoil.application.federation.discovery import MESSAGES
from counterfoil.domain.federation.message import MessageKind
from counterfoil.entrypoints.site import Site
from tests.federation_http.stage import FolderOffice
from tests.federation_http.test_inbox import KIND, sealed, withdrawal
from tests.http.desk import open_site

BURST = 20
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[tuple[FolderOffice, FolderOffice]]:
    own, other = FolderOffice(tmp_path / "own", "XBB"), FolderOffice(tmp_path / "other", "XAA")
    own.do(own.link(other))
    own.close()
    other.close()
    (own.folder.path / "links.toml").write_text(f"messages_per_second = 1\nburst = {BURST}\n")
    yield own, other


class Door:
    def __init__(self, site: Site, client: httpx.AsyncClient, other: FolderOffice) -> None:
        self.site, self.client, self.other = site, client, other

    async def post(self, *lines: bytes) -> int:
        return (await self.client.post(MESSAGES, content=b"\n".join(lines), headers=KIND)).status_code

    def signed(self, transfer: str, **changes: str) -> bytes:
        return sealed(self.other.signer, withdrawal(transfer=transfer, **changes))


@pytest.fixture
async def door(offices: tuple[FolderOffice, FolderOffice]) -> AsyncIterator[Door]:
    own, other = offices
    async with open_site(own.folder) as site:
        transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
            yield Door(site, client, other)


async def test_a_partner_does_not_pay_for_its_letters_to_somebody_else(door: Door) -> None:
    """A third that got a letter from XAA shows it here, again and again, with rubbish behind it."""
    shown = door.signed("t-1", recipient="XCC")
    for _ in range(10):
        await door.post(shown, *[b"rubbish"] * (BURST - 1))
    assert await door.post(door.signed("t-2")) == 200


async def test_a_partner_does_not_pay_for_what_stands_behind_a_line_of_its(door: Door) -> None:
    shown = door.signed("t-1")
    assert await door.post(shown) == 200
    for _ in range(10):
        await door.post(shown, *[b"rubbish"] * (BURST - 1))
    assert await door.post(door.signed("t-2")) == 200


async def test_a_letter_that_came_before_leaves_room_for_new_ones(door: Door) -> None:
    """Whoever overheard a letter may show it for ever; the partner's new letters are heard all the same."""
    shown = door.signed("t-1")
    assert await door.post(shown) == 200
    for _ in range(2 * BURST):
        await door.post(shown)
    assert await door.post(door.signed("t-2")) == 200


async def test_large_messages_cost_more_than_small_ones(door: Door) -> None:
    body = {"effective_on": "2026-01-01", "reason": "x" * 900_000, "ending": "withdrawn"}
    large = [sealed(door.other.signer, withdrawal(transfer=f"t-{n}", body=body)) for n in range(3)]
    assert [await door.post(each) for each in large][-1] == 429


async def test_kinds_of_messages_that_ask_for_nothing_new_are_answered_without_a_fault(door: Door) -> None:
    for kind in MessageKind:
        assert await door.post(sealed(door.other.signer, withdrawal(kind=kind, body=[]))) == 200
