"""The page behind the QR code of a letter: anybody may ask, and a forged, changed or foreign claim is told as such."""

import re
import secrets
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

import httpx
import pytest

from counterfoil.application.queries.account_statement import account_statement
from counterfoil.application.queries.letters import Letter, LetterKind, letter
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.letters.claim import Claim, claim_of
from tests.cli.conftest import HISTORY
from tests.http.desk import HELD, asking, token

pytestmark = pytest.mark.anyio
REVOKED = {"command": "RevokeAuthorization", "authorization": "THA-LOA-1", "statement": "S", "reason": "Its own terms"}
CHANGEABLE = {"change_circumstances": "By its own terms", "change_process": "A statement of the authority"}
Drawn = Callable[[Sight], Letter | Refusal]


async def told(client: httpx.AsyncClient, folder: Folder, *commands: Mapping[str, Any]) -> int:
    """Do the acts over HTTP; the number of the last entry."""
    entry, held = -1, token(folder, f"t{secrets.token_hex(4)}", scopes=("write", "admin"))
    for command in commands:
        answer = await client.post("/api/v1/commands", json=command, headers=held)
        assert answer.status_code == 201, answer.text
        entry = answer.json()["seq"]
    return entry


def claimed(folder: Folder, draw: Drawn) -> Claim:
    """The claim that a letter drawn up now would bear."""
    readable = open_for_reading(folder)
    try:
        drawn = draw(Sight(readable.reading, readable.codec, readable.evidence))
    finally:
        readable.reading.close()
    assert isinstance(drawn, Letter), drawn
    return claim_of(drawn, languages=("en", "zh-Hant"), era="common", base="http://registry/letter")


def authorization(sight: Sight) -> Letter | Refusal:
    return letter(sight, LetterKind.AUTHORIZATION, "THA-LOA-1")


def says(answer: httpx.Response, key: str, language: str = "en", **fill: str) -> bool:
    """Whether the page says this verdict, and no other."""
    others = {"stands", "changed", "corrected", "differs", "unreadable"} - {key}
    texts = Texts(language)
    assert not [other for other in others if texts(f"web.letter.{other}") in answer.text]
    return texts(f"web.letter.{key}", **fill) in answer.text


async def test_who_scans_a_letter_reads_what_the_journal_says_without_a_token(folder: Folder) -> None:
    async with asking(folder) as client:
        issued = await told(client, folder, *HISTORY)
        for draw, shown in (
            (authorization, "THA-LOA-1"),
            (lambda sight: letter(sight, LetterKind.ISSUANCE, str(issued)), "<dd>1,916</dd>"),
            (lambda sight: account_statement(sight, HELD), HELD),
        ):
            claim = claimed(folder, draw)
            answer = await client.get(claim.text)
            assert answer.status_code == 200 and says(answer, "stands"), answer.text
            assert shown in answer.text
            assert f'href="./entries/{claim.entry}"' in answer.text
            assert "<pre>counterfoil letter check</pre>" in answer.text
        chinese = await client.get(claim.text + "&lang=zh-Hant")
        assert says(chinese, "stands", "zh-Hant") and chinese.headers["content-language"] == "zh-Hant"
        link = re.search(r'href="([^"]+)" hreflang="zh-Hant"', answer.text)
        assert link is not None and link[1].startswith("?")
        followed = await client.get(f"/letter{unescape(link[1])}")
        assert says(followed, "stands", "zh-Hant"), "the other language asks about the same claim"
        client.cookies.clear()
        again = await client.get(claim.text, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "'unsafe" not in answer.headers["content-security-policy"]


async def test_a_letter_that_a_later_act_changed_says_so(folder: Folder) -> None:
    async with asking(folder) as client:
        await told(
            client, folder, *({**each, **CHANGEABLE} if each["command"] == "Authorize" else each for each in HISTORY)
        )
        old = claimed(folder, authorization)
        await told(client, folder, REVOKED)
        new = claimed(folder, authorization)
        answers = [await client.get(claim.text) for claim in (old, new)]
    assert says(answers[0], "changed") and says(answers[1], "stands")
    assert '"./authorizations/THA-LOA-1"' in answers[0].text


@pytest.mark.parametrize(
    "old, new, verdict",
    [
        ("of=THA-LOA-1", "of=THA-LOA-2", "differs"),
        ("kind=authorization", "kind=issuance", "differs"),
        ("checkpoint=", "checkpoint=9", "differs"),
        ("entry=", "entry=99", "differs"),
        ("leaf=", "leaf=0", "unreadable"),
        ("of=THA-LOA-1", "of=%3Cscript%3E", "differs"),
        ("era=common", "era=common&number=LOA", "unreadable"),
        ("tha%2Fregistry", "che%2Fregistry", "not_ours"),
    ],
)
async def test_a_forged_claim_is_told_as_such(folder: Folder, old: str, new: str, verdict: str) -> None:
    async with asking(folder) as client:
        await told(client, folder, *HISTORY[:4])
        text = claimed(folder, authorization).text
        assert old in text
        answer = await client.get(text.replace(old, new))
        swapped = await client.get(text.replace(claimed(folder, authorization).leaf, "0" * 64))
    assert says(answer, verdict, **({"origin": "che/registry"} if verdict == "not_ours" else {})), answer.text
    assert answer.status_code == (400 if verdict == "unreadable" else 200)
    assert says(swapped, "differs")
    assert all('<dd><a href="./">Thailand' in each.text for each in (answer, swapped)), "which registry answers?"
    assert "<script>" not in answer.text


async def test_an_issuance_that_was_taken_back_stands_no_longer(folder: Folder) -> None:
    async with asking(folder) as client:
        issued = await told(client, folder, *HISTORY)
        claim = claimed(folder, lambda sight: letter(sight, LetterKind.ISSUANCE, str(issued)))
        correction = {"command": "Correct", "entry": issued, "authority": "Registry", "reason": "Wrong account"}
        await told(client, folder, correction)
        answer = await client.get(claim.text)
    assert says(answer, "corrected"), answer.text
