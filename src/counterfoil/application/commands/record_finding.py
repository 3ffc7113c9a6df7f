"""Record a finding of a validation or verification, and close it."""

from dataclasses import dataclass, replace
from datetime import date

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.living import life_of, lived, living
from counterfoil.application.life_law import table_of
from counterfoil.domain.activities.activity import ACTIVITY, Activity
from counterfoil.domain.activities.finding import (
    FINDING,
    OPEN_MAX,
    Finding,
    FindingFault,
    FindingKind,
    closed,
    readable_finding,
)
from counterfoil.domain.activities.life import Event, LifeEvent
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.policy.stages import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFinding(Command):
    """Record what a validation or verification found: a correction, a clarification, or a forward action.

    The first two bar registration, verification, issuance and renewal until they are closed; a forward action bars the
    next verification: of every report but the one that it is about. `answer_by` left out is
    the day that the law names, if it names one.
    """

    finding: str
    activity: ActivityId
    kind: FindingKind
    body: str
    text: str
    monitoring: str = ""
    answer_by: date | None = None


def record_finding(command: RecordFinding, books: Books, context: Context) -> Entry | Refusal:
    """Source: A6.4-STAN-AC-003 (requests for corrective action and clarification)."""
    known = living(books, command.activity)
    if isinstance(known, Refusal):
        return known
    activity, life = known
    table = table_of(activity, context)
    if isinstance(table, Refusal):
        return table
    term = table.within.get(Clock.FINDING)
    finding = Finding(
        command.finding,
        activity.id,
        command.kind,
        command.body.strip(),
        command.text.strip(),
        context.on,
        command.answer_by or (None if term is None else term.after(context.on)),
        command.monitoring,
        provision=table.provision,
    )
    refusal = readable_finding(finding)
    if refusal is not None:
        return refusal
    if books.record(FINDING, finding.id) is not None:
        return Refusal(FindingFault.ALREADY_RECORDED, {"finding": finding.id})
    if len(life.closing) + len(life.forward) >= OPEN_MAX:
        return Refusal(FindingFault.TOO_MANY, {"activity": activity.id, "most": OPEN_MAX})
    if finding.kind.bars:
        after = replace(life, closing=(*life.closing, finding.id))
    else:
        after = replace(life, forward=(*life.forward, finding.id))
    event = LifeEvent(
        activity.id,
        0,
        Event.FINDING_RECORDED,
        context.on,
        life.stage,
        body=finding.body,
        subject=finding.id,
        provision=table.provision,
    )
    records = lived(after, event)
    if isinstance(records, Refusal):
        return records
    return Entry(
        Act.FINDING_RECORDED,
        context.on,
        records=(record(FINDING, finding.id, finding), *records),
        details={"activity": activity.id, "finding": finding.id},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFinding(Command):
    """Close a finding with what was done about it; `body` accepted it."""

    finding: str
    body: str
    answer: str
    document: str | None = None


def close_finding(command: CloseFinding, books: Books, context: Context) -> Entry | Refusal:
    """The body that found it, or another that judges the answer, closes it once. Source: A6.4-STAN-AC-003."""
    known = stored(books, FINDING, command.finding, Finding)
    if known is None:
        return Refusal(FindingFault.UNKNOWN, {"finding": command.finding[:80]})
    answer = command.answer.strip()
    after = closed(known, body=command.body, answer=answer, document=command.document, on=context.on)
    if isinstance(after, Refusal):
        return after
    activity = stored(books, ACTIVITY, known.activity, Activity)
    assert activity is not None, "a finding is about an activity of the register"
    table = table_of(activity, context)
    if isinstance(table, Refusal):
        return table
    life = life_of(books, known.activity)
    closing, forward = (tuple(each for each in names if each != known.id) for names in (life.closing, life.forward))
    event = LifeEvent(
        activity.id,
        0,
        Event.FINDING_CLOSED,
        context.on,
        life.stage,
        body=command.body.strip()[:80],
        subject=known.id,
        provision=table.provision,
        documents=() if command.document is None else (command.document,),
    )
    records = lived(replace(life, closing=closing, forward=forward), event)
    if isinstance(records, Refusal):
        return records
    return Entry(
        Act.FINDING_CLOSED,
        context.on,
        records=(record(FINDING, after.id, after), *records),
        details={"activity": after.activity, "finding": after.id},
    )
