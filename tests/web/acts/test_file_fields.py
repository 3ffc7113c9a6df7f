"""Nobody types a SHA-256: a form takes the file, keeps it as evidence, and writes the digest."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from counterfoil.application.commands.table import BY_HAND
from counterfoil.entrypoints.cli.reading import looking
from counterfoil.entrypoints.web.forms.file_fields import takes_file
from counterfoil.entrypoints.web.forms.shape import by_path, shape
from counterfoil.entrypoints.web.forms.view import examples
from tests.http.desk import open_site
from tests.web.acts.stage import Desk, hidden

pytestmark = pytest.mark.anyio
FORM = "/desk/acts/GiveMandate"
PAPER, OTHER = b"%PDF- a mandate", b"another"
RECKONED = {
    "CheckBoundary": "the page of boundaries reckons them",
    "AnnounceOpening": "the page of opening balances reckons it",
    "BringInAccount": "the page of opening balances reckons it",
    "BringInActivity": "the page of opening balances reckons it",
    "BringInAuthorization": "the page of opening balances reckons it",
    "BringInUnits": "the page of opening balances reckons it",
    "AnchorTrail": "of the trail, by the registry itself",
}
"""Acts with digests that no file has."""


def digests(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from digests(each, f"{path}.{name}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from digests(each, f"{path}.{number}")
    elif isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value):
        yield path


def test_every_digest_of_a_file_in_an_act_that_people_do_has_a_field_that_takes_it() -> None:
    checked = 0
    for command in BY_HAND:
        for path in digests(examples().get(command, {}), "f"):
            field = by_path(shape(command), path)
            assert field is not None, (command, path)
            if command not in RECKONED and (command, field.name) != ("CloseSection", "root"):
                assert takes_file(field), (command, path)
                checked += 1
    assert checked > 20


async def test_a_file_that_is_sent_becomes_evidence_and_its_digest_stands_in_the_field(desk: Desk) -> None:
    digest = hashlib.sha256(PAPER).hexdigest()
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        browser = desk.on(site, desk.anna)
        page = (await browser.get(FORM)).text
        assert 'enctype="multipart/form-data"' in page
        fields = {"csrf": browser.csrf, "f.id": hidden(page)["f.id"], "f.mandate": "typed", "row": "take:f.document"}
        sent = await browser.client.post(FORM, data=fields, files={"file:f.document": ("paper.pdf", PAPER)})
        assert sent.status_code == 200
        assert f'name="f.document" value="{digest}"' in sent.text
        assert "typed" in sent.text, "what was typed stays"
        with looking(desk.folder.path) as sight:
            assert sight.evidence.get(digest) == PAPER


async def test_several_files_of_a_list_are_taken_with_the_look_itself(desk: Desk) -> None:
    """Whoever forgets the button loses nothing."""
    wanted = [hashlib.sha256(data).hexdigest() for data in (PAPER, OTHER)]
    path = "/desk/acts/AdvanceActivity"
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        browser = desk.on(site, desk.anna)
        files = [("file:f.documents", (name, data)) for name, data in (("a.pdf", PAPER), ("b.pdf", OTHER))]
        sent = await browser.client.post(path, data={"csrf": browser.csrf, "f.id": "web-1"}, files=files)
        assert sent.status_code == 422, "the activity is missing"
        assert "\n".join(wanted) in sent.text


async def test_a_file_for_an_act_that_somebody_may_not_do_is_not_kept(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        browser = desk.on(site, desk.dora)
        fields = {"csrf": browser.csrf, "f.id": "web-1"}
        sent = await browser.client.post(FORM, data=fields, files={"file:f.document": ("x.pdf", PAPER)})
        assert sent.status_code in (403, 422)
        with looking(desk.folder.path) as sight:
            assert sight.evidence.get(hashlib.sha256(PAPER).hexdigest()) is None
