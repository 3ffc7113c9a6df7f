"""Findings of the Article 6 technical expert review: what was found in which version, what the Party answered, the end.

Every version of a report, every finding and every answer stays. A confidential text is not here: the journal holds its
salted hash (`kernel/sealed.py`).

Source: 6/CMA.4 annex II; 4/CMA.6 paras. 34-44; rulebook 5.1 (the record of a finding); requirements R-A62-17, R-A62-18.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

FINDING: Final = "review_finding"
ANSWER: Final = "review_answer"
TEXT_MAX: Final = 1_500
"""Characters of a finding, an answer or a reason: three times as many bytes must fit into one entry."""
ANSWERS_MAX: Final = 50
LESSON_MAX: Final = 600


class ReviewArea(StrEnum):
    """Which part of the reported information a finding is about."""

    PARTICIPATION = "participation"
    NDC = "ndc"
    METRICS = "metrics"
    METHOD = "method"
    QUANTIFICATION = "quantification"
    AUTHORIZATION = "authorization"
    COOPERATIVE_APPROACH = "cooperative_approach"
    ENVIRONMENTAL_INTEGRITY = "environmental_integrity"
    DOUBLE_COUNTING = "double_counting"
    ANNUAL_INFORMATION = "annual_information"
    EMISSIONS_BALANCE = "emissions_balance"
    SUSTAINABLE_DEVELOPMENT = "sustainable_development"
    ADAPTATION = "adaptation"
    OVERALL_MITIGATION = "overall_mitigation"
    COMPLETENESS = "completeness"


class IssueType(StrEnum):
    """Across Parties, in a quantity, across the reports of one Party, or in words."""

    CROSS_PARTY = "cross_party"
    QUANTIFIED = "quantified"
    CROSS_REPORT = "cross_report"
    QUALITATIVE = "qualitative"


class ReviewState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    RESUBMITTED = "resubmitted"
    CLOSED = "closed"


class ReviewOutcome(StrEnum):
    """How a finding ended: settled by a correction or an answer, left as it is, or taken back by the team."""

    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFinding:
    """One finding on one version of a report. `team` is the review team's reference and names no person.

    `text` and `recommendation` are empty where they are confidential. `resubmitted` is the version that corrected it.
    """

    finding: str
    report: str
    version: str
    team: str
    area: ReviewArea
    provision: str
    issue: IssueType
    significant: bool
    persistent: bool
    text: str
    recommendation: str
    approach: str
    confidential: bool
    found_on: date
    state: ReviewState = ReviewState.OPEN
    answers: int = 0
    resubmitted: str = ""
    outcome: ReviewOutcome | None = None
    closed_on: date | None = None
    closing_reason: str = ""
    lesson: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAnswer:
    """What the Party answered. `evidence` are SHA-256 of documents; `resubmitted` is a corrected version, or empty."""

    finding: str
    number: int
    text: str
    confidential: bool
    answered_on: date
    evidence: tuple[str, ...] = ()
    resubmitted: str = ""


def answer_key(finding: str, number: int) -> str:
    """Answers sort by number: `F-1:02` is the second answer to F-1."""
    return f"{finding}:{number:02d}"
