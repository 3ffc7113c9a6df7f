"""Opening balances by pages: the empty file, the dry run that leaves nothing, findings per cell, and the import."""

import io

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.opening.tables import opening_tables
from tests.office.stage import Stage, member
from tests.web.office.window import ADDRESS, OWN, Window, window

pytestmark = pytest.mark.anyio
PLACE = "/desk/admin/opening"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = {"account": [{"account": "tha:dev", "holder": "<script>D</script>"}, {"account": "tha:shop", "holder": "S"}]}


async def filled(tab: Window, rows: dict[str, list[dict[str, str]]] = ROWS, language: str = "en") -> bytes:
    """The template as it is downloaded, filled in."""
    answer = await tab.open(f"{PLACE}/template.xlsx?lang={language}")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    for table in opening_tables():
        names = [column.name for column in table.columns]
        for number, row in enumerate(rows.get(table.name, []), start=2):
            for name, value in row.items():
                book[table.labels[language]][f"{get_column_letter(names.index(name) + 1)}{number}"] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def looked(tab: Window, data: bytes, name: str = "opening.xlsx") -> None:
    await tab.open(PLACE)
    values = tab.page.forms["look"].values
    tab.answer = await tab.client.post(PLACE, data=values, files={"file": (name, data, XLSX)}, headers=OWN)
    tab.at = ADDRESS + PLACE


def entries(folder: Folder) -> int:
    with open_for_reading(folder) as readable:
        last = readable.reading.last_checkpoint()
        return 0 if last is None else last.size


async def approved(tab: Window, proposal: str) -> None:
    """Whoever is signed in approves a proposal as it stands."""
    await tab.open("/desk/me")
    token = {"x-csrf-token": tab.page.forms["wishes"].values["csrf"]}
    place = f"/api/v1/proposals/{proposal}"
    seen = (await tab.client.get(place)).json()
    sent = {"preview": seen["preview"]["sha256"]}
    answer = await tab.client.post(f"{place}/approve", json=sent, headers={**OWN, **token})
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
async def test_a_file_is_looked_at_approved_by_another_and_then_brought_in_once(
    folder: Folder, stage: Stage, language: str
) -> None:
    who, other = member(stage, role="operator"), member(stage, "bo@example.org", "operator")
    before = entries(folder)
    async with window(folder, stage) as tab:
        await tab.sign_in(who)
        data = await filled(tab, language=language)
        await looked(tab, data)
        assert tab.answer.status_code == 200 and "import" in tab.page.forms, tab.page.text
        assert entries(folder) == before and not list(folder.evidence.rglob("*.*")), "a dry run leaves nothing"
        await tab.send("import")
        led = [str(named.get("href")) for tag, named in tab.page.tags if tag == "a"]
        proposal = next(each.rpartition("/")[2] for each in led if "desk/proposals/Q" in each).partition("?")[0]
        assert entries(folder) == before, "nobody brings in balances alone"
        page, cookies = tab.answer, dict(tab.client.cookies)
        tab.client.cookies.clear()
        await tab.sign_in(other)
        await approved(tab, proposal)
        tab.client.cookies.clear()
        tab.client.cookies.update(cookies)
        tab.answer, tab.at = page, ADDRESS + PLACE
        await tab.send("import")
        assert entries(folder) == before + 3, tab.page.text
        tab.answer, tab.at = page, ADDRESS + PLACE
        again = await tab.send("import")
        assert entries(folder) == before + 3, "a second click brings in nothing more"
        assert again.status_code in (200, 422)
        assert (await tab.client.get("/api/v1/accounts/tha:dev")).json()["holder"] == "<script>D</script>"


async def test_findings_stand_beside_their_cells_and_nothing_comes_in(folder: Folder, stage: Stage) -> None:
    who = member(stage, role="operator")
    before = entries(folder)
    rows = {"account": [{"account": "Not an account", "holder": "D"}, {"account": "tha:shop"}]}
    async with window(folder, stage) as tab:
        await tab.sign_in(who)
        await looked(tab, await filled(tab, rows))
        assert tab.answer.status_code == 422 and "import" not in tab.page.forms
        sheet = opening_tables()[0].labels["en"]
        assert f"{sheet}!" in tab.page.text
        await looked(tab, b"no workbook at all")
        assert tab.answer.status_code == 422 and "import" not in tab.page.forms
        await tab.open(PLACE)
        await tab.send("look")
        assert "Choose a file first." in tab.page.text
    assert entries(folder) == before


async def test_only_officers_bring_in_and_nobody_sees_another_s_file(folder: Folder, stage: Stage) -> None:
    ada, bo = member(stage), member(stage, "bo@example.org", "operator")
    async with window(folder, stage) as tab:
        await tab.sign_in(bo)
        data = await filled(tab)
        await looked(tab, data)
        sent = tab.page.forms["import"].values
        tab.client.cookies.clear()
        await tab.sign_in(ada)
        await tab.open(PLACE)
        assert "look" not in tab.page.forms and "Registry officers bring opening balances in." in tab.page.text
        await tab.open("/desk/me")
        sent["csrf"] = tab.page.forms["wishes"].values["csrf"]
        refused = await tab.client.post(PLACE, data=sent, headers=OWN)
        assert refused.status_code == 403
