"""Filing a report, and what becomes of it: sent, acknowledged, asked for again."""

from typing import Any

import pytest

from counterfoil.application.command import REPORTED
from counterfoil.application.commands.acknowledge_submission import (
    AcknowledgeSubmission,
    Outcome,
    RecordSent,
    SubmissionFault,
)
from counterfoil.application.commands.file_report import FileReport, FilingFault
from counterfoil.application.commands.submit_aef import AefFault
from counterfoil.domain.kernel.ids import CooperativeApproachId, Party
from counterfoil.domain.ledger.entry import Entry
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.domain.reporting.finding import CheckStatus
from tests.domain.commands.desk import Case, Desk, after, check_refused, registry, titles
from tests.domain.commands.scene import CA9001, CA9002, host
from tests.domain.commands.test_submit_aef import submission

HASH = "0a" * 32


def initial(**changes: Any) -> FileReport:
    content: dict[str, Any] = {"kind": ReportKind.INITIAL, "party": Party("THA"), "version": "1.0", "sha256": HASH}
    return FileReport(**{**content, "approaches": (CA9001,), **changes})


def updated(**changes: Any) -> FileReport:
    return initial(**{"kind": ReportKind.UPDATED_INITIAL, "approaches": (CA9002,), **changes})


def annual(**changes: Any) -> FileReport:
    return initial(**{"kind": ReportKind.AEF, "year": 2025, **changes})


def summary(**changes: Any) -> FileReport:
    return initial(**{"kind": ReportKind.SUMMARY, "year": 2025, "approaches": (), **changes})


def sent(**changes: Any) -> RecordSent:
    return RecordSent(**{"report": "initial:THA:*", "version": "1.0", "package": "0b" * 32, **changes})


def answered(**changes: Any) -> AcknowledgeSubmission:
    content: dict[str, Any] = {
        "report": "initial:THA:*",
        "version": "1.0",
        "acknowledgement": "CARP-1",
        "outcome": Outcome.ACKNOWLEDGED,
        "sha256": "0c" * 32,
    }
    return AcknowledgeSubmission(**{**content, **changes})


REFUSALS = (
    Case("it is another Party's", FilingFault.OTHER_PARTY, lambda _: initial(party="CHE")),
    Case("its version has letters", AefFault.VERSION_UNREADABLE, lambda _: initial(version="v1")),
    Case("its hash is short", AefFault.DIGEST_UNREADABLE, lambda _: initial(sha256="0a")),
    Case("an initial report has a year", FilingFault.YEAR_UNCLEAR, lambda _: initial(year=2025)),
    Case("an AEF has no year", FilingFault.YEAR_UNCLEAR, lambda _: annual(year=None)),
    Case("an AEF is about 2020", FilingFault.YEAR_UNCLEAR, lambda _: annual(year=2020)),
    Case("the year of an AEF is running", FilingFault.YEAR_NOT_OVER, lambda _: annual(year=2026)),
    Case("the year of a summary is running", FilingFault.YEAR_NOT_OVER, lambda _: summary(year=2026)),
    Case("an initial report covers nothing", FilingFault.APPROACHES_UNCLEAR, lambda _: initial(approaches=())),
    Case("an approach is unreadable", FilingFault.APPROACHES_UNCLEAR, lambda _: initial(approaches=("CA1",))),
    Case("an approach stands twice", FilingFault.APPROACHES_UNCLEAR, lambda _: initial(approaches=(CA9001, CA9001))),
    Case("an update covers two", FilingFault.APPROACHES_UNCLEAR, lambda _: updated(approaches=(CA9001, CA9002))),
    Case("a summary names an approach", FilingFault.APPROACHES_UNCLEAR, lambda _: summary(approaches=(CA9001,))),
    Case("its version was filed", FilingFault.VERSION_NOT_HIGHER, after(initial(), then=initial(sha256="0d" * 32))),
    Case(
        "a version of the AEF was submitted otherwise",
        FilingFault.VERSION_NOT_HIGHER,
        after(initial(), submission(version="1.3"), then=annual(version="1.2")),
    ),
    Case("an update comes before the initial report", FilingFault.INITIAL_MISSING, lambda _: updated()),
    Case("an AEF comes before the initial report", FilingFault.INITIAL_MISSING, lambda _: annual()),
    Case(
        "an AEF has acts of an approach that no report covers",
        FilingFault.INITIAL_MISSING,
        after(initial(), then=annual(approaches=(CA9001, CA9002))),
    ),
    Case(
        "its checks failed and nobody says why it is filed",
        FilingFault.ISSUES_UNEXPLAINED,
        after(initial(), then=annual(checked=CheckStatus.INCONSISTENT)),
    ),
    Case(
        "a known issue has no reason",
        FilingFault.ISSUES_UNEXPLAINED,
        after(initial(), then=annual(known_issues=("C50",), reason=" ")),
    ),
    Case("what was sent is unknown", SubmissionFault.UNKNOWN, lambda _: sent()),
    Case("a package has no hash", SubmissionFault.DIGEST_UNREADABLE, after(initial(), then=sent(package=""))),
    Case("it was sent", SubmissionFault.ALREADY_SENT, after(initial(), sent(), then=sent())),
    Case(
        "what is acknowledged is unknown",
        SubmissionFault.UNKNOWN,
        after(initial(), then=answered(version="2.0")),
    ),
    Case(
        "an answer has no name",
        SubmissionFault.ACKNOWLEDGEMENT_UNCLEAR,
        after(initial(), then=answered(acknowledgement="")),
    ),
    Case(
        "a request to resubmit says nothing",
        SubmissionFault.ACKNOWLEDGEMENT_UNCLEAR,
        after(initial(), then=answered(outcome=Outcome.RESUBMISSION_ASKED)),
    ),
    Case("an answer came before", SubmissionFault.ALREADY_ACKNOWLEDGED, after(initial(), answered(), then=answered())),
)
NO_PARTY = Case("the jurisdiction is no Party", FilingFault.NOT_A_PARTY, lambda _: initial(party="TWN"))


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_filing_or_an_answer_to_it_is_refused_when(case: Case) -> None:
    check_refused(case, host())


