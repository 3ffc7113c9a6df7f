"""`aef check` and `aef diff` over HTTP: the same JSON as on the command line, bounded, and nothing is kept."""

import base64
import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from counterfoil.adapters.documents.aef_xlsx import write_workbook
from counterfoil.application.queries.aef_check import check
from counterfoil.domain.reporting.aef_json import submission_values
from counterfoil.domain.reporting.aef_layout import aef_layout
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http import checks, upload
from counterfoil.entrypoints.submitting.aef_bytes import named_bytes
from tests.domain.reporting.submissions import FORM, authorization, host_2023
from tests.http.desk import asking, founded, served, token

pytestmark = pytest.mark.anyio
CHECK, DIFF = checks.CHECK, checks.DIFF
XLSX = upload.XLSX


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return founded(tmp_path_factory.mktemp("registry") / "tha", blocks=1)


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """Two versions of one submission."""
    folder = tmp_path_factory.mktemp("aef")
    found = []
    for number, one in enumerate(versions()):
        path = folder / f"{number}.xlsx"
        assert write_workbook(aef_layout(one, FORM), path, created=one.submitted_on) is None
        found.append(path.read_bytes())
    return found[0], found[1]


def versions() -> tuple[Any, Any]:
    one = host_2023()
    more = authorization(authorization_id="XAA-9")
    return one, dataclasses.replace(one, version="1.1", authorizations=(*one.authorizations, more))


def expected(*files: tuple[str, bytes], language: str = "en") -> Any:
    return json.loads(json.dumps(check([named_bytes(*each, FORM) for each in files], FORM, language).as_json()))


def kept(folder: Folder) -> list[Path]:
    return [path for path in folder.path.rglob("*") if path.is_file() and "evidence" in path.parts]


async def test_one_workbook_is_checked_as_on_the_command_line(standing: Folder, workbooks: tuple[bytes, bytes]) -> None:
    before = kept(standing)
    async with asking(standing, **token(standing, "one")) as client:
        answer = await client.post(CHECK, content=workbooks[0], headers={"content-type": XLSX})
    assert (answer.status_code, answer.json()) == (200, expected(("upload.xlsx", workbooks[0])))
    assert kept(standing) == before


async def test_several_workbooks_are_checked_against_each_other_in_the_language_that_is_asked_for(
    standing: Folder, workbooks: tuple[bytes, bytes]
) -> None:
    files = [("a.xlsx", workbooks[0]), ("b.xlsx", workbooks[0])]
    async with asking(standing, **token(standing, "several")) as client:
        parts = [("file", (name, data, XLSX)) for name, data in files]
        multipart = await client.post(CHECK, params={"language": "zh-Hant"}, files=parts)
        rows = [{"name": name, "base64": base64.b64encode(data).decode()} for name, data in files]
        listed = await client.post(CHECK, params={"language": "zh-Hant"}, json=rows)
    assert multipart.status_code == 200, multipart.text
    assert multipart.json() == listed.json() == expected(*files, language="zh-Hant")
    assert "C04" in {one["check"] for one in multipart.json()["findings"]}
    assert all(re.search("[一-鿿]", one["message"]) for one in multipart.json()["findings"])


async def test_a_submission_in_json_is_checked_as_it_is(standing: Folder) -> None:
    values = submission_values(versions()[0])
    async with asking(standing, **token(standing, "json")) as client:
        answer = await client.post(CHECK, json=[values])
    assert answer.json() == expected(("1.json", json.dumps(values).encode()))


async def test_records_beside_the_workbooks_are_taken(standing: Folder, workbooks: tuple[bytes, bytes]) -> None:
    parts = [("file", ("a.xlsx", workbooks[0], XLSX)), ("records", ("r.json", b"{}", "application/json"))]
    async with asking(standing, **token(standing, "records")) as client:
        told = await client.post(CHECK, files=parts)
        wrong = await client.post(CHECK, files=[parts[0], ("records", ("r.json", b"[]", "application/json"))])
    assert told.json()["not_made"]
    assert wrong.json()["code"] == "records.unreadable"


async def test_what_is_known_here_is_compared_where_asked(standing: Folder, workbooks: tuple[bytes, bytes]) -> None:
    async with asking(standing, **token(standing, "imported")) as client:
        answer = await client.post(CHECK, params={"imported": "true"}, files={"file": ("a.xlsx", workbooks[0], XLSX)})
    assert answer.json() == expected(("a.xlsx", workbooks[0]))


