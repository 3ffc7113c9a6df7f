"""The pathways over HTTP: open to all, bounded, and the same answer as on the command line."""

import json

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from tests.http.desk import asking

pytestmark = pytest.mark.anyio
PLACE = "/api/v1/pathway"
QUESTIONS = f"{PLACE}/questions"
ANSWERS = {"transfer": "none", "paid_for": "results", "consent": True, "measurable": True, "reference_level": True}


async def test_the_questions_of_a_country_are_asked_without_a_token(folder: Folder) -> None:
    async with asking(folder) as client:
        answer = await client.get(QUESTIONS, params={"jurisdiction": "THA", "on": "2026-01-01"})
        today = await client.get(QUESTIONS, params={"jurisdiction": "THA"})
    assert answer.status_code == today.status_code == 200
    assert {"transfer", "consent", "activity_type"} <= {each["name"] for each in answer.json()["questions"]}
    assert "pathways" not in answer.json()


async def test_answers_place_an_activity_and_nothing_is_kept(folder: Folder) -> None:
    async with asking(folder) as client:
        body = {"jurisdiction": "IDN", "on": "2026-01-01", "answers": ANSWERS}
        answer = await client.post(PLACE, json=body)
        entries = (await client.get("/api/v1/registry")).json()["entries"]
        again = await client.post(PLACE, json=body)
        assert (await client.get("/api/v1/registry")).json()["entries"] == entries
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == again.json()
    assert answer.json()["pathways"][0]["pathway"] == "results_payment"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "policy.pathway.answers_unreadable"),
        ({"jurisdiction": "THA", "answers": []}, 400, "policy.pathway.answers_unreadable"),
        ({"jurisdiction": "THA", "speed": 1}, 400, "policy.pathway.answers_unreadable"),
        ({"jurisdiction": "THA", "on": "yesterday"}, 400, "policy.pathway.answers_unreadable"),
        ({"jurisdiction": "ZZZ"}, 404, "policy.pathway.no_law"),
        ({"jurisdiction": "../tha"}, 404, "policy.pathway.no_law"),
        ({}, 404, "policy.pathway.no_law"),
        ({"jurisdiction": "THA", "answers": {"speed": "9"}}, 409, "policy.fact_unknown"),
        ({"jurisdiction": "THA", "answers": {"transfer": "most"}}, 409, "policy.pathway.choice_unknown"),
        ({"jurisdiction": "THA", "answers": {"x": "x" * 70_000}}, 413, "http.body_too_large"),
    ],
)
async def test_a_body_that_cannot_be_judged_is_refused(folder: Folder, body: object, status: int, code: str) -> None:
    async with asking(folder) as client:
        content = body if isinstance(body, str) else json.dumps(body)
        answer = await client.post(PLACE, content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("query", ["jurisdiction=THA&on=2026", "jurisdiction=THA&speed=9"])
async def test_a_parameter_that_cannot_be_read_is_refused(folder: Folder, query: str) -> None:
    async with asking(folder) as client:
        answer = await client.get(f"{QUESTIONS}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "http.parameter_unreadable")
