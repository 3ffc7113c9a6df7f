"""Entries, accounts, activities, the map and the search: each page says what the books say, and leads on."""

import json
import re
from types import SimpleNamespace

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.acts import ACTS
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.portal.activity_map import shade
from counterfoil.entrypoints.web.portal.boundary_picture import boundary_picture
from counterfoil.entrypoints.web.portal.world import country_paths, place_on_map
from counterfoil.entrypoints.web.wording import Wording
from tests.geometry.files import square
from tests.http.desk import BLOCK, HELD, OTHER, asking, token, transfer
from tests.web.register.seen import seen

pytestmark = pytest.mark.anyio
SOLAR = {"mitigation_type": "reduction", "sector": "Energy", "activity_type": "Solar"}


async def test_an_entry_says_what_it_did_and_leads_to_everything_that_it_changed(host: Folder) -> None:
    async with asking(host) as client:
        leaves = (await client.get("/api/v1/entries?limit=200")).json()["items"]
        first = next(each for each in leaves if each["act"] == "FirstTransferred" and len(each["moves"]) == 2)
        page = await seen(client, f"/entries/{first['seq']}")
        moved = sum(move[2] - move[1] + 1 for move in first["moves"])
        assert f"{moved:,}" in page.text and first["leaf_hash"] in page.text
        for _, _, account, amount in first["posts"]:
            assert account in page.text and f"{abs(amount):,}" in page.text
        for link in (f"../transparency?entry={first['seq']}", f"../entries/{first['seq'] - 1}", "../authorizations/"):
            assert any(each.startswith(link) for each in page.links), link
        assert "2/CMA.3 annex" in page.text and "ADR-" not in page.text.split("keeps it")[0]


async def test_every_entry_of_a_whole_world_has_a_page_in_both_languages(host: Folder, user: Folder) -> None:
    for folder in (host, user):
        async with asking(folder) as client:
            size = (await client.get("/api/v1/registry")).json()["entries"]
            for seq in range(size):
                language = "zh-Hant" if seq % 2 else "en"
                page = await seen(client, f"/entries/{seq}?lang={language}")
                assert not re.search(r"\b(web|act|field|value)\.[a-z_]+", page.text.split("leaf_hash")[0]), seq


async def test_an_entry_that_does_not_exist_or_not_yet_is_refused(folder: Folder) -> None:
    async with asking(folder) as client:
        for path in ("/entries/999", "/entries/007", "/entries/x", "/entries/5?as_of=3"):
            await seen(client, path, 404)


async def test_several_persons_are_named_in_their_order() -> None:
    from counterfoil.entrypoints.web.portal.entry_page import _persons

    assert _persons("person:P-AAAAAAAA+person:P-BBBBBBBB") == ["P-AAAAAAAA", "P-BBBBBBBB"]
    assert _persons("federation") == []


async def test_the_journal_goes_from_the_newest_to_the_first_without_a_gap(folder: Folder) -> None:
    async with asking(folder) as client:
        size = (await client.get("/api/v1/registry")).json()["entries"]
        csv = (await client.get("/entries.csv")).text.splitlines()
        page = await client.get("/entries?rows=5", headers={"accept": "text/html"})
    assert [int(line.split(",")[0]) for line in csv[1:]] == list(range(size - 1, -1, -1))
    assert f"after={size - 5}" in page.text


async def test_an_account_shows_its_sums_now_and_as_of_an_entry(folder: Folder) -> None:
    async with asking(folder, **token(folder)) as client:
        before = (await client.get("/api/v1/registry")).json()["entries"]
        assert f"{10 * BLOCK:,}" in (await seen(client, f"/accounts/{HELD}")).text
        assert (await client.post(ACTS, json=transfer(1, 300))).status_code < 300
        # The sums follow the entry: they are not read anew.
        assert f"{10 * BLOCK - 300:,}" in (await seen(client, f"/accounts/{HELD}")).text
        other = await seen(client, f"/accounts/{OTHER}")
        assert "300" in other.text and "../units/BR-1" in other.links
        past = await seen(client, f"/accounts/{HELD}?as_of={before}")
        assert f"{10 * BLOCK:,}" in past.text and f"As of {before} entries" in past.text
        await seen(client, "/accounts/nobody:here", 404)


async def test_activities_are_found_by_words_and_fields_and_all_come_in_the_csv(folder: Folder) -> None:
    async with asking(folder, **token(folder)) as client:
        for number in range(7):
            act = {"command": "RegisterActivity", "activity": f"S-{number}", "title": f"<b>Solar</b> roofs {number}"}
            assert (await client.post(ACTS, json={**act, **SOLAR})).status_code < 300
        page = await seen(client, "/activities?text=ROOFS+3")
        assert "./activities/S-3" in page.links and "./activities/S-4" not in page.links
        assert "<b>Solar</b> roofs 3" in page.text
        assert len((await client.get("/activities.csv?sector=Energy")).text.splitlines()) == 8
        assert len((await client.get("/activities.csv?sector=Waste")).text.splitlines()) == 1
        await seen(client, "/activities/S-3")
        await seen(client, "/activities/S-99", 404)
        home = await seen(client, "/")
        assert "./activities" in home.links and " 7 " in home.text