async def test_the_difference_of_two_versions_is_told(standing: Folder, workbooks: tuple[bytes, bytes]) -> None:
    parts = [("old", ("old.xlsx", workbooks[0], XLSX)), ("new", ("new.xlsx", workbooks[1], XLSX))]
    async with asking(standing, **token(standing, "diff")) as client:
        answer = await client.post(DIFF, files=parts)
        alone = await client.post(DIFF, files=parts[:1])
        bad = await client.post(DIFF, files=[parts[0], ("new", ("new.xlsx", b"PK", XLSX))])
    assert answer.status_code == 200, answer.text
    assert {change["change"] for change in answer.json()["changes"]} == {"changed", "added"}
    assert alone.json()["code"] == "http.upload_unreadable"
    assert bad.json()["code"].startswith("workbook.")


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"x", "text/plain", 415, "http.content_type"),
        (b"x", None, 415, "http.content_type"),
        (b"x", "multipart/form-data", 400, "http.upload_unreadable"),
        (b"x", "multipart/form-data; boundary=b", 400, "http.upload_unreadable"),
        (b"--b\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b", 400, "http.upload_unreadable"),
        (b"[", "application/json", 400, "http.upload_unreadable"),
        (b"[]", "application/json", 400, "http.upload_unreadable"),
        (b"[7]", "application/json", 400, "http.upload_unreadable"),
        (b'[{"name": "a.xlsx", "base64": "*"}]', "application/json", 400, "http.upload_unreadable"),
        (b"[" + b"{}," * 64 + b"{}]", "application/json", 400, "http.upload_unreadable"),
    ],
)
async def test_a_body_that_is_no_files_is_refused(
    standing: Folder, body: bytes, kind: str | None, status: int, code: str
) -> None:
    headers = token(standing, f"bad-{abs(hash((body, kind)))}")
    async with asking(standing, **headers) as client:
        answer = await client.post(CHECK, content=body, headers={} if kind is None else {"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_two_files_of_one_name_are_refused(standing: Folder) -> None:
    async with asking(standing, **token(standing, "twice")) as client:
        answer = await client.post(CHECK, files=[("file", (f"{place}/a.xlsx", b"x", XLSX)) for place in "ab"])
    assert answer.json()["code"] == "http.upload_unreadable"


async def test_a_file_that_is_no_workbook_is_a_finding(standing: Folder) -> None:
    async with asking(standing, **token(standing, "none")) as client:
        answer = await client.post(CHECK, files={"file": ("台灣 a.xlsx", b"no workbook", XLSX)})
    (found,) = answer.json()["findings"]
    assert (answer.status_code, found["severity"], found["file"]) == (200, "B", "台灣 a.xlsx")


async def test_a_check_needs_a_token_and_one_that_may_only_read_will_do(standing: Folder) -> None:
    async with asking(standing) as client:
        nobody = await client.post(CHECK, content=b"x", headers={"content-type": XLSX})
    async with asking(standing, **token(standing, "reader", scopes=("read",))) as client:
        reader = await client.post(CHECK, content=b"x", headers={"content-type": XLSX})
    assert (nobody.status_code, nobody.json()["code"]) == (401, "http.token_missing")
    assert reader.status_code == 200


async def test_an_upload_beyond_the_bound_is_refused(standing: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "BYTES_MAX", 1_000)
    async with asking(standing, **token(standing, "large")) as client:
        answer = await client.post(CHECK, content=b"x" * 1_001, headers={"content-type": XLSX})
    assert (answer.status_code, answer.json()["code"]) == (413, "http.upload_too_large")


async def test_more_uploads_than_may_run_are_told_to_come_back(
    standing: Folder, workbooks: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "UPLOADS_MAX", 1)
    statuses = []
    async with asking(standing, **token(standing, "busy")) as client, anyio.create_task_group() as group:

        async def post() -> None:
            answer = await client.post(CHECK, content=workbooks[0], headers={"content-type": XLSX})
            statuses.append(answer.status_code)

        for _ in range(3):
            group.start_soon(post)
    assert sorted(statuses) == [200, 503, 503]


@pytest.mark.parametrize("query", ["profile=x", "language=fr", "imported=yes", "colour=red"])
async def test_a_parameter_that_is_not_known_is_refused(standing: Folder, query: str) -> None:
    async with asking(standing, **token(standing, f"parameter-{query[:4]}")) as client:
        answer = await client.post(f"{CHECK}?{query}", content=b"x", headers={"content-type": XLSX})
    assert (answer.status_code, answer.json()["code"]) == (400, "http.parameter_unreadable")


async def test_a_client_of_the_running_server_has_its_file_checked(
    tmp_path: Path, workbooks: tuple[bytes, bytes]
) -> None:
    folder = founded(tmp_path / "tha", blocks=1)
    with served(folder) as server:
        answer = httpx.post(
            f"{server.address}{CHECK}",
            files={"file": ("a.xlsx", workbooks[0], XLSX)},
            headers=token(folder, "client"),
            timeout=60,
        )
    assert answer.json() == expected(("a.xlsx", workbooks[0]))
