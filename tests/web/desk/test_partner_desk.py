"""The desk for partners: what waits for consent with its checks, messages sent again, cases, notices, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from counterfoil.adapters.peers.http_peer import MEDIA_TYPE
from counterfoil.adapters.peers.links_file import FILE, LinksFile
from counterfoil.application.command import Units
from counterfoil.application.commands.link import LinkPartner
from counterfoil.application.commands.open_case import OpenCase
from counterfoil.application.federation.discovery import MESSAGES
from counterfoil.application.federation.letter_book import Delivery
from counterfoil.application.office.people import add_organisation
from counterfoil.application.office.ports import TrailQuestion
from counterfoil.domain.federation.case import CaseKind, Claim, Mender
from counterfoil.domain.federation.crossing import Way
from counterfoil.domain.federation.jws import compact
from counterfoil.domain.kernel.ids import Party
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing
from counterfoil.entrypoints.own_side import WriterSide
from counterfoil.entrypoints.transfer_checks import transfer_checks
from counterfoil.entrypoints.web.desk.partner_arrivals import NOT_FOR_PROPOSALS
from tests.federation_http.stage import CLASS, FolderOffice, pair, proposal
from tests.http.desk import open_site
from tests.office.stage import DAY, Member, member, staged
from tests.web.acts.stage import Browser, Desk

pytestmark = pytest.mark.anyio
TRANSFER, NOBODY = "XAA-1", f"{'A' * 43}="
LATER = 2**42
"""UTC milliseconds, far from now."""
CLAIM = Claim(Way.IN, 30, "XAA-7", "2026-03-12T09:00:00Z")
DIGEST = "ab" * 32


def opened(office: FolderOffice) -> FolderOffice:
    """A closed one, open for writing again."""
    found = open_for_writing(office.folder, "test")
    assert isinstance(found, Writable)
    office.writable, office.world = found, found.world
    return office


def case(name: str, **changes: Any) -> OpenCase:
    content: dict[str, Any] = {
        "partner": Party("XAA"),
        "kind": CaseKind.IN_BOTH,
        "mender": Mender.NOBODY,
        "blocked": False,
        "units": (Units(CLASS, 901, 910),),
        "theirs": CLAIM,
        "evidence": DIGEST,
    }
    return OpenCase(case=name, **{**content, **changes})


@dataclass
class World:
    """The buyer's registry, linked by hand to the host, whose signed proposal has not come yet; and who works there."""

    folder: Folder
    signed: bytes
    anna: Member
    bela: Member
    dora: Member
    mornings: int = 0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    host, buyer = (opened(each) for each in pair(tmp_path_factory.mktemp("partners")))
    host.do(host.link(buyer))
    buyer.do(buyer.link(host, "http://127.0.0.1:9", by_hand=True))
    buyer.do(LinkPartner(party=Party("XCC"), registry="XCC01", origin="example/xcc", public_key=NOBODY))
    buyer.do(case("XAA-C1", kind=CaseKind.IN_NEITHER, mender=Mender.THEM, ours=CLAIM, theirs=None))
    buyer.do(case("XAA-C2", kind=CaseKind.IN_NEITHER, blocked=True, ours=CLAIM, theirs=None))
    host.do(proposal(host, buyer, TRANSFER, 1, 400))
    (owed,) = WriterSide(host.writable.driver).owed([TRANSFER])
    assert owed is not None
    host.close()
    buyer.close()
    stage = staged(buyer.folder.path)
    for kind in ("authority", "verifier"):
        add_organisation(stage.office, organisation=kind, kind=kind, name=kind, actor="local")
    anna = member(stage, "anna@example.org", "authority", "authority")
    dora = member(stage, "dora@example.org", "verifier", "verifier")
    bela = member(stage, "bela@example.org", "operator")
    stage.at_hand.close()
    return World(buyer.folder, compact(owed.envelope), anna, bela, dora)


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    """The same world on another morning: a site closes the office behind it."""
    world.mornings += 1
    stage = staged(world.folder.path)
    stage.later(world.mornings * DAY)
    yield Desk(world.folder, stage, world.anna, world.bela, world.dora)
    stage.at_hand.close()


async def delivered(site: Any, letter: bytes) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site), base_url="http://registry") as client:
        return await client.post(MESSAGES, content=letter, headers={"content-type": MEDIA_TYPE})


async def test_a_transfer_that_comes_waits_at_the_desk_with_every_check_and_what_it_looked_at(
    desk: Desk, world: World
) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        assert (await delivered(site, world.signed)).json()["outcome"] == "done"
        for language in ("en", "zh-Hant"):
            anna = desk.on(site, desk.anna, language)
            page = (await anna.get(f"/desk/partners/arriving/{TRANSFER}")).text
            asked = [each for each in transfer_checks() if each.code not in NOT_FOR_PROPOSALS]
            assert re.findall(r'<th scope="row"><code>(T\d\d)</code>', page) == [each.code for each in asked]
            assert all(each.asks[language].replace("'", "&#39;") in page for each in asked)
            for looked in ("XAA · XAA01", f"{len(world.signed):,}", "IA-1", "CA9001 · 2023", "xbb:holder", ">400<"):
                assert looked in page, looked
        assert page.count("acts/ConsentToTransfer") == page.count("acts/RefuseTransfer") == 1


