"""`case` and `reconcile` at the command line: what is told of a case in both languages, and how several are closed."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from counterfoil.application.command import Command, Units
from counterfoil.application.commands.link import LinkPartner
from counterfoil.application.commands.open_case import Departure, OpenCase
from counterfoil.application.commands.recover import BeginRecovery
from counterfoil.application.writer import Submission
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.federation.case import CaseKind, Claim, Mender
from counterfoil.domain.federation.crossing import Way
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_writing
from counterfoil.entrypoints.cli.main import run
from tests.backup.registries import lived

CLASS = "CA9001-THA01-THA-#-2022"
KEY = f"{'A' * 43}="
MEND = ["--authority", "DNA", "--reason", "shown"]


def case(key: str, **changes: Any) -> OpenCase:
    content: dict[str, Any] = {
        "partner": Party("CHE"),
        "kind": CaseKind.IN_BOTH,
        "mender": Mender.US,
        "blocked": True,
        "units": (Units(CLASS, 51, 60),),
        "theirs": Claim(Way.IN, 30, "T-7", "2026-03-12T09:00:00Z"),
        "evidence": "ab" * 32,
        "departure": Departure(41, "T-7", date(2026, 3, 12), Trigger.INTERNATIONAL_TRANSFER.value),
    }
    return OpenCase(case=key, **{**content, **changes})


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = lived(tmp_path / "tha", transfers=1)
    cases: list[Command] = [
        LinkPartner(party=Party("CHE"), registry="CHE01", origin="che.example", public_key=KEY),
        case("CHE-1"),
        case("CHE-2", units=(Units(CLASS, 71, 75),)),
        case("CHE-3", mender=Mender.NOBODY, blocked=False, departure=None),
        case("CHE-4", kind=CaseKind.IN_NEITHER, mender=Mender.THEM, blocked=False, departure=None, theirs=None),
        case("CHE-5", kind=CaseKind.FORKED, mender=Mender.THEM, blocked=False, departure=None, theirs=None, units=()),
        case("CHE-6", kind=CaseKind.IN_NEITHER, departure=None),
        BeginRecovery(taken_at="2026-03-01T00:00:00Z", entries=9),
    ]
    opened = open_for_writing(folder, "test")
    assert not isinstance(opened, Refusal)
    with opened as writable:
        outcomes = writable.driver.do([Submission(command, "test") for command in cases])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    return folder


def said(capsys: pytest.CaptureFixture[str], folder: Folder, *arguments: str, status: int = 0) -> str:
    capsys.readouterr()
    assert run([*arguments, "--dir", str(folder.path)]) == status
    return "".join(capsys.readouterr())


def test_open_cases_are_listed_with_whom_a_recovery_waits_for(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    told = said(capsys, folder, "case", "list")
    assert told.count("CHE-") == 6 and "blocked" in told and "compared its book with: CHE" in told
    told = said(capsys, folder, "case", "list", "--lang", "zh-Hant")
    assert "凍結中" in told and "對帳" in told
    view = json.loads(said(capsys, folder, "case", "list", "--json"))
    assert [each["units"] for each in view["cases"]] == [10, 5, 10, 10, 0, 10]
    assert view["waiting"] == ["CHE"]


@pytest.mark.parametrize(
    ("key", "english", "chinese"),
    [
        ("CHE-1", "--way give_up", "請交出單位"),
        ("CHE-3", "shown no proof", "未提出證明"),
        ("CHE-4", "mends this", "由其補正"),
        ("CHE-5", "--way accept_log", "日誌遭截短"),
        ("CHE-6", "sends its messages again", "將重送訊息"),
    ],
)
def test_a_case_says_what_is_to_be_done(
    folder: Folder, capsys: pytest.CaptureFixture[str], key: str, english: str, chinese: str
) -> None:
    assert english in said(capsys, folder, "case", "show", key)
    assert chinese in said(capsys, folder, "case", "show", key, "--lang", "zh-Hant")


def test_several_cases_are_closed_at_once_and_each_refusal_is_told(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    told = said(capsys, folder, "case", "close", "CHE-1", "CHE-2", "--way", "give_up", *MEND)
    assert told.count("First transfer") == 2 and "51–60  tha:dev → to:CHE" in told
    told = said(capsys, folder, "case", "close", "CHE-2", "CHE-3", "--way", "own_book", *MEND, status=1)
    assert "case.other_way" in told and "Case closed" in told
    assert "Mended here" in said(capsys, folder, "case", "show", "CHE-1")
    assert "case.unknown" in said(capsys, folder, "case", "show", "CHE-9", status=1)


def test_a_partner_without_an_address_cannot_be_compared_with(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "reconciliation.no_address" in said(capsys, folder, "reconcile", "CHE", status=1)
    assert "link.unknown" in said(capsys, folder, "reconcile", "NOR", status=1)
