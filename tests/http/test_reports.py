"""Reports over HTTP: as JSON for machines, printed for people, from the same books as on the command line."""

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from counterfoil.application.queries.initial_report import initial_report
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.http.reports import TYPES
from counterfoil.entrypoints.reports.narrative_files import json_bytes
from tests.http.desk import asking, founded, served

pytestmark = pytest.mark.anyio
API = "/api/v1"
DAY = "2026-06-30"
BEGINS = {"pdf": b"%PDF-", "docx": b"PK", "xlsx": b"PK"}


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return founded(tmp_path_factory.mktemp("registry") / "tha", blocks=1)


def own(folder: Folder) -> bytes:
    """The initial report as the query of the command line tells it."""
    from datetime import date

    with open_for_reading(folder) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        report = initial_report(sight, party="THA", year=2026, as_of=date.fromisoformat(DAY))
        assert not isinstance(report, Refusal)
        return json_bytes(report, sight.registry)


async def test_the_initial_report_is_the_one_of_the_command_line(standing: Folder) -> None:
    async with asking(standing) as client:
        answer = await client.get(f"{API}/reports/initial/THA/2026/{DAY}")
        mark = {"if-none-match": answer.headers["etag"]}
        unchanged = await client.get(f"{API}/reports/initial/THA/2026/{DAY}", headers=mark)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.content == own(standing)
    assert not answer.json()["complete"]
    assert unchanged.status_code == 304


async def test_a_year_instead_of_a_day_means_its_last_day(standing: Folder) -> None:
    async with asking(standing) as client:
        told = (await client.get(f"{API}/reports/initial/THA/2026/2026")).json()
        balance = await client.get(f"{API}/emissions-balances/THA/2025")
        of_day = await client.get(f"{API}/emissions-balances/THA/2025-12-31")
    assert told["as_of"] == "2026-12-31"
    assert (balance.status_code, balance.json()) == (200, of_day.json())


@pytest.mark.parametrize("kind", ["initial/THA/2026", "regular/THA/2026", "summary/THA/2024"])
@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
async def test_a_report_is_printed_for_people(standing: Folder, kind: str, form: str) -> None:
    async with asking(standing) as client:
        answer = await client.get(f"{API}/reports/{kind}/{DAY}", params={"format": form, "language": "zh-Hant"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == TYPES[form].decode()
    assert answer.content.startswith(BEGINS[form])
    assert answer.headers["content-disposition"].endswith(f'.zh-Hant.{form}"')


async def test_the_language_is_chosen_by_a_parameter(standing: Folder) -> None:
    sheets = {}
    async with asking(standing) as client:
        for language in ("en", "zh-Hant"):
            asked = {"format": "xlsx", "language": language}
            answer = await client.get(f"{API}/reports/summary/THA/2024/{DAY}", params=asked)
            sheets[language] = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).sheet_names
    assert len(sheets["en"]) == len(sheets["zh-Hant"]) and sheets["en"] != sheets["zh-Hant"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"initial/CHE/2026/{DAY}", 404, "balance.other_party"),
        (f"updated-initial/THA/2026/{DAY}", 404, "narrative.approach_required"),
        (f"updated-initial/THA/2026/{DAY}?approach=CA9001", 404, "narrative.approach_unknown"),
        (f"initial/THA/2026/{DAY}?approach=all", 400, "http.parameter_unreadable"),
        (f"initial/tha/2026/{DAY}", 400, "http.parameter_unreadable"),
        ("initial/THA/2026/soon", 400, "http.parameter_unreadable"),
        (f"initial/THA/26/{DAY}", 400, "http.parameter_unreadable"),
        (f"regular/THA/2026/{DAY}?format=odt", 400, "http.parameter_unreadable"),
        (f"regular/THA/2026/{DAY}?language=fr", 400, "http.parameter_unreadable"),
        (f"summary/THA/2024/{DAY}?approach=CA9001", 400, "http.parameter_unreadable"),
        (f"summary/THA/2026/{DAY}", 404, "summary.year_not_over"),
        (f"summary/THA/2026/{DAY}?format=pdf", 404, "summary.year_not_over"),
    ],
)
async def test_a_report_that_cannot_be_told_says_why(standing: Folder, path: str, status: int, code: str) -> None:
    async with asking(standing) as client:
        answer = await client.get(f"{API}/reports/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_annual_report_of_a_year_that_is_not_over_is_called_a_preview(standing: Folder) -> None:
    async with asking(standing) as client:
        early = await client.get(f"{API}/reports/aef/THA/2026?submitted_on=2026-12-31")
        over = await client.get(f"{API}/reports/aef/THA/2026?submitted_on=2027-01-01")
    assert early.headers["content-disposition"] == 'attachment; filename="aef-THA-2026-v1.0-preview.xlsx"'
    assert over.headers["content-disposition"] == 'attachment; filename="aef-THA-2026-v1.0.xlsx"'


async def test_a_client_of_the_running_server_gets_its_report(tmp_path: Path) -> None:
    with served(founded(tmp_path / "tha", blocks=1)) as server:
        told: Any = httpx.get(f"{server.address}{API}/reports/regular/THA/2026/{DAY}", timeout=60)
    assert json.loads(told.content)["report"] == "regular"
