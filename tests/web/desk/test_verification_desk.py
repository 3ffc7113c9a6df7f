"""A verifier sees what was monitored beside what is verified, signs, and anybody can check the statement afterwards."""

import json
import re
from pathlib import Path

import pytest

from counterfoil.entrypoints.cli.reading import looking
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.letters.checking import Checked, Journal, checked
from tests.http.desk import open_site
from tests.web.acts.stage import hidden, seq_of
from tests.web.desk.supply import BODY, READINGS, Supply, laid_out, supply

__all__ = ["laid_out", "supply"]
pytestmark = pytest.mark.anyio
PAGE = "/desk/verification/of/M2"


def look_at(folder: Path, data: bytes) -> Checked:
    from counterfoil.adapters.clock.system import SystemClock
    from counterfoil.adapters.documents.pades import now_utc

    with looking(folder) as sight:
        at = now_utc(SystemClock().now_ms())
        return checked(data, sight=sight, roots=[], at=at, texts=[Texts("en"), Texts("zh-Hant")])


async def test_a_verifier_finds_what_waits_and_its_evidence(supply: Supply) -> None:
    async with open_site(supply.desk.folder, supply.desk.stage.at_hand) as site:
        browser, other = (supply.desk.on(site, who) for who in (supply.verifier, supply.developer))
        listed = await browser.get("/desk/verification")
        assert "of/M2" in listed.text.split("<table")[0] and "of/M1" not in listed.text
        assert "M1-V" not in (await browser.get("/desk/verification?state=waiting")).text
        done = await browser.get("/desk/verification?state=verified&activity=ROOFS")
        assert "verifications/M1-V" in done.text and "of/M2" not in done.text
        with looking(supply.desk.folder.path) as sight:
            digest = sight.record("monitoring", "M2")["evidence"][0]
        file = await browser.get(f"/desk/verification/evidence/{digest}?monitoring=M2")
        assert file.content == READINGS and "attachment" in file.headers["content-disposition"]
        assert (await browser.get(f"/desk/verification/evidence/{digest}?monitoring=M9")).status_code == 404
        assert (await browser.get("/desk/verification/of/M9")).status_code == 404
        assert (await other.get(f"/desk/verification/evidence/{digest}?monitoring=M2")).status_code == 403


async def test_the_panel_tells_the_difference_its_measure_and_what_is_not_possible(supply: Supply) -> None:
    async with supply.desk.browser(supply.verifier) as browser:
        page = await browser.get(PAGE)
        assert 'value="1000"' in page.text and "each under its digest: 1 of 1" in page.text
        sent = {"f.id": hidden(page.text)["f.id"], "f.verification": "M2-V", "f.statement": "s", "step": "preview"}
        typed = {"f.verified.0.vintage": "2022", "f.verified.0.quantity": "970", "f.verified.1.vintage": "2023"}
        seen = await browser.post(PAGE, {**sent, **typed, "f.verified.1.quantity": "490"})
        # 40 of 1,500 units are 2.66 %, and at 750 units a year two per cent are material.
        assert "2.66 %" in seen.text and "2.00 %" in seen.text and "reaches the measure" in seen.text
        assert Texts("en")("web.desk_letters.nothing_against") in seen.text
        above = await browser.post(PAGE, {**sent, **typed, "f.verified.1.quantity": "501"})
        assert "More is verified than was monitored in 2023" in above.text
        assert "verification.exceeds_monitored" in above.text, re.findall("<code>.*</code>|note .*", above.text)


async def test_what_is_signed_can_be_saved_and_checked_by_software(supply: Supply) -> None:
    """Also after units were issued of it, which write the same record again."""
    async with open_site(supply.desk.folder, supply.desk.stage.at_hand) as site:
        browser, guest = supply.desk.on(site, supply.verifier), supply.desk.on(site, None)
        page = await browser.get(PAGE)
        typed = {"f.verified.0.vintage": "2022", "f.verified.0.quantity": "990"}
        fields = {"f.id": hidden(page.text)["f.id"], "f.verification": "M2-V", "f.statement": "As <b>found</b>"}
        looked = await browser.post(PAGE, {**fields, **typed, "f.verifier": "SOMEBODY-ELSE", "step": "look"})
        seq = seq_of(await browser.post(PAGE, {**hidden(looked.text), "step": "sign"}))
        again = await browser.get(PAGE)
        assert again.status_code == 303 and again.headers["location"].endswith("verifications/M2-V")
        shown = await guest.get("/verifications/M2-V")
        assert "As &lt;b&gt;found" in shown.text and f"entries/{seq}" in shown.text
        saved = await guest.get("/verifications/M2-V/statement.vc.json")
        said = saved.json()["credentialSubject"]
        assert said["kind"] == "verification"
        assert said["said"]["verification"]["verifier"] == BODY, "a verifier states for the own body alone"
        good = look_at(supply.desk.folder.path, saved.content)
        assert (good.findings, good.journal) == ((), Journal.SAME)
        more = saved.content.replace(b'"quantity": 990', b'"quantity": 991')
        assert more != saved.content and look_at(supply.desk.folder.path, more).findings
        old = json.loads((await guest.get("/verifications/M1-V/statement.vc.json")).content)
        assert old["credentialSubject"]["said"]["monitoring"]["monitored"] == [{"vintage": 2021, "quantity": 900}]
        assert (await guest.get("/verifications/NONE/statement.vc.json")).status_code == 404
        assert (await guest.get("/verifications/M1-V/statement.xx.pdf")).status_code == 404
        pdf = await guest.get("/verifications/M1-V/statement.zh-Hant.pdf")
        assert pdf.content.startswith(b"%PDF")
        assert look_at(supply.desk.folder.path, pdf.content).journal is Journal.SAME
