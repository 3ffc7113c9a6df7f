"""The review of a filed report: a finding, the Party's answers with corrected versions, and the end of the finding."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.file_report import filed_version
from counterfoil.domain.kernel.ids import COOPERATIVE_APPROACH, DIGEST, NAME
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.reporting.filing import is_version, version_order
from counterfoil.domain.reporting.review import (
    ANSWER,
    ANSWERS_MAX,
    FINDING,
    LESSON_MAX,
    TEXT_MAX,
    IssueType,
    ReviewAnswer,
    ReviewArea,
    ReviewFinding,
    ReviewOutcome,
    ReviewState,
    answer_key,
)

PROVISION_MAX: Final = 120
EVIDENCE_MAX: Final = 20
_CLOSED_TEXT: Final = "text"
"""The confidential field in which a text stands that may not be public."""


class ReviewFault(StrEnum):
    ID_UNREADABLE = "review.id_unreadable"
    ALREADY_RECORDED = "review.already_recorded"
    VERSION_UNKNOWN = "review.version_unknown"
    TEXT_UNCLEAR = "review.text_unclear"
    PROVISION_MISSING = "review.provision_missing"
    UNKNOWN = "review.unknown"
    CLOSED = "review.closed"
    TOO_MANY_ANSWERS = "review.too_many_answers"
    EVIDENCE_UNREADABLE = "review.evidence_unreadable"
    VERSION_NOT_LATER = "review.version_not_later"
    NOTHING_ANSWERED = "review.nothing_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReviewFinding(Command):
    """Record a finding of the review team on a filed version of a report.

    `team` is the team's reference, never a person's name. A text that may not be public stands in `confidential` under
    the name `text`, and the field `text` stays empty.
    """

    finding: str
    report: str
    version: str
    team: str
    area: ReviewArea
    provision: str
    issue: IssueType
    text: str = ""
    recommendation: str = ""
    significant: bool = False
    persistent: bool = False
    approach: str = ""


def record_review_finding(command: RecordReviewFinding, books: Books, context: Context) -> Entry | Refusal:
    """A finding is recorded once and never changes; the answers and the end are added to it.

    Source: 6/CMA.4 annex II paras. 10-21; 4/CMA.6 paras. 34-41.
    """
    for refusal in _complaints(command, books):
        return refusal
    finding = ReviewFinding(
        finding=command.finding,
        report=command.report,
        version=command.version,
        team=command.team,
        area=command.area,
        provision=command.provision.strip(),
        issue=command.issue,
        significant=command.significant,
        persistent=command.persistent,
        text=command.text.strip(),
        recommendation=command.recommendation.strip(),
        approach=command.approach,
        confidential=_CLOSED_TEXT in command.confidential,
        found_on=context.on,
    )
    return Entry(Act.REVIEW_FINDING_RECORDED, context.on, records=(record(FINDING, command.finding, finding),))


def _complaints(command: RecordReviewFinding, books: Books) -> Iterator[Refusal]:
    facts = {"finding": command.finding[:80]}
    approach_read = not command.approach or COOPERATIVE_APPROACH.match(command.approach)
    if not NAME.match(command.finding) or not NAME.match(command.team) or not approach_read:
        yield Refusal(ReviewFault.ID_UNREADABLE, facts)
    if books.record(FINDING, command.finding) is not None:
        yield Refusal(ReviewFault.ALREADY_RECORDED, facts)
    if filed_version(books, command.report, command.version) is None:
        told = {"report": command.report[:80], "version": command.version[:20]}
        yield Refusal(ReviewFault.VERSION_UNKNOWN, {**facts, **told})
    yield from _text(command.finding, command.text, command, command.recommendation)
    if not 0 < len(command.provision.strip()) <= PROVISION_MAX:
        yield Refusal(ReviewFault.PROVISION_MISSING, facts)


def _text(finding: str, text: str, command: Command, *more: str) -> Iterator[Refusal]:
    """A text stands either in public or in the confidential field, and not in both."""
    sealed = _CLOSED_TEXT in command.confidential
    bounded = all(len(each) <= TEXT_MAX for each in (text, *more))
    if sealed == bool(text.strip()) or not bounded:
        yield Refusal(ReviewFault.TEXT_UNCLEAR, {"finding": finding[:80], "text_max": TEXT_MAX})


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReviewFinding(Command):
    """Record the Party's answer to a finding, with the corrected version of the report where there is one.

    `evidence` are SHA-256 of documents. A text that may not be public stands in `confidential` under the name `text`.
    """

    finding: str
    text: str = ""
    evidence: tuple[str, ...] = ()
    resubmitted: str = ""


def answer_review_finding(command: AnswerReviewFinding, books: Books, context: Context) -> Entry | Refusal:
    """A corrected version must have been filed, later than the one that the finding is about; both stay.

    Source: 4/CMA.6 paras. 32, 39, 44; requirements R-A62-17, R-C30-02.
    """
    finding = stored(books, FINDING, command.finding, ReviewFinding)
    if finding is None:
        return Refusal(ReviewFault.UNKNOWN, {"finding": command.finding[:80]})
    for refusal in _answer_complaints(command, finding, books):
        return refusal
    number = finding.answers + 1
    answer = ReviewAnswer(
        finding=finding.finding,
        number=number,
        text=command.text.strip(),
        confidential=_CLOSED_TEXT in command.confidential,
        answered_on=context.on,
        evidence=command.evidence,
        resubmitted=command.resubmitted,
    )
    corrected = command.resubmitted or finding.resubmitted
    state = ReviewState.RESUBMITTED if corrected else ReviewState.ANSWERED
    answered = replace(finding, state=state, answers=number, resubmitted=corrected)
    records = (
        record(ANSWER, answer_key(finding.finding, number), answer),
        record(FINDING, finding.finding, answered),
    )
    return Entry(Act.REVIEW_FINDING_ANSWERED, context.on, records=records)


def _answer_complaints(command: AnswerReviewFinding, finding: ReviewFinding, books: Books) -> Iterator[Refusal]:
    facts = {"finding": finding.finding}
    if finding.state is ReviewState.CLOSED:
        yield Refusal(ReviewFault.CLOSED, facts)
    if finding.answers >= ANSWERS_MAX:
        yield Refusal(ReviewFault.TOO_MANY_ANSWERS, {**facts, "answers_max": ANSWERS_MAX})
    yield from _text(finding.finding, command.text, command)
    if len(command.evidence) > EVIDENCE_MAX or not all(DIGEST.match(each) for each in command.evidence):
        yield Refusal(ReviewFault.EVIDENCE_UNREADABLE, {**facts, "evidence_max": EVIDENCE_MAX})
    if command.resubmitted:
        told = {**facts, "version": command.resubmitted[:20], "report": finding.report}
        if not is_version(command.resubmitted) or filed_version(books, finding.report, command.resubmitted) is None:
            yield Refusal(ReviewFault.VERSION_UNKNOWN, told)
        elif version_order(command.resubmitted) <= version_order(finding.version):
            yield Refusal(ReviewFault.VERSION_NOT_LATER, {**told, "reviewed": finding.version})


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseReviewFinding(Command):
    """Close a finding, with a public reason. `lesson` says in general words what others may learn from it."""

    finding: str
    outcome: ReviewOutcome
    reason: str
    lesson: str = ""


def close_review_finding(command: CloseReviewFinding, books: Books, context: Context) -> Entry | Refusal:
    """Only what was answered can be resolved. A closed finding stays as it is.

    Source: 4/CMA.6 paras. 39, 41, 44; requirements R-A62-17, R-A62-18.
    """
    finding = stored(books, FINDING, command.finding, ReviewFinding)
    facts = {"finding": command.finding[:80]}
    if finding is None:
        return Refusal(ReviewFault.UNKNOWN, facts)
    if finding.state is ReviewState.CLOSED:
        return Refusal(ReviewFault.CLOSED, facts)
    if not 0 < len(command.reason.strip()) <= TEXT_MAX or len(command.lesson) > LESSON_MAX:
        return Refusal(ReviewFault.TEXT_UNCLEAR, {**facts, "text_max": TEXT_MAX})
    if command.outcome is ReviewOutcome.RESOLVED and not finding.answers:
        return Refusal(ReviewFault.NOTHING_ANSWERED, facts)
    closed = replace(
        finding,
        state=ReviewState.CLOSED,
        outcome=command.outcome,
        closed_on=context.on,
        closing_reason=command.reason.strip(),
        lesson=command.lesson.strip(),
    )
    return Entry(Act.REVIEW_FINDING_CLOSED, context.on, records=(record(FINDING, finding.finding, closed),))
