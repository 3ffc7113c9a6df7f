"""The desks of activities, partners, accounts and quotas, as officers and owners see them."""

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.application.office.people import add_organisation
from tests.http.desk import BLOCK, HELD, OTHER, open_site
from tests.office.stage import member
from tests.web.acts.stage import Desk, hidden

pytestmark = pytest.mark.anyio
MONITORING, BOUNDARY = "/desk/activities/monitoring", "/desk/activities/boundary"
CORNERS = "13.0, 100.0\n13.0, 100.1\n13.1, 100.1\n13.1, 100.0"


async def test_an_account_shows_what_stands_in_it_and_its_statement_says_the_same(desk: Desk) -> None:
    async with desk.browser(desk.anna) as anna:
        page = await anna.get(f"/desk/accounts/{HELD}")
        assert f"{2 * BLOCK:,}" in page.text
        listed = await anna.get("/desk/accounts")
        assert OTHER in listed.text
        sheet = await anna.get(f"/desk/accounts/statement.csv?account={HELD}")
        assert sheet.status_code == 200, sheet.text
        rows = list(csv.DictReader(io.StringIO(sheet.text)))
        assert sum(int(row["quantity"].lstrip("'")) for row in rows) == 2 * BLOCK


async def test_the_statement_of_a_day_before_the_books_is_refused_beside_the_field(desk: Desk) -> None:
    async with desk.browser(desk.anna) as anna:
        page = await anna.get(f"/desk/accounts/{HELD}?on=1999-01-01")
        assert 'role="alert"' in page.text
        unread = await anna.get(f"/desk/accounts/{HELD}?on=yesterday")
        assert "http.parameter_unreadable" in unread.text


async def test_an_owner_sees_the_accounts_of_the_own_body_and_no_other(desk: Desk) -> None:
    add_organisation(desk.stage.office, organisation="trader", kind="company", name="Trader", actor="local")
    owner = member(desk.stage, "owner@example.org", "holder", "trader")
    async with desk.browser(owner) as browser:
        listed = await browser.get("/desk/accounts")
        assert OTHER in listed.text
        assert HELD not in listed.text
        assert (await browser.get(f"/desk/accounts/{OTHER}")).status_code == 200
        assert (await browser.get(f"/desk/accounts/{HELD}")).status_code == 404
        assert (await browser.get(f"/desk/accounts/statement.csv?account={HELD}")).status_code == 404


async def test_a_boundary_of_corners_is_measured_before_it_is_kept(desk: Desk) -> None:
    async with desk.browser(desk.anna) as anna:
        looked = await anna.post(BOUNDARY, {"corners": CORNERS})
        assert looked.status_code == 200, looked.text
        area = int(re.search(r"The area is ([\d,]+) m", looked.text)[1].replace(",", ""))  # type: ignore[index]
        # A tenth of a degree each way at 13° N: about 11.06 km by 10.84 km.
        assert abs(area - 119_900_000) < 1_000_000
        fields = hidden(looked.text)
        kept = await anna.post(BOUNDARY, {"do": "keep", "digest": fields["digest"]})
        assert kept.status_code == 303
        said = parse_qs(urlsplit(kept.headers["location"]).query)["boundary"][0]
        data = FileEvidence(desk.folder.evidence).get(said)
        assert data is not None
        assert json.loads(data)["coordinates"][0][0] == [100.0, 13.0]
        assert said in (await anna.get("/" + kept.headers["location"].lstrip("./"))).text


@pytest.mark.parametrize("corners", ["", "1,2\n3,4", "1,2\n3,4\n5,nan", "1,2\n3,4\n5,6,7", "999,2\n3,4\n5,6"])
async def test_corners_that_are_no_area_are_refused_with_what_was_typed(desk: Desk, corners: str) -> None:
    async with desk.browser(desk.anna) as anna:
        looked = await anna.post(BOUNDARY, {"corners": corners, "sector": "energy & more"})
        assert looked.status_code == 422
        assert "energy &amp; more" in looked.text


async def test_a_look_of_another_person_cannot_be_kept(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, bela = desk.on(site, desk.anna), desk.on(site, desk.bela)
        digest = hidden((await anna.post(BOUNDARY, {"corners": CORNERS})).text)["digest"]
        other = await bela.post(BOUNDARY, {"do": "keep", "digest": digest})
        assert other.status_code == 200
        assert "no longer kept" in other.text


async def test_a_registry_without_partners_says_what_to_do_and_makes_no_letter_book(desk: Desk) -> None:
    before = {each.name for each in Path(desk.folder.path).iterdir()}
    async with desk.browser(desk.anna) as anna:
        page = await anna.get("/desk/partners")
        assert "No registry is linked yet" in page.text
        assert (await anna.get("/desk/partners/VNM")).status_code == 404
        assert "show.not_found" in (await anna.post("/desk/partners/VNM", {"do": "reconcile"})).text
    assert {each.name for each in Path(desk.folder.path).iterdir()} <= before | {"office"}


async def test_pages_of_the_desks_are_shown_in_both_languages(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        for language, word in (("en", "Quotas"), ("zh-Hant", "配額")):
            anna = desk.on(site, desk.anna, language)
            assert word in (await anna.get("/desk/quotas")).text
            for path in ("/desk/activities", MONITORING, BOUNDARY, "/desk/accounts", "/desk/partners"):
                assert (await anna.get(path)).status_code == 200, path


async def test_a_stranger_is_led_to_the_door(desk: Desk) -> None:
    async with desk.browser(None) as nobody:
        for path in ("/desk/activities", "/desk/accounts", "/desk/partners", "/desk/quotas", MONITORING):
            assert (await nobody.get(path)).status_code in (303, 401), path


async def test_a_boundary_is_held_against_the_country_and_outside_is_a_warning_unless_the_operator_refuses_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By shapes of our own, so that the test needs none of what set-up fetches: a country of one square degree."""
    ring = [[100, 13], [101, 13], [101, 14], [100, 14], [100, 13]]
    feature = {"type": "Feature", "properties": {"iso3": "THA"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (tmp_path / "shapes.json").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    monkeypatch.setenv("COUNTERFOIL_COUNTRY_SHAPES", str(tmp_path / "shapes.json"))
    exchanged = "\n".join(", ".join(reversed(line.split(", "))) for line in CORNERS.replace("100.", "80.").splitlines())
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, chinese = desk.on(site, desk.anna), desk.on(site, desk.anna, "zh-Hant")
        inside = await anna.post(BOUNDARY, {"corners": CORNERS})
        assert "The area lies in Thailand" in inside.text
        warned = await chinese.post(BOUNDARY, {"corners": exchanged})
        assert "之範圍位於泰國境外" in warned.text
        assert hidden(warned.text).get("digest"), "a warning keeps nobody from going on"
        monkeypatch.setenv("COUNTERFOIL_BOUNDARY_COUNTRY", "refuse")
        barred = await anna.post(BOUNDARY, {"corners": exchanged})
        assert "keeps no boundary that lies outside" in barred.text
        assert not hidden(barred.text).get("digest")
        monkeypatch.setenv("COUNTERFOIL_BOUNDARY_COUNTRY", "off")
        assert "Thailand" not in (await anna.post(BOUNDARY, {"corners": exchanged})).text.split("<main")[1]
        monkeypatch.delenv("COUNTERFOIL_BOUNDARY_COUNTRY")
        (tmp_path / "shapes.json").write_text('{"type": "FeatureCollection", "features": []}')
        assert "There is no shape of Thailand" in (await anna.post(BOUNDARY, {"corners": CORNERS})).text
