"""Recording that an AEF was submitted."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import REPORTED
from counterfoil.application.commands.file_report import FileReport, FilingFault
from counterfoil.application.commands.submit_aef import AefFault, SubmitAef
from counterfoil.domain.authorizations.content import Component
from counterfoil.domain.kernel.ids import CooperativeApproachId, Party
from counterfoil.domain.ledger.entry import Entry
from counterfoil.domain.reporting.filing import ReportKind
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import CA9001, CA9002, buyer, deliver, host, issue, letter, proposal


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
    *(
        Case(f"its year is {year}", AefFault.YEAR_TOO_EARLY, after(then=submission(year=year)))
        for year in (2020, 0, -1, -(10**40))
    ),
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


LETTER_DAY, YEAR_END, NEW_YEAR = date(2025, 6, 1), date(2025, 12, 31), date(2026, 1, 1)
UNCOVERED = Case("no initial report covers its approach", AefFault.INITIAL_MISSING, lambda _: submission())


def initial(party: str, *approaches: CooperativeApproachId) -> FileReport:
    return FileReport(
        kind=ReportKind.INITIAL, party=Party(party), version="1.0", sha256="0b" * 32, approaches=approaches
    )


def filed(party: str = "THA", **changes: Any) -> FileReport:
    """The same year filed as a report that names no approach."""
    content: dict[str, Any] = {"kind": ReportKind.AEF, "party": Party(party), "version": "1.0", "sha256": "0a" * 32}
    return FileReport(**{**content, "year": 2025, **changes})


def lettered(on: date, **changes: Any) -> Desk:
    desk = host()
    desk.do(letter(**changes), on=on)
    return desk


def test_a_submission_waits_for_the_initial_report_of_what_was_authorized_by_the_end_of_its_year() -> None:
    for on in (LETTER_DAY, YEAR_END):
        refusal = check_refused(UNCOVERED, lettered(on))
        assert refusal.facts == {"party": "THA", "year": 2025, "approach": "CA9001"}
    assert isinstance(lettered(NEW_YEAR).ask(submission()), Entry)
    assert isinstance(lettered(LETTER_DAY).ask(submission(year=2024)), Entry)


def test_an_initial_report_of_another_approach_does_not_do_and_one_of_the_same_day_does() -> None:
    desk = lettered(LETTER_DAY)
    desk.do(initial("THA", CA9002))
    check_refused(UNCOVERED, desk)
    update = {"kind": ReportKind.UPDATED_INITIAL, "year": None, "approaches": (CA9001,)}
    desk.do(filed(**update))
    assert isinstance(desk.ask(submission()), Entry)


def test_a_filing_that_leaves_out_an_approach_of_the_books_is_refused_as_well() -> None:
    silent = Case("it names no approach", FilingFault.INITIAL_MISSING, lambda _: filed())
    desk = lettered(LETTER_DAY)
    check_refused(silent, desk)
    desk.do(initial("THA", CA9001))
    assert isinstance(desk.ask(filed()), Entry)


def test_a_first_stage_authorizes_nothing_and_asks_for_no_report() -> None:
    stage = {"components": (Component.APPROACH,), "cooperative_approach": CooperativeApproachId("")}
    assert isinstance(lettered(LETTER_DAY, **stage).ask(submission()), Entry)


def test_who_acquired_units_reports_initially_too() -> None:
    for on, covered in ((YEAR_END, False), (NEW_YEAR, True)):
        source, target = lettered(LETTER_DAY), buyer()
        source.do(issue(), on=LETTER_DAY)
        deliver(source, target, proposal(), on=on)
        if covered:
            assert isinstance(target.ask(submission(party="CHE")), Entry)
            continue
        bought = Case("it acquired", AefFault.INITIAL_MISSING, lambda _: submission(party="CHE"))
        check_refused(bought, target)
        target.do(initial("CHE", CA9001))
        assert isinstance(target.ask(submission(party="CHE")), Entry)


def test_nothing_is_asked_for_another_partys_submission() -> None:
    assert isinstance(lettered(LETTER_DAY).ask(submission(party="CHE")), Entry)