async def test_an_activity_page_has_its_reports_units_and_letters(host: Folder) -> None:
    async with asking(host) as client:
        told = (await client.get("/api/v1/activities/TH-EBUS")).json()
        page = await seen(client, "/activities/TH-EBUS")
        assert f"{told['issued']:,}" in page.text
        for letter in told["authorizations"]:
            assert f"../authorizations/{letter}" in page.links
        for report in told["monitoring"]:
            assert report["id"] in page.text
        leaves = (await client.get("/api/v1/entries?limit=200")).json()["items"]
        verified = [each["seq"] for each in leaves if each["act"] == "Verified"]
        assert any(f"../entries/{seq}" in page.links for seq in verified), "the entry that verified, not the issuance"
        born = told["timeline"][0]["entry"]
        assert f"../entries/{born}" in page.links
        await seen(client, f"/activities/TH-EBUS?as_of={born + 1}")
        await seen(client, f"/activities/TH-EBUS?as_of={born}", 404)


async def test_a_map_shows_countries_by_shade_and_the_same_as_a_table(host: Folder) -> None:
    async with asking(host) as client:
        answer = await client.get("/activities/map", headers={"accept": "text/html"})
        places = (await client.get("/activities/map.json?host=THA")).json()
    assert places["counts"] == {"THA": 2} and places["names"] == {"THA": "Thailand"}
    if country_paths():
        assert len(re.findall(r'<path class="shade1"', answer.text)) == 1
        assert answer.text.count("<path") > 150 and len(answer.content) < 120_000
    assert '<th scope="row"><a href="../activities?host=THA">Thailand</a>' in answer.text


@pytest.mark.parametrize("kept", [True, False])
def test_a_checked_boundary_is_drawn_where_its_degrees_say(*, kept: bool) -> None:
    area = square(100, 14, 0.1)
    canonical = json.dumps({"type": "MultiPolygon", "coordinates": [json.loads(area)["coordinates"]]}).encode()
    sight = SimpleNamespace(evidence=SimpleNamespace(get=lambda _: canonical if kept else None))
    visit = SimpleNamespace(texts=Texts("en"), wording=Wording("en"))
    box = {"west": 1_000_000_000, "south": 140_000_000, "east": 1_001_000_000, "north": 141_000_000}
    check = {"canonical": "", "area_m2": 119_000_000, "extents": [box]}
    drawn = boundary_picture(sight, visit, check)  # type: ignore[arg-type]
    assert "14.10° N" in drawn.svg and "100.00° E" in drawn.svg
    assert drawn.rows[0][1] == "119,000,000"
    path = re.search(r'class="boundary"[^>]* d="M([^"]+)z"', str(drawn.svg))
    assert path is not None
    points = [tuple(map(int, each.split())) for each in path[1].split("L")]
    # The square fills the height of the drawing, and stands inside its edges.
    assert {24, 424} <= {y for _, y in points} and all(46 <= x <= 446 for x, _ in points)


def test_places_and_shades_are_where_they_belong() -> None:
    assert [shade(count) for count in (0, 1, 99, 100, 1_000)] == [0, 1, 2, 3, 4]
    west, north = place_on_map(100.5, 13.75)
    assert 770 < west < 790 and 200 < north < 220


@pytest.mark.parametrize(
    "text, place",
    [
        ("CA9001-THA01-THA-71-2023", "./units/CA9001-THA01-THA-71-2023"),
        ("ca9001-tha01-tha-71-2023", "./units/CA9001-THA01-THA-71-2023"),
        ("CA9001-THA01-THA-71", "./units/CA9001-THA01-THA-71"),
    ],
)
async def test_a_serial_leads_straight_to_its_unit(text: str, place: str, host: Folder) -> None:
    async with asking(host, accept="text/html") as client:
        answer = await client.get("/find", params={"text": text})
    assert (answer.status_code, answer.headers["location"]) == (303, place)


@pytest.mark.parametrize(
    "text, link",
    [
        ("bus bangkok", "./activities/TH-EBUS"),
        ("TH-EBUS", "./activities/TH-EBUS"),
        ("tha:energy-absolute", "./accounts/tha:energy-absolute"),
        ("THA-LOA-DEMO-1", "./authorizations/THA-LOA-DEMO-1"),
        ("demo-6", "./transfers/demo-6"),
        ("#104", "./entries/104"),
        ("che", "./partners/CHE"),
    ],
)
async def test_one_box_finds(text: str, link: str, host: Folder) -> None:
    async with asking(host) as client:
        page = await seen(client, f"/find?text={text.replace('#', '%23')}")
    assert link in page.links


async def test_a_search_without_a_hit_says_what_can_be_looked_for(host: Folder) -> None:
    async with asking(host) as client:
        for path in ("/find", "/find?text=", "/find?text=zzzz"):
            page = await seen(client, path)
            assert Texts("en")("web.find.can_activity") in page.text
