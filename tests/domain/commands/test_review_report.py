"""The review of a report: finding, answer, corrected version, end."""

from typing import Any

import pytest

from counterfoil.application.commands.review_report import (
    AnswerReviewFinding,
    CloseReviewFinding,
    RecordReviewFinding,
    ReviewFault,
)
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.review import ANSWERS_MAX, TEXT_MAX, IssueType, ReviewArea, ReviewOutcome
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import host
from tests.domain.commands.test_file_report import annual, initial

REPORT = "aef:THA:2025"


def found(**changes: Any) -> RecordReviewFinding:
    content: dict[str, Any] = {
        "finding": "F-1",
        "report": REPORT,
        "version": "1.0",
        "team": "TERT-2026-3",
        "area": ReviewArea.ANNUAL_INFORMATION,
        "provision": "2/CMA.3 annex para. 20",
        "issue": IssueType.QUANTIFIED,
        "text": "40,000 reported, 42,000 recorded.",
    }
    return RecordReviewFinding(**{**content, **changes})


def answer(**changes: Any) -> AnswerReviewFinding:
    return AnswerReviewFinding(**{"finding": "F-1", "text": "A correction was missed.", **changes})


def close(**changes: Any) -> CloseReviewFinding:
    content: dict[str, Any] = {"finding": "F-1", "outcome": ReviewOutcome.RESOLVED, "reason": "Corrected."}
    return CloseReviewFinding(**{**content, **changes})


def filed() -> Desk:
    desk = host()
    desk.do(initial())
    desk.do(annual())
    desk.do(annual(version="1.1", sha256="0b" * 32))
    return desk


REFUSALS = (
    Case("it has no name", ReviewFault.ID_UNREADABLE, lambda _: found(finding="")),
    Case("the team is a person", ReviewFault.ID_UNREADABLE, lambda _: found(team="A. Reviewer")),
    Case("its approach is unreadable", ReviewFault.ID_UNREADABLE, lambda _: found(approach="9001")),
    Case("it was recorded", ReviewFault.ALREADY_RECORDED, after(found(), then=found(text="Another."))),
    Case("its version was not filed", ReviewFault.VERSION_UNKNOWN, lambda _: found(version="1.2")),
    Case("it says nothing", ReviewFault.TEXT_UNCLEAR, lambda _: found(text=" ")),
    Case("it says too much", ReviewFault.TEXT_UNCLEAR, lambda _: found(text="x" * (TEXT_MAX + 1))),
    Case(
        "a confidential text is public too",
        ReviewFault.TEXT_UNCLEAR,
        lambda _: found(confidential={"text": "secret"}),
    ),
    Case("it names no provision", ReviewFault.PROVISION_MISSING, lambda _: found(provision=" ")),
    Case("an answer is about nothing", ReviewFault.UNKNOWN, lambda _: answer()),
    Case("an answer says nothing", ReviewFault.TEXT_UNCLEAR, after(found(), then=answer(text=""))),
    Case(
        "an answer's document has no hash",
        ReviewFault.EVIDENCE_UNREADABLE,
        after(found(), then=answer(evidence=("x",))),
    ),
    Case(
        "a corrected version was not filed", ReviewFault.VERSION_UNKNOWN, after(found(), then=answer(resubmitted="1.2"))
    ),
    Case(
        "a corrected version is not later",
        ReviewFault.VERSION_NOT_LATER,
        after(found(version="1.1"), then=answer(resubmitted="1.0")),
    ),
    Case("an end is about nothing", ReviewFault.UNKNOWN, lambda _: close()),
    Case("an end has no reason", ReviewFault.TEXT_UNCLEAR, after(found(), answer(), then=close(reason=""))),
    Case("it is resolved without an answer", ReviewFault.NOTHING_ANSWERED, after(found(), then=close())),
    Case("it is closed twice", ReviewFault.CLOSED, after(found(), answer(), close(), then=close())),
    Case("it is answered after its end", ReviewFault.CLOSED, after(found(), answer(), close(), then=answer())),
    Case(
        "it has as many answers as may be",
        ReviewFault.TOO_MANY_ANSWERS,
        after(found(), *(answer() for _ in range(ANSWERS_MAX)), then=answer()),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_finding_an_answer_or_its_end_is_refused_when(case: Case) -> None:
    check_refused(case, filed())


def test_a_finding_goes_from_open_to_closed_and_every_step_stays() -> None:
    desk = filed()
    states = []
    for command in (found(), answer(), answer(text="Version 1.1 says 42,000.", resubmitted="1.1"), close()):
        desk.do(command)
        states.append(desk.books.record("review_finding", "F-1")["state"])
    assert states == ["open", "answered", "resubmitted", "closed"]
    finding = desk.books.record("review_finding", "F-1")
    assert (finding["version"], finding["resubmitted"], finding["outcome"]) == ("1.0", "1.1", "resolved")
    assert desk.books.record("review_answer", "F-1:01")["text"] == "A correction was missed."
    assert desk.books.record("review_answer", "F-1:02")["resubmitted"] == "1.1"
    assert desk.books.record("report_version", f"{REPORT}:1.0")["version"] == "1.0"


def test_a_confidential_text_is_in_no_record() -> None:
    desk = filed()
    desk.do(found(text="", confidential={"text": "The price was CHF 30."}))
    desk.do(answer(text="", confidential={"text": "It was CHF 31."}))
    told = repr([entry.entry.records for entry in desk.journal])
    assert "CHF" not in told
    assert desk.books.record("review_finding", "F-1")["confidential"] is True


def test_a_finding_may_be_withdrawn_without_an_answer() -> None:
    desk = filed()
    desk.do(found())
    assert not isinstance(desk.ask(close(outcome=ReviewOutcome.WITHDRAWN, reason="Made in error.")), Refusal)