async def test_it_is_among_the_tasks_of_who_may_decide_and_of_nobody_else(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, dora = desk.on(site, desk.anna), desk.on(site, desk.dora)
        page = (await anna.get("/desk/tasks")).text
        assert "400 units from XAA wait for consent" in page and f"partners/arriving/{TRANSFER}" in page
        assert re.search(r'class="count">1<', page), "the menu counts it"
        assert TRANSFER not in (await dora.get("/desk/tasks")).text
        assert (await dora.get(f"/desk/partners/arriving/{TRANSFER}")).status_code == 403


async def test_lists_lead_to_it_and_what_does_not_wait_is_not_there(desk: Desk) -> None:
    async with desk.browser(desk.anna) as anna:
        for path in ("/desk/partners", "/desk/partners/XAA"):
            assert f"arriving/{TRANSFER}" in (await anna.get(path)).text
        assert f"arriving/{TRANSFER}" not in (await anna.get("/desk/partners/XCC")).text
        assert (await anna.get("/desk/partners/arriving/XAA-9")).status_code == 404


async def test_a_message_is_sent_again_from_now_on_and_the_trail_says_who_asked(desk: Desk) -> None:
    book = LinksFile(desk.folder.path / FILE)
    with book.change():
        book.owe([Delivery("XAA", TRANSFER, 84, LATER, 0, "peers.unreachable", dead=True)])
        book.owe([Delivery("XAA", "XAA-other", 3, LATER, 7, "peers.silent")])
    async with desk.browser(desk.bela) as bela:
        page = (await bela.get("/desk/partners/XAA")).text
        assert "The partner could not be reached." in page and "its next step is awaited" in page
        answer = await bela.post("/desk/partners/XAA", {"do": "resend", "transfer": TRANSFER})
        assert answer.status_code == 303 and "done=resent" in answer.headers["location"]
        refused = await bela.post("/desk/partners/XAA", {"do": "resend", "transfer": "XAA-other"})
        assert refused.status_code == 422 and "transfer.unknown" in refused.text
        elsewhere = await bela.post("/desk/partners/XCC", {"do": "resend", "transfer": TRANSFER})
        assert "transfer.unknown" in elsewhere.text, "it is no message to that partner"
    waiting = {each.transfer: each for each in book.due("XAA", now_ms=2**62, limit=9)}
    assert (waiting[TRANSFER].tries, waiting[TRANSFER].dead) == (0, False) and waiting[TRANSFER].next_ms < LATER
    assert waiting["XAA-other"].tries == 3, "nobody asked for that one"
    office = staged(desk.folder.path).office
    rows = office.store.trail.rows(TrailQuestion(act="link.resent"), limit=9)
    assert [(row.actor, row.subject) for row in rows] == [(f"person:{desk.bela.person}", "XAA")]
    book.close()


async def test_who_only_reads_the_desk_sends_nothing(desk: Desk) -> None:
    async with desk.browser(desk.anna) as anna:
        assert 'name="transfer"' not in (await anna.get("/desk/partners/XAA")).text
        answer = await anna.post("/desk/partners/XAA", {"do": "resend", "transfer": TRANSFER})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("name", "expected", "missing"),
    [
        (
            "XAA-C1",
            ("mends this", "None of these serials is blocked"),
            "are blocked until",
        ),
        ("XAA-C2", ("has shown no proof", "are blocked until the case is closed"), "mends this"),
    ],
)
async def test_a_case_says_what_both_books_say_what_is_blocked_and_the_ways_out(
    desk: Desk, name: str, expected: tuple[str, ...], missing: str
) -> None:
    async with desk.browser(desk.bela) as bela:
        page = (await bela.get(f"/desk/partners/cases/{name}")).text
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert all(each in plain for each in expected), plain
    assert "came from the partner" in plain and "It knows of no crossing." in plain and "entry 30" in plain
    assert missing not in plain
    assert f"case={name}&amp;way=own_book" in page and "CA9001-XAA01-XAA-901-2023" in page


async def test_an_unknown_case_explains_itself(desk: Desk) -> None:
    async with desk.browser(desk.anna) as anna:
        assert "case.unknown" in (await anna.get("/desk/partners/cases/nothing")).text


async def test_a_live_link_without_an_address_says_that_and_nothing_else(desk: Desk) -> None:
    async with desk.browser(desk.bela) as bela:
        page = (await bela.get("/desk/partners/XCC")).text
        assert "has no address here" in page and 'id="reconcile"' not in page and "Nothing is set aside." in page
        said = (await bela.post("/desk/partners/XCC", {"do": "reconcile"})).text
        assert "its book cannot be asked from this side" in said and "proposed" not in said
        assert 'id="reconcile"' in (await bela.get("/desk/partners/XAA")).text


@pytest.mark.parametrize("way", ["sent", "received"])
async def test_the_lists_of_notices_stand_in_both_languages_and_as_files(desk: Desk, way: str) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        for language in ("en", "zh-Hant"):
            page = await desk.on(site, desk.anna, language).get(f"/desk/partners/notices/{way}")
            assert page.status_code == 200
        sheet = await desk.on(site, desk.bela).get(f"/desk/partners/notices/{way}.csv?partner=XAA")
    assert sheet.text.startswith("notice,partner,kind,about,text,told_on")


async def test_a_decided_transfer_is_shown_where_everybody_sees_it(desk: Desk) -> None:
    async with desk.browser(desk.anna) as anna:
        await refused(anna)
        answer = await anna.get(f"/desk/partners/arriving/{TRANSFER}")
        assert answer.status_code == 303 and answer.headers["location"].endswith(f"transfers/{TRANSFER}")
        page = (await anna.get(f"/transfers/{TRANSFER}")).text
        assert "Another &lt;b&gt;volume" in page and "Transfer waits for consent" in page and "Transfer refused" in page
        assert TRANSFER not in (await anna.get("/desk/tasks")).text


async def refused(browser: Browser) -> None:
    answer = await browser.client.post(
        "/api/v1/commands",
        json={"command": "RefuseTransfer", "transfer": TRANSFER, "reason": "Another <b>volume was agreed"},
        headers={"accept": "application/json", "x-csrf-token": browser.csrf},
    )
    assert answer.status_code == 201, answer.text
