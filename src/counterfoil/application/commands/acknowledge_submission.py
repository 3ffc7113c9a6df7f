"""What becomes of a filed report: its package is sent, the platform acknowledges it or asks for it again."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, record
from counterfoil.application.commands.file_report import filed_version, restated
from counterfoil.domain.kernel.ids import DIGEST, NAME
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.reporting.filing import ANSWERED, FilingState

TEXT_MAX: Final = 2_000


class SubmissionFault(StrEnum):
    UNKNOWN = "submission.unknown"
    DIGEST_UNREADABLE = "submission.digest_unreadable"
    ALREADY_SENT = "submission.already_sent"
    ALREADY_ACKNOWLEDGED = "submission.already_acknowledged"
    ACKNOWLEDGEMENT_UNCLEAR = "submission.acknowledgement_unclear"


class Outcome(StrEnum):
    """What the platform says of a package."""

    ACKNOWLEDGED = "acknowledged"
    RESUBMISSION_ASKED = "resubmission_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSent(Command):
    """Record that the signed package of a filed report was sent, by the package's SHA-256."""

    report: str
    version: str
    package: str


def record_sent(command: RecordSent, books: Books, context: Context) -> Entry | Refusal:
    """A version is sent once; its package is made again from the same content, byte for byte.

    Source: 2/CMA.3 annex paras. 18-23 (reports are submitted to the platform); requirement R-A62-21.
    """
    filing = filed_version(books, command.report, command.version)
    facts = {"report": command.report[:80], "version": command.version[:20]}
    if filing is None:
        return Refusal(SubmissionFault.UNKNOWN, facts)
    if not DIGEST.match(command.package):
        return Refusal(SubmissionFault.DIGEST_UNREADABLE, facts)
    if filing.sent_on is not None:
        return Refusal(SubmissionFault.ALREADY_SENT, {**facts, "on": filing.sent_on.isoformat()})
    state = FilingState.SENT if filing.state is FilingState.FILED else filing.state
    sent = replace(filing, state=state, sent_on=context.on, package=command.package)
    return Entry(Act.REPORT_SENT, context.on, records=restated(books, command.report, sent))


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeSubmission(Command):
    """Record what the platform answered to a filed report. `sha256` is the hash of the answer as it came.

    `acknowledgement` is the platform's own number for the answer; `text` is what it says, such as why a report is
    asked for again.
    """

    report: str
    version: str
    acknowledgement: str
    outcome: Outcome
    sha256: str
    text: str = ""


def acknowledge_submission(command: AcknowledgeSubmission, books: Books, context: Context) -> Entry | Refusal:
    """Each answer is kept for ever; the last one decides the state. One answer is recorded once.

    Source: 4/CMA.6 paras. 32, 39; requirements R-A62-21, R-C30-02.
    """
    filing = filed_version(books, command.report, command.version)
    facts = {"report": command.report[:80], "version": command.version[:20]}
    if filing is None:
        return Refusal(SubmissionFault.UNKNOWN, facts)
    if not DIGEST.match(command.sha256):
        return Refusal(SubmissionFault.DIGEST_UNREADABLE, facts)
    asked = command.outcome is Outcome.RESUBMISSION_ASKED
    readable = NAME.match(command.acknowledgement) and len(command.text) <= TEXT_MAX
    if not readable or (asked and not command.text.strip()):
        return Refusal(SubmissionFault.ACKNOWLEDGEMENT_UNCLEAR, {**facts, "text_max": TEXT_MAX})
    key = f"{command.report}:{command.version}:{command.acknowledgement}"
    if books.record(ANSWERED, key) is not None:
        return Refusal(SubmissionFault.ALREADY_ACKNOWLEDGED, {**facts, "acknowledgement": command.acknowledgement})
    told = {
        "report": command.report,
        "version": command.version,
        "acknowledgement": command.acknowledgement,
        "outcome": command.outcome.value,
        "on": context.on.isoformat(),
        "sha256": command.sha256,
        "text": command.text,
    }
    state = FilingState(command.outcome.value)
    answered = replace(filing, state=state, acknowledgement=command.acknowledgement)
    records = (record(ANSWERED, key, told), *restated(books, command.report, answered))
    return Entry(Act.SUBMISSION_ACKNOWLEDGED, context.on, records=records)
