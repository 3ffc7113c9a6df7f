"""Suspend an activity, let it go on, or withdraw it. What was issued stays what it is."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from counterfoil.application.command import Command, Context
from counterfoil.application.commands.living import lived, living, text_refusal
from counterfoil.application.life_law import table_of
from counterfoil.domain.activities.cycle import LifeTable
from counterfoil.domain.activities.life import Event, Life, LifeEvent, resumed, suspended, withdrawn
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendActivity(Command):
    """Suspend an activity: nothing of it is issued, renewed or changed until it goes on.

    Where the law says so, its units are not first transferred either. They stay with their holders.
    """

    activity: ActivityId
    authority: str
    reason: str
    documents: tuple[str, ...] = ()


def suspend_activity(command: SuspendActivity, books: Books, context: Context) -> Entry | Refusal:
    """Source: A6.4-STAN-METH-002 (hold on notice of a reversal); ADR-0028."""
    found = _ground(command, books, context)
    if isinstance(found, Refusal):
        return found
    life, table = found
    after = suspended(life, table, context.on)
    if isinstance(after, Refusal):
        return after
    return _entry(Act.ACTIVITY_SUSPENDED, command, after, table=table, context=context)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeActivity(Command):
    """Let a suspended activity go on where it stood."""

    activity: ActivityId
    authority: str
    reason: str
    documents: tuple[str, ...] = ()


def resume_activity(command: ResumeActivity, books: Books, context: Context) -> Entry | Refusal:
    """Source: ADR-0028."""
    found = _ground(command, books, context)
    if isinstance(found, Refusal):
        return found
    life, table = found
    after = resumed(life, table)
    if isinstance(after, Refusal):
        return after
    return _entry(Act.ACTIVITY_RESUMED, command, after, table=table, context=context)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawActivity(Command):
    """Withdraw an activity for good, or its approval by the host.

    Outcomes up to `effective_on`, left out the legal day of the act, are still monitored, verified and issued.
    `justification` says why the notice that the law asks for is not kept.
    """

    activity: ActivityId
    authority: str
    reason: str
    effective_on: date | None = None
    justification: str = ""
    documents: tuple[str, ...] = ()


def withdraw_activity(command: WithdrawActivity, books: Books, context: Context) -> Entry | Refusal:
    """Units that were issued are not touched. Source: A6.4-PROC-AC-002 paras. 260-268."""
    found = _ground(command, books, context)
    if isinstance(found, Refusal):
        return found
    life, table = found
    day = command.effective_on or context.on
    after = withdrawn(life, table, on=context.on, effective_on=day, justified=bool(command.justification.strip()))
    if isinstance(after, Refusal):
        return after
    return _entry(Act.ACTIVITY_WITHDRAWN, command, after, table=table, context=context)


_EVENTS: Final = {
    Act.ACTIVITY_SUSPENDED: Event.SUSPENDED,
    Act.ACTIVITY_RESUMED: Event.RESUMED,
    Act.ACTIVITY_WITHDRAWN: Event.WITHDRAWN,
}
_Command = SuspendActivity | ResumeActivity | WithdrawActivity


def _ground(command: _Command, books: Books, context: Context) -> tuple[Life, LifeTable] | Refusal:
    known = living(books, command.activity)
    if isinstance(known, Refusal):
        return known
    activity, life = known
    table = table_of(activity, context)
    if isinstance(table, Refusal):
        return table
    justification = getattr(command, "justification", "")
    texts = (command.authority, command.reason, *((justification,) if justification else ()))
    return text_refusal(activity.id, *texts, documents=command.documents) or (life, table)


def _entry(act: Act, command: _Command, after: Life, *, table: LifeTable, context: Context) -> Entry | Refusal:
    told = LifeEvent(
        after.activity,
        0,
        _EVENTS[act],
        context.on,
        after.stage,
        body=command.authority.strip(),
        subject=getattr(command, "justification", "").strip(),
        reason=command.reason.strip(),
        provision=table.provision,
        documents=command.documents,
    )
    records = lived(after, told)
    if isinstance(records, Refusal):
        return records
    details: dict[str, JSON] = {"activity": after.activity}
    if after.withdrawn_on is not None:
        details["effective_on"] = after.withdrawn_on.isoformat()
    return Entry(act, context.on, records=records, details=details)
