"""Whether an activity's life lets an outcome be monitored, verified, issued, or first transferred.

Read before: `domain/activities/life.py`. Source: ADR-0028.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from counterfoil.application.command import Context, Units, record, stored
from counterfoil.application.commands.contested import open_objections
from counterfoil.application.commands.living import act_refusal, life_of, living
from counterfoil.application.life_law import table_of
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.activities.activity import ACTIVITY, Activity
from counterfoil.domain.activities.crediting import outside, too_late
from counterfoil.domain.activities.cycle import LifeTable
from counterfoil.domain.activities.finding import FINDING, Finding
from counterfoil.domain.activities.gates import GateFault
from counterfoil.domain.activities.life import LIFE, Life, LifeFault, before_withdrawal, facts_of
from counterfoil.domain.activities.verifier import Task
from counterfoil.domain.authorizations.objection import About, barred_by
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Record
from counterfoil.domain.mrv.verification import MONITORING, Monitoring, Verification
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.stages import Gate, LifeAct


def may_be_monitored(
    monitoring: Monitoring, known: tuple[Activity, Life], books: Books, context: Context
) -> Refusal | None:
    """After registration, within the crediting periods, and up to a withdrawal."""
    activity, life = known
    table = table_of(activity, context)
    if isinstance(table, Refusal):
        return table
    refusal = act_refusal(LifeAct.MONITOR, known, table, books, context, documents=monitoring.evidence)
    refusal = refusal or _in_time(LifeAct.MONITOR, (activity, life), table, books, monitoring.last_day)
    return refusal or outside(activity.id, activity.crediting_periods, monitoring.first_day, monitoring.last_day)


def may_be_verified(
    verification: Verification, monitoring: Monitoring, books: Books, context: Context
) -> tuple[Record, ...] | Refusal:
    """By a body that may, with no finding open. The first verification of a period of crediting is remembered."""
    known = living(books, verification.activity)
    if isinstance(known, Refusal):
        return known
    activity, life = known
    table = table_of(activity, context)
    if isinstance(table, Refusal):
        return table
    named = {"body": verification.verifier.strip(), "task": Task.VERIFICATION}
    refusal = act_refusal(LifeAct.VERIFY, known, table, books, context, **named)
    refusal = refusal or _in_time(LifeAct.VERIFY, (activity, life), table, books, monitoring.last_day)
    refusal = refusal or _forward(life, table, books, monitoring.id)
    if refusal is not None:
        return refusal
    return () if life.verified else (record(LIFE, life.activity, replace(life, verified=True)),)


def _forward(life: Life, table: LifeTable, books: Books, monitoring: str) -> Refusal | None:
    """Refuses a verification before the forward actions of earlier ones, and of the validation, are closed.

    Source: A6.4-STAN-AC-003 (forward action requests are looked at in the next verification).
    """
    for name in life.forward:
        finding = stored(books, FINDING, name, Finding)
        if finding is not None and finding.monitoring != monitoring:
            facts = {**facts_of(life, table, LifeAct.VERIFY.value), "gate": Gate.FINDINGS_CLOSED.value}
            return Refusal(GateFault.FINDING_OPEN, {**facts, "finding": name, "count": len(life.forward)})
    return None


def may_be_issued(activity: Activity, verification: Verification, books: Books, context: Context) -> Refusal | None:
    """A suspended activity issues nothing, whatever was verified; a withdrawn one only what came before.

    Nor is anything issued on a verification to which an objection stands. Source: R-FRI-02.
    """
    life = life_of(books, activity.id)
    table = table_of(activity, context)
    if isinstance(table, Refusal):
        return table
    refusal = act_refusal(LifeAct.ISSUE, (activity, life), table, books, context)
    refusal = refusal or too_late(activity.id, activity.crediting_periods, table, context.on)
    refusal = refusal or barred_by(open_objections(books, About.VERIFICATION, verification.id))
    if refusal is not None or (life.withdrawn_on is None and activity.parent is None):
        return refusal
    monitoring = stored(books, MONITORING, verification.monitoring, Monitoring)
    assert monitoring is not None, "a verification is about a report of the register"
    return _in_time(LifeAct.ISSUE, (activity, life), table, books, monitoring.last_day)


def _in_time(
    act: LifeAct, known: tuple[Activity, Life], table: LifeTable, books: Books, last_day: date
) -> Refusal | None:
    """Refuses outcomes of after the withdrawal of the activity, or of the programme of which it is a component."""
    activity, life = known
    refusal = before_withdrawal(life, act, table, last_day)
    if refusal is not None or activity.parent is None:
        return refusal
    return before_withdrawal(life_of(books, activity.parent), act, table, last_day)


def may_be_brought(activity: Activity, books: Books, context: Context) -> Refusal | None:
    """Whether units may be born of an activity that another registry's units stand behind: as for any issuance."""
    table = table_of(activity, context)
    if isinstance(table, Refusal):
        return table
    return act_refusal(LifeAct.ISSUE, (activity, life_of(books, activity.id)), table, books, context)


def not_suspended(books: Books, context: Context, units: Units, *, act: str) -> Refusal | None:
    """Refuses to make something else of units whose activity is suspended, whatever the law says of its transfers.

    Args:
        act: The word of what is asked, for the refusal.
    """
    for activity, life in _suspended(books, (units,)):
        table = table_of(activity, context)
        return table if isinstance(table, Refusal) else _since(life, table, act)
    return None


def halted(books: Books, context: Context, parts: Sequence[Units]) -> Refusal | None:
    """Refuses to first transfer units of a suspended activity, where the law says so. Without a law nothing is halted.

    Units of another Party's activity are not asked about: its registry knows its life.
    """
    if not isinstance(context.law, Law):
        return None
    for activity, life in _suspended(books, parts):
        table = table_of(activity, context)
        if isinstance(table, Refusal):
            return table
        if LifeAct.FIRST_TRANSFER in table.stops:
            return _since(life, table, LifeAct.FIRST_TRANSFER.value)
    return None


def _suspended(books: Books, parts: Sequence[Units]) -> Iterator[tuple[Activity, Life]]:
    """The activities behind units that are suspended, by themselves or with their programme, and the suspended life."""
    names = {
        unit_facts(holding.facts).activity: None
        for part in parts
        for holding in books.holdings(part.unit_class, part.first, part.last)
    }
    for name in names:
        activity = stored(books, ACTIVITY, name, Activity)
        if activity is None:
            continue
        for each in (activity.id, activity.parent):
            life = None if each is None else stored(books, LIFE, each, Life)
            if life is not None and life.suspended_on is not None:
                yield activity, life


def _since(life: Life, table: LifeTable, act: str) -> Refusal:
    since = "" if life.suspended_on is None else life.suspended_on.isoformat()
    return Refusal(LifeFault.SUSPENDED, {**facts_of(life, table, act), "since": since})
