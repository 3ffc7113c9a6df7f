"""Units: any serial has its life as a picture, what may be said of it, and its past; an unknown one explains itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest

from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.unit_life import Passed, Station, UnitLife, unit_life
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.http.acts import ACTS
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.portal.unit_picture import wrapped
from tests.http.desk import BLOCK, OTHER, asking, token, transfer
from tests.web.register.seen import seen

pytestmark = pytest.mark.anyio
UNIT = "CA9001-THA01-THA-71-2023"
HOSTILE = ("<script>alert(1)</script>", "\u202eCA9001", "x" * 10_000, "../../etc/passwd", "{{7*7}}")


@contextmanager
def looking(folder: Folder) -> Iterator[Sight]:
    opened = open_for_reading(folder)
    try:
        yield Sight(opened.reading, opened.codec, opened.evidence)
    finally:
        opened.reading.close()


def life(folder: Folder, **asked: int) -> UnitLife:
    with looking(folder) as sight:
        found = unit_life(sight, UNIT, **asked)
    assert not isinstance(found, Refusal), found
    return found


async def test_the_host_shows_a_life_from_the_sensor_to_the_border(host: Folder) -> None:
    stops = life(host).stops
    assert [each.station for each in stops] == list(Station)
    done, here, away = [Passed.DONE] * 5, Passed.HERE, Passed.ELSEWHERE
    assert [each.passed for each in stops] == [*done, here, away]
    async with asking(host) as client:
        leaf = (await client.get(f"/api/v1/units/{UNIT}/trace")).json()
        page = await seen(client, f"/units/{UNIT}")
    for step in leaf["steps"]:
        assert f"../entries/{step['seq']}" in page.links and f"../transparency?entry={step['seq']}" in page.links
    first, issued = leaf["steps"][0], leaf["steps"][-1]
    assert f"THA01 #{issued['seq']}" in page.text and issued["monitoring"]["id"] in page.text
    assert first["details"]["acceptance"] in page.text and "+21,217 in Thailand, 2023: added" in page.text
    assert issued["evidence"][0]["sha256"] in page.text and "assumed-meter-1" in page.text


def test_the_station_of_verification_cites_the_entry_that_verified_and_not_the_issuance(host: Folder) -> None:
    stops = {each.station: each for each in life(host).stops}
    verified, issued = stops[Station.VERIFICATION], stops[Station.ISSUANCE]
    assert verified.entry is not None and verified.entry != issued.entry
    with looking(host) as sight:
        found = sight.entry(verified.entry)
    assert found is not None and found.entry.act is Act.VERIFIED
    assert verified.on == found.entry.effective_on.isoformat()


async def test_the_user_shows_the_same_life_with_the_partners_steps_and_its_end(user: Folder) -> None:
    found = life(user)
    assert [each.passed for each in found.stops] == [*[Passed.DONE] * 6, Passed.HERE]
    assert found.stops[0].registry == "THA01" and found.stops[-1].what.startswith("used:CHE:ndc:")
    async with asking(user) as client:
        page = await seen(client, f"/units/{UNIT}")
    assert re.search(r"Entry \d+ in the book of THA01, as it signed it", page.text)
    assert "They count towards the NDC of the Party that used them." in page.text
    may, may_not = page.text.split("May not be said")
    assert "They can be sold, transferred or used again." in may_not
    assert "sold, transferred" not in may


async def test_a_unit_that_left_says_nothing_of_its_use(host: Folder) -> None:
    told = {each.name: each.may for each in life(host).claims}
    assert told == {"abroad": True, "towards_ndc": True, "host_adjusted": True, "not_used": False, "neutral": False}


async def test_a_link_to_an_earlier_moment_shows_the_unit_as_it_was(host: Folder) -> None:
    issued, proposed, gone = sorted(step["seq"] for step in life(host).view["steps"])
    held = life(host, size=proposed)
    assert (held.view["state"], held.view["status"]) == ("held", "authorized")
    assert life(host, size=gone).view["state"] == "in_flight" and life(host, size=gone + 1).view["state"] == "abroad"
    async with asking(host) as client:
        page = await seen(client, f"/units/{UNIT}?as_of={proposed}")
        assert f"As of {proposed} entries" in page.text and "Held in the account" in page.text
        assert f"../entries/{gone}" not in page.links
        await seen(client, f"/units/{UNIT}?as_of={issued}", 404)
        for wrong in ("0", "x", "999999", "9" * 40, "-1"):
            await seen(client, f"/units/{UNIT}?as_of={wrong}", 400)


async def test_an_unknown_serial_shows_what_is_near(host: Folder) -> None:
    async with asking(host) as client:
        page = await seen(client, "/units/CA9001-THA01-THA-999999-2023", 404)
        assert "../units/CA9001-THA01-THA-21217-2023" in page.links
        other = await seen(client, "/units/CA9001-THA01-THA-5-2029", 404)
        assert any(link.startswith("../units/CA9001-THA01-THA-1-20") for link in other.links)
        assert "How an identifier is built" in other.text


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_serial_is_only_text(name: str, folder: Folder) -> None:
    async with asking(folder) as client:
        answer = await client.get(f"/units/{quote(name, safe='')}", headers={"accept": "text/html"})
        assert answer.status_code in (404, 414) and "<script>alert" not in answer.text
        assert ">49<" not in answer.text and len(answer.text) < 60_000
        found = await client.get("/find", params={"text": name}, headers={"accept": "text/html"})
        assert "<script>alert" not in found.text


async def test_every_block_is_listed_once_page_by_page_and_in_the_csv(folder: Folder) -> None:
    firsts: list[str] = []
    async with asking(folder) as client:
        path = "/units?rows=3"
        while path:
            answer = await client.get(path, headers={"accept": "text/html"})
            firsts += re.findall(r'<th scope="row" class="code"><a href="[^"]+"><code>([^<]+)</code>', answer.text)
            following = re.search(r'rel="next" href="([^"]+)"', answer.text)
            path = "/units" + following[1].replace("&amp;", "&") if following else ""
            assert len(firsts) <= 20
        csv = (await client.get("/units.csv")).text.splitlines()
    assert firsts == [f"BR-{number * BLOCK + 1}" for number in range(10)]
    assert [line.split(",")[0] for line in csv[1:]] == firsts
    assert sum(int(line.split(",")[2]) for line in csv[1:]) == 10 * BLOCK


async def test_a_list_is_filtered_by_account_activity_state_and_vintage(host: Folder) -> None:
    async with asking(host) as client:
        by_vintage = (await client.get("/units.csv?vintage=2023")).text.splitlines()[1:]
        assert len(by_vintage) == 1 and by_vintage[0].startswith("CA9001-THA01-THA-1-2023,")
        assert len((await client.get("/units.csv?account=to:JPN")).text.splitlines()) == 2
        assert len((await client.get("/units.csv?activity=TH-EBUS")).text.splitlines()) == 4
        assert len((await client.get("/units.csv?state=held")).text.splitlines()) == 1
        nothing = await seen(client, "/units?account=nobody:here")
        assert Texts("en")("web.list.none_found") in nothing.text


async def test_a_look_that_ends_before_the_page_is_full_goes_on_where_it_stopped(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counterfoil.entrypoints.web.portal.blocks.LOOKED_MAX", 4)
    async with asking(folder, accept="text/html", **token(folder)) as client:
        moved = transfer(8 * BLOCK + 1, 9 * BLOCK)
        assert (await client.post(ACTS, json=moved)).status_code < 300
        answer = await client.get(f"/units?account={OTHER}&state=held")
        assert "The search goes on from here" in answer.text
        found: list[str] = []
        for _ in range(5):
            found += re.findall(r'<th scope="row" class="code"><a href="[^"]+"><code>([^<]+)</code>', answer.text)
            following = re.search(r'rel="next" href="([^"]+)"', answer.text)
            if following is None:
                break
            answer = await client.get("/units" + following[1].replace("&amp;", "&"))
    assert found == [f"BR-{8 * BLOCK + 1}"] and following is None


def test_long_words_in_the_picture_end_with_an_ellipsis() -> None:
    lines = wrapped("國家登錄系統" * 20, 130, lines=2)
    assert len(lines) == 2 and lines[1].endswith("…") and all(len(line) <= 11 for line in lines)


def test_a_kyoto_unit_counts_towards_no_ndc_and_has_no_sensor_here(folder: Folder) -> None:
    with looking(folder) as sight:
        found = unit_life(sight, "BR-7")
    assert isinstance(found, UnitLife)
    assert {each.name: each.may for each in found.claims}["kyoto"] is False
    assert [each.passed for each in found.stops][:3] == [Passed.NOT] * 3
