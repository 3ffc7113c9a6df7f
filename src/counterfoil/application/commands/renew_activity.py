"""Renew the crediting of an activity for one more period."""

from dataclasses import dataclass, replace
from datetime import date

from counterfoil.application.command import Command, Context, record
from counterfoil.application.commands.living import act_refusal, lived, living, step_of, text_refusal
from counterfoil.application.life_law import table_of
from counterfoil.domain.activities.activity import ACTIVITY, CreditingPeriod
from counterfoil.domain.activities.change import differences
from counterfoil.domain.activities.consultation import BARRING
from counterfoil.domain.activities.crediting import renewed
from counterfoil.domain.activities.life import Event, Life, LifeEvent, LifeFault, facts_of
from counterfoil.domain.activities.methodology import Methodology
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.policy.stages import LifeAct, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewActivity(Command):
    """Renew an activity for a crediting period, which begins the day after the last one ended.

    `body` is the body that validated the renewal. The latest version of the methodology holds from here on, the first
    verification needs another body again where the table says so, and consent has to be given anew.
    """

    activity: ActivityId
    first_day: date
    last_day: date
    body: str = ""
    documents: tuple[str, ...] = ()
    reason: str = ""


def renew_activity(command: RenewActivity, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a renewal outside its window, one too many, and a period that is too long or leaves a gap.

    Source: A6.4-PROC-AC-002 paras. 231-233, 242; A6.4-STAN-AC-002 para. 83.
    """
    known = living(books, command.activity)
    if isinstance(known, Refusal):
        return known
    activity, life = known
    table = table_of(activity, context)
    if isinstance(table, Refusal):
        return table
    if life.stage is not Stage.REGISTERED:
        return Refusal(LifeFault.NOT_REGISTERED, facts_of(life, table, LifeAct.RENEW.value))
    texts = [text for text in (command.reason, command.body) if text]
    refusal = text_refusal(activity.id, *texts, documents=command.documents)
    named = {"documents": command.documents, "body": command.body.strip()}
    refusal = refusal or act_refusal(LifeAct.RENEW, known, table, books, context, **named)
    if refusal is not None:
        return refusal
    period = CreditingPeriod(command.first_day, command.last_day)
    kind = activity.mitigation_type.value
    periods = renewed(activity.id, kind, activity.crediting_periods, period, table=table, on=context.on)
    if isinstance(periods, Refusal):
        return periods
    after = replace(activity, crediting_periods=periods)
    event = LifeEvent(
        activity.id,
        0,
        Event.RENEWED,
        context.on,
        life.stage,
        body=command.body.strip(),
        reason=command.reason.strip(),
        provision=table.provision,
        documents=command.documents,
        differences=differences(activity, after),
    )
    methodology = step_of(LifeAct.RENEW.value, known, books, context).methodology
    records = lived(_renewed_life(life, command, methodology, context), event)
    if isinstance(records, Refusal):
        return records
    details: dict[str, JSON] = {
        "activity": activity.id,
        "first_day": command.first_day.isoformat(),
        "renewals": life.renewals + 1,
    }
    return Entry(
        Act.ACTIVITY_RENEWED, context.on, records=(record(ACTIVITY, after.id, after), *records), details=details
    )


def _renewed_life(life: Life, command: RenewActivity, methodology: Methodology | None, context: Context) -> Life:
    version = None if methodology is None else methodology.on(context.on)
    return replace(
        life,
        renewals=life.renewals + 1,
        verified=False,
        validator=command.body.strip() or life.validator,
        methodology_version=life.methodology_version if version is None else version.version,
        # Consent that was given lapses; a refusal stands until the peoples concerned decide otherwise.
        consent=life.consent if life.consent in BARRING else "",
    )
