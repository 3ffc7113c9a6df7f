"""Reading over HTTP: open to all, paged, and free while nothing has changed."""

import base64
import io

import httpx
import openpyxl
import pytest

from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.domain.ledger.checkpoint import signed_checkpoint
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.queries import queries
from tests.http.desk import asking, token, transfer

pytestmark = pytest.mark.anyio
API = "/api/v1"


@pytest.mark.parametrize("path", [query.template for query in queries() if not query.parameter])
async def test_every_question_without_a_key_is_answered(folder: Folder, path: str) -> None:
    async with asking(folder) as client:
        answer = await client.get(f"{API}{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "path", [query.template for query in queries() if query.parameter and "/trace" not in query.path]
)
async def test_a_key_that_is_not_there_is_not_found(folder: Folder, path: str) -> None:
    async with asking(folder) as client:
        key = "CHE" if path.startswith("/balances") else "BR-99999999"
        days = {"as_of": "2025-12-31", "on": "2025-12-31"}
        answer = await client.get(API + path.format(key=key, party="CHE", year=2024, name=key, version="1", **days))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path, shown",
    [
        ("registry", {"registry": "THA01", "entries": 12}),
        ("accounts/cdm:BR-1", {"account": "cdm:BR-1", "units": 10_000}),
        ("units/BR-71", {"identifier": "BR-71", "state": "held", "account": "cdm:BR-1"}),
        ("units/BR-71/trace", {"identifier": "BR-71", "demonstration": True}),
        ("entries/0", {"act": "RegistryFounded", "seq": 0}),
        ("balances/THA", {"party": "THA"}),
    ],
)
async def test_a_thing_is_shown_by_its_key(folder: Folder, path: str, shown: dict[str, object]) -> None:
    async with asking(folder) as client:
        found = (await client.get(f"{API}/{path}")).json()
    assert found.items() >= shown.items()


@pytest.mark.parametrize(
    "path, shown",
    [
        ("emissions-balances/THA/2025-12-31", {"party": "THA", "as_of": "2025-12-31"}),
        ("reports/summary/THA/2024/2025-12-31", {"report": "ctf_table_4", "years": [2021, 2022, 2023, 2024]}),
        ("calendars/THA/2026-11-01", {"party": "THA", "on": "2026-11-01"}),
    ],
)
async def test_the_accounting_is_answered_as_of_the_day_in_the_path(
    folder: Folder, path: str, shown: dict[str, object]
) -> None:
    async with asking(folder) as client:
        answer = await client.get(f"{API}/{path}")
    assert answer.status_code == 200, answer.text
    assert {name: answer.json()[name] for name in shown} == shown


@pytest.mark.parametrize(
    "path",
    [
        "emissions-balances/THA/2025-02-30",
        "emissions-balances/THA/0000",
        "reports/summary/THA/24/2025-12-31",
        "reports/summary/THA/2024/soon",
        "calendars/THA/20251231",
    ],
)
async def test_a_day_or_year_in_the_path_that_is_none_is_refused(folder: Folder, path: str) -> None:
    async with asking(folder) as client:
        answer = await client.get(f"{API}/{path}")
    assert (answer.status_code, answer.json()["code"]) == (400, "http.parameter_unreadable")


async def test_a_unit_that_is_no_identifier_is_unreadable_and_not_missing(folder: Folder) -> None:
    async with asking(folder) as client:
        answer = await client.get(f"{API}/units/nonsense")
    assert (answer.status_code, answer.json()["code"]) == (400, "identifier.unreadable")


@pytest.mark.parametrize("limit", [1, 3, 5, 12, 1000])
async def test_pages_together_are_the_whole_list_without_gap_or_repetition(folder: Folder, limit: int) -> None:
    seen: list[int] = []
    async with asking(folder) as client:
        path: str | None = f"{API}/entries?limit={limit}"
        while path:
            answer = await client.get(path)
            page = answer.json()
            assert len(page["items"]) <= limit
            seen += [item["seq"] for item in page["items"]]
            path = answer.links["next"]["url"] if page["next"] else None
            assert ("next" in answer.links) == (page["next"] is not None)
    assert seen == list(range(12))


