"""A registry with a letter that was changed, a final first transfer, one that is proposed, and an entry taken back."""

from collections.abc import Mapping
from typing import Any

import anyio
import pytest

from counterfoil.application.commands.abroad import SettleTransfer
from counterfoil.application.commands.correct import Correct
from counterfoil.domain.kernel.ids import TransferId
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing
from tests.cli.conftest import HISTORY
from tests.http.conftest import anyio_backend
from tests.http.desk import act, asking, founded, token, transfer
from tests.web.register.conftest import host, world

__all__ = ["anyio_backend", "host", "world"]

HOSTILE = "<script>alert(1)</script>\u202e長"
UNITS = "CA9001-THA01-THA-#-2022"
SENT, WAITING = 1_846, 70
LIMIT = 6_000
LATER: tuple[Mapping[str, Any], ...] = (
    {
        "command": "ChangeAuthorization",
        "authorization": "THA-LOA-1",
        "statement": "S",
        "reason": HOSTILE,
        "vintages": [2022, 2023, 2024],
        "authorized_quantity": LIMIT,
    },
    {
        "command": "LinkPartner",
        "party": "CHE",
        "registry": "CHE01",
        "origin": "che.example/registry",
        "public_key": "Yt0mVzN0l0hJm6Qw2bJ0p3vC0Tq1h8m2mJm3l5bq4nE=",
    },
    {
        "command": "RecordAgreement",
        "agreement": "THA-CHE-2022",
        "kind": "implementation_agreement",
        "title": "Implementation agreement",
        "parties": ["THA", "CHE"],
        "in_force_from": "2022-06-24",
        "permits_transfer": True,
        "provision": "article 7",
    },
    {
        "command": "ProposeTransfer",
        "transfer": "sent-1",
        "partner": "CHE",
        "parts": [{"unit_class": UNITS, "first": 71, "last": 1_916}],
        "source": "tha:dev",
        "target": "che:foundation",
    },
    {
        "command": "ProposeTransfer",
        "transfer": "waiting",
        "partner": "CHE",
        "parts": [{"unit_class": UNITS, "first": 1, "last": 70}],
        "source": "tha:dev",
        "target": "che:foundation",
    },
    {
        "command": "RecordAgreedTransfer",
        "transfer": "agreed",
        "partner": "JPN",
        "direction": "out",
        "subject": HOSTILE,
        "source": "https://example.org/notice",
    },
    transfer(1, 10),
)
CHANGEABLE = {"change_circumstances": "By its own terms", "change_process": "A statement of the authority"}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The registry; tests only read it."""
    folder = founded(tmp_path_factory.mktemp("book") / "tha", blocks=1)
    last = anyio.run(_filled, folder)
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        act(writable, SettleTransfer(transfer=TransferId("sent-1"), acceptance="a" * 64))
        act(writable, Correct(entry=last, authority="Registry administrator", reason=HOSTILE))
    return folder


async def _filled(folder: Folder) -> int:
    """Do the acts over HTTP; the number of the last entry."""
    changed = tuple({**each, **CHANGEABLE} if each["command"] == "Authorize" else each for each in HISTORY)
    seq = -1
    held = token(folder, scopes=("write", "admin"))
    async with asking(folder) as client:
        for command in (*changed, *LATER):
            answer = await client.post("/api/v1/commands", json=command, headers=held)
            assert answer.status_code == 201, answer.text
            seq = answer.json()["seq"]
    return seq