def test_a_jurisdiction_that_is_no_party_files_nothing() -> None:
    check_refused(NO_PARTY, Desk(registry("TWN", is_party=False)))


def test_an_aef_is_filed_on_the_day_of_its_initial_report_and_freezes_its_year() -> None:
    desk = host()
    desk.do(initial())
    desk.do(annual())
    assert desk.books.record("report", "aef:THA:2025")["version"] == "1.0"
    assert desk.books.record("aef", "THA:2025")["filing"] == "aef:THA:2025"
    assert desk.books.record("aef_version", "THA:2025:1.0") is not None
    assert desk.books.record(REPORTED, "year") == 2025


def test_an_earlier_year_that_is_filed_late_opens_no_later_one() -> None:
    desk = host()
    desk.do(initial())
    desk.do(annual())
    desk.do(annual(year=2024))
    assert desk.books.record(REPORTED, "year") == 2025


def test_an_updated_initial_report_covers_its_further_approach() -> None:
    desk = host()
    desk.do(initial())
    desk.do(updated())
    assert isinstance(desk.ask(annual(approaches=(CA9001, CA9002))), Entry)


def test_a_year_without_acts_is_reported_without_an_initial_report() -> None:
    assert isinstance(host().ask(annual(approaches=())), Entry)


def test_regular_information_may_be_filed_in_its_own_year() -> None:
    assert isinstance(host().ask(summary(kind=ReportKind.REGULAR, year=2026)), Entry)


def test_a_report_with_known_issues_is_filed_with_its_reason() -> None:
    desk = host()
    desk.do(initial())
    desk.do(
        annual(checked=CheckStatus.INCONSISTENT, known_issues=("C50", "C55"), reason="The correction is under way.")
    )
    filed = desk.books.record("report", "aef:THA:2025")
    assert (filed["checked"], filed["known_issues"]) == ("INCONSISTENT", ["C50", "C55"])


def test_both_versions_stay_and_only_the_answered_one_changes_its_state() -> None:
    desk = host()
    desk.do(initial())
    desk.do(sent())
    desk.do(answered(outcome=Outcome.RESUBMISSION_ASKED, text="Section III.C is empty."))
    desk.do(initial(version="1.1", sha256="0d" * 32))
    first, second = (desk.books.record("report_version", f"initial:THA:*:{version}") for version in ("1.0", "1.1"))
    assert (first["state"], first["sha256"], second["state"]) == ("resubmission_asked", HASH, "filed")
    desk.do(answered(version="1.1", acknowledgement="CARP-2"))
    assert desk.books.record("report", "initial:THA:*")["state"] == "acknowledged"
    assert desk.books.record("report_version", "initial:THA:*:1.0") == first
    assert desk.books.record("submission_answer", "initial:THA:*:1.0:CARP-1")["text"] == "Section III.C is empty."


def test_an_answer_that_comes_before_the_sending_was_recorded_is_not_lost() -> None:
    desk = host()
    desk.do(initial())
    desk.do(answered())
    desk.do(sent())
    filed = desk.books.record("report", "initial:THA:*")
    assert (filed["state"], filed["sent_on"], filed["acknowledgement"]) == ("acknowledged", "2026-03-31", "CARP-1")


def test_an_initial_report_of_as_many_approaches_as_may_be_fits_into_an_entry() -> None:
    from counterfoil.domain.kernel.canonical import canonical
    from counterfoil.domain.ledger.entry import LEAF_BYTES_MAX

    desk = host()
    desk.do(initial(approaches=tuple(CooperativeApproachId(f"CA{number:04d}") for number in range(1, 41))))
    assert len(canonical(desk.journal[-1].leaf())) < LEAF_BYTES_MAX
