"""A boundary is checked over HTTP as on the command line; hostile ones are refused, and nothing is kept."""

import re
from pathlib import Path
from typing import Any

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.overlaps import BYTES_MAX, OVERLAPS
from tests.geometry.files import polygon, square
from tests.http.desk import asking, founded, token

pytestmark = pytest.mark.anyio
GEO = {"content-type": "application/geo+json"}


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return founded(tmp_path_factory.mktemp("registry") / "tha", blocks=1)


async def asked(folder: Folder, name: str, data: bytes, headers: dict[str, str] = GEO, **query: str) -> Any:
    async with asking(folder, **token(folder, name)) as client:
        return await client.post(OVERLAPS, content=data, params=query, headers=headers)


async def test_a_boundary_is_measured_and_meets_nobody(standing: Folder) -> None:
    query = {"sector": "Forestry", "from": "2024-01-01", "to": "2030-12-31"}
    answer = await asked(standing, "one", square(100, 14, 0.1), **query)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["overlaps"], found["compared"], found["after"]) == ([], 0, 0)
    assert 119_000_000 < found["area_m2"] < 120_000_000
    assert not [path for path in Path(standing.path).rglob("*") if path.is_file() and "evidence" in path.parts]


@pytest.mark.parametrize(
    ("why", "data", "code"),
    [
        ("crosses itself", polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), "boundary.self_crossing"),
        ("is nested without end", b"[" * 100_000, "boundary.too_deep"),
        ("is no JSON", b"<script>alert(1)</script>", "boundary.not_geojson"),
        ("is too large", b" " * (BYTES_MAX + 1), "http.upload_too_large"),
    ],
    ids=["crossing", "deep", "script", "large"],
)
async def test_a_boundary_is_refused_when_it(why: str, data: bytes, code: str, standing: Folder) -> None:
    answer = await asked(standing, re.sub("[^a-z]", "-", code), data)
    assert 400 <= answer.status_code < 500, why
    assert answer.json()["code"] == code


@pytest.mark.parametrize(
    ("name", "query", "headers", "code"),
    [
        ("unknown", {"area": "1"}, GEO, "http.parameter_unreadable"),
        ("no-day", {"from": "soon"}, GEO, "http.parameter_unreadable"),
        ("long", {"sector": "x" * 201}, GEO, "http.parameter_unreadable"),
        ("other", {}, {"content-type": "text/html"}, "http.content_type"),
    ],
)
async def test_a_request_is_refused_when_its_question_is(
    name: str, query: dict[str, str], headers: dict[str, str], code: str, standing: Folder
) -> None:
    answer = await asked(standing, name, square(0, 0, 1), headers, **query)
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] == code


async def test_nobody_asks_without_a_token(standing: Folder) -> None:
    async with asking(standing) as client:
        assert (await client.post(OVERLAPS, content=square(0, 0, 1), headers=GEO)).status_code == 401