async def test_the_blocks_of_an_account_page_too(folder: Folder) -> None:
    first: list[int] = []
    async with asking(folder) as client:
        path: str | None = f"{API}/accounts/cdm:BR-1?limit=4"
        while path:
            answer = await client.get(path)
            first += [block["first"] for block in answer.json()["blocks"]]
            path = answer.links["next"]["url"] if "next" in answer.links else None
    assert first == [number * 1_000 + 1 for number in range(10)]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=-1", "limit=x", "limit=", "limit=１", "after=%FF", "after=eHh4", "colour=red"],
)
async def test_a_parameter_that_cannot_be_read_is_refused_and_not_guessed(folder: Folder, query: str) -> None:
    async with asking(folder) as client:
        answer = await client.get(f"{API}/entries?{query}")
        plain = await client.get(f"{API}/registry?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "http.parameter_unreadable")
    assert plain.status_code == 400


async def test_an_answer_costs_nothing_until_something_is_committed(folder: Folder) -> None:
    async with asking(folder, **token(folder)) as client:
        path = f"{API}/units/BR-71"
        first = await client.get(path)
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        other = await client.get(f"{API}/units/BR-72", headers={"if-none-match": first.headers["etag"]})
        await client.post(f"{API}/commands", json=transfer(1, 100))
        later = await client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.status_code == 200
    assert (later.status_code, later.json()["account"]) == (200, "tha:trader")
    assert later.headers["cache-control"] == "no-cache"


async def test_the_checkpoint_is_a_signed_note_that_public_tools_can_check(folder: Folder) -> None:
    async with asking(folder) as client:
        note = (await client.get(f"{API}/checkpoint")).text
        registry = (await client.get(f"{API}/registry")).json()
    key = base64.b64decode(registry["public_key"])
    checkpoint = signed_checkpoint(note, name="tha/registry", public_key=key, verify=verify)
    assert checkpoint is not None and checkpoint.size == 12


async def test_the_annual_report_comes_as_a_workbook(folder: Folder) -> None:
    async with asking(folder) as client:
        answer = await client.get(f"{API}/reports/aef/THA/2025")
        again = await client.get(f"{API}/reports/aef/THA/2025")
        unchanged = await client.get(f"{API}/reports/aef/THA/2025", headers={"if-none-match": answer.headers["etag"]})
        refused = await client.get(f"{API}/reports/aef/CHE/2025")
    assert answer.headers["content-disposition"] == 'attachment; filename="aef-THA-2025-v1.0.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    assert len(book.sheetnames) >= 5
    book.close()
    assert again.content == answer.content
    assert unchanged.status_code == 304
    assert refused.json()["code"] == "aef.other_party"


@pytest.mark.parametrize(
    "path",
    ["THA/20", "THA/２０２５", "tha/2025", "THA/2025?version=x", "THA/2025?submitted_on=soon", "THA/2025?colour=red"],
)
async def test_a_report_that_cannot_be_named_is_unreadable(folder: Folder, path: str) -> None:
    async with asking(folder) as client:
        answer = await client.get(f"{API}/reports/aef/{path}")
    assert (answer.status_code, answer.json()["code"]) == (400, "http.parameter_unreadable")


@pytest.mark.parametrize("method, path, allowed", [
    ("GET", "/commands", {"POST"}), ("PUT", "/registry", {"GET", "HEAD"}), ("DELETE", "/entries/0", {"GET", "HEAD"}),
])  # fmt: skip
async def test_a_wrong_method_is_told_the_right_one(folder: Folder, method: str, path: str, allowed: set[str]) -> None:
    async with asking(folder) as client:
        answer = await client.request(method, f"{API}{path}")
    assert (answer.status_code, answer.json()["code"]) == (405, "http.method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "path", ["/nowhere", "/api/v1", "/api/v1/registry/", "/api/v2/registry", "/api/v1/faults/no.such"]
)
async def test_a_path_that_does_not_exist_is_a_problem_too(folder: Folder, path: str) -> None:
    async with asking(folder) as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "http.not_found")


async def test_the_type_of_a_problem_leads_to_what_it_means(folder: Folder) -> None:
    async with asking(folder) as client:
        told = (await client.get("/nowhere")).json()
        page = (await client.get(told["type"])).json()
    assert page["code"] == told["code"]
    assert page["fix"] == told["fix"]


async def test_health_says_that_the_writer_answers(folder: Folder) -> None:
    async with asking(folder) as client:
        answer = await client.get(f"{API}/health")
    assert answer.json() == {"status": "ok", "writer": True, "entries": 12, "links": {}}


async def test_two_hundred_readers_share_a_few_connections(folder: Folder) -> None:
    import asyncio

    async with asking(folder) as client:

        async def one(number: int) -> httpx.Response:
            return await client.get(f"{API}/units/BR-{number}")

        answers = await asyncio.gather(*(one(number) for number in range(1, 201)))
    assert [answer.json()["serial"] for answer in answers] == list(range(1, 201))
