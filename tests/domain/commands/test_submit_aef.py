"""Recording that an AEF was submitted."""

from typing import Any

import pytest

from counterfoil.application.command import REPORTED
from counterfoil.application.commands.submit_aef import AefFault, SubmitAef
from tests.domain.commands.desk import Case, after, check_refused, titles
from tests.domain.commands.scene import host


def submission(**changes: Any) -> SubmitAef:
    return SubmitAef(**{"party": "THA", "year": 2025, "version": "1.0", "sha256": "0a" * 32, **changes})


REFUSALS = (
    Case("its Party has two letters", AefFault.PARTY_UNREADABLE, lambda _: submission(party="TH")),
    *(
        Case(f"its version is {version!r}", AefFault.VERSION_UNREADABLE, after(then=submission(version=version)))
        for version in ("", "1", "0.1", "1.0.0", "v1.0", "1.0\n")
    ),
    Case("its hash is short", AefFault.DIGEST_UNREADABLE, lambda _: submission(sha256="0a")),
    Case("its hash has capitals", AefFault.DIGEST_UNREADABLE, lambda _: submission(sha256="0A" * 32)),
    Case("the year is running", AefFault.YEAR_NOT_OVER, lambda _: submission(year=2026)),
    Case("the version was submitted", AefFault.VERSION_NOT_HIGHER, after(submission(), then=submission())),
    Case(
        "a version is higher by its number, not by its letters",
        AefFault.VERSION_NOT_HIGHER,
        after(submission(version="1.10"), then=submission(version="1.9")),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_submission_is_refused_when(case: Case) -> None:
    check_refused(case, host())


def test_a_submission_freezes_its_year_and_an_older_one_thaws_nothing() -> None:
    desk = host()
    desk.do(submission())
    desk.do(submission(year=2024))
    assert desk.books.record(REPORTED, "year") == 2025


def test_versions_grow_per_party_and_year() -> None:
    desk = host()
    desk.do(submission())
    desk.do(submission(version="1.1"))
    desk.do(submission(year=2024))
    assert desk.books.record("aef", "THA:2025")["version"] == "1.1"
    assert desk.books.record("aef_version", "THA:2025:1.0")["submitted_on"] == "2026-03-31"
