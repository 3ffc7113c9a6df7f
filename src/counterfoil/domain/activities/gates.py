"""What a step in the life of an activity waits for, gate by gate: the first that is not met refuses, and says which.

Three things are asked of every step that they concern, whatever the table says: a body that is in the register must be
accredited for it, a methodology that is in the register must hold on the day, and consent must not be refused.

Source: ADR-0028; requirements R-A64-11, R-A64-13, R-A64-14.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.activities.activity import Activity
from counterfoil.domain.activities.consultation import BARRING
from counterfoil.domain.activities.cycle import LifeTable
from counterfoil.domain.activities.life import Life, facts_of
from counterfoil.domain.activities.methodology import Methodology, MethodologyFault
from counterfoil.domain.activities.verifier import Task, Verifier, VerifierFault, accredited
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.stages import Clock, Gate, LifeAct, Stage


class GateFault(StrEnum):
    DOCUMENT_MISSING = "gate.document_missing"
    COMMENT_NOT_OPENED = "gate.comment_not_opened"
    COMMENT_OPEN = "gate.comment_open"
    CONSULTATION_MISSING = "gate.consultation_missing"
    CONSENT_MISSING = "gate.consent_missing"
    CONSENT_REFUSED = "gate.consent_refused"
    FINDING_OPEN = "gate.finding_open"
    CREDITING_PERIOD_MISSING = "gate.crediting_period_missing"
    BOUNDARY_MISSING = "gate.boundary_missing"
    EXPECTED_MISSING = "gate.expected_missing"
    LETTER_MISSING = "gate.letter_missing"
    LETTER_NOT_COVERING = "gate.letter_not_covering"


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is to be taken, with all that its gates ask: what it names, and what the registers say of that.

    `target` is the word of the stage or act. `body` is the name that was given, `registered` what the register has
    under it, `task` what it is to do. `letter` is the authorization that the activity goes by; `authorized` says that
    it names the activity and is in force.
    """

    target: str
    activity: Activity
    life: Life
    on: date
    documents: tuple[str, ...] = ()
    body: str = ""
    registered: Verifier | None = None
    task: Task = Task.VALIDATION
    methodology: Methodology | None = None
    letter: str = ""
    authorized: bool = False


def gates_refusal(step: Step, table: LifeTable) -> Refusal | None:
    """The first gate that is not met, those of the table before those that always hold."""
    for gate in table.needs.get(step.target, ()):
        refusal = _GATES[gate](step, table)
        if refusal is not None:
            return _told(refusal, step, table, gate.value)
    return _standing(step, table)


def _told(refusal: Refusal, step: Step, table: LifeTable, gate: str) -> Refusal:
    """Every refusal of a gate says the activity, its stage, the step, the gate and the provision."""
    return Refusal(refusal.code, {**facts_of(step.life, table, step.target), "gate": gate, **refusal.facts})


_BUILDS: Final = frozenset({Stage.REGISTERED.value, LifeAct.RENEW.value})
_CREDITS: Final = frozenset({*_BUILDS, LifeAct.ISSUE.value})


def _standing(step: Step, table: LifeTable) -> Refusal | None:
    if step.target in _CREDITS and step.life.consent in BARRING:
        return _told(Refusal(GateFault.CONSENT_REFUSED, {"decision": step.life.consent}), step, table, Gate.CONSENT)
    if step.registered is not None:
        refusal = accredited(step.registered, step.task, step.activity.sector, step.on)
        if refusal is not None:
            return _told(refusal, step, table, Gate.BODY_REGISTERED)
    if step.target in _BUILDS and step.methodology is not None and step.methodology.on(step.on) is None:
        facts = {"methodology": step.methodology.id, "on": step.on.isoformat()}
        return _told(Refusal(MethodologyFault.NOT_VALID, facts), step, table, Gate.METHODOLOGY)
    return None


def _document(step: Step, table: LifeTable) -> Refusal | None:
    del table
    return None if step.documents else Refusal(GateFault.DOCUMENT_MISSING)


def _comment_over(step: Step, table: LifeTable) -> Refusal | None:
    opened = step.life.commented_from
    if opened is None:
        return Refusal(GateFault.COMMENT_NOT_OPENED)
    term = table.within.get(Clock.COMMENT)
    until = opened if term is None else term.after(opened)
    return None if step.on >= until else Refusal(GateFault.COMMENT_OPEN, {"until": until.isoformat()})


def _consultation(step: Step, table: LifeTable) -> Refusal | None:
    del table
    return None if step.life.consulted else Refusal(GateFault.CONSULTATION_MISSING)


def _consent(step: Step, table: LifeTable) -> Refusal | None:
    del table
    consent = step.life.consent
    if not consent:
        return Refusal(GateFault.CONSENT_MISSING)
    return Refusal(GateFault.CONSENT_REFUSED, {"decision": consent}) if consent in BARRING else None


def _body(step: Step, table: LifeTable) -> Refusal | None:
    del table
    return None if step.body else Refusal(VerifierFault.MISSING)


def _body_registered(step: Step, table: LifeTable) -> Refusal | None:
    del table
    if step.registered is None:
        return Refusal(VerifierFault.NOT_REGISTERED, {"verifier": step.body[:80]})
    return accredited(step.registered, step.task, step.activity.sector, step.on)


def _other_body(step: Step, table: LifeTable) -> Refusal | None:
    del table
    same = bool(step.body) and step.body == step.life.validator
    return Refusal(VerifierFault.VALIDATED_IT, {"verifier": step.body[:80]}) if same else None


def _other_body_first(step: Step, table: LifeTable) -> Refusal | None:
    return None if step.life.verified else _other_body(step, table)


def _independent(step: Step, table: LifeTable) -> Refusal | None:
    """By its name, its number in the register of bodies, or its number in the register of entities."""
    del table
    names = {step.body}
    if step.registered is not None:
        names |= {step.registered.name, step.registered.entity} - {""}
    found = sorted(names & set(step.activity.participants))
    return Refusal(VerifierFault.TAKES_PART, {"verifier": step.body[:80], "participant": found[0]}) if found else None


def _findings_closed(step: Step, table: LifeTable) -> Refusal | None:
    del table
    if not step.life.closing:
        return None
    facts: dict[str, JSON] = {"finding": step.life.closing[0], "count": len(step.life.closing)}
    return Refusal(GateFault.FINDING_OPEN, facts)


def _methodology(step: Step, table: LifeTable) -> Refusal | None:
    del table
    if step.methodology is None:
        return Refusal(MethodologyFault.NOT_REGISTERED, {"methodology": step.activity.methodology[:80] or "-"})
    if step.methodology.on(step.on) is None:
        facts = {"methodology": step.methodology.id, "on": step.on.isoformat()}
        return Refusal(MethodologyFault.NOT_VALID, facts)
    return None


def _crediting_period(step: Step, table: LifeTable) -> Refusal | None:
    del table
    return None if step.activity.crediting_periods else Refusal(GateFault.CREDITING_PERIOD_MISSING)


def _boundary(step: Step, table: LifeTable) -> Refusal | None:
    del table
    return None if step.activity.boundary else Refusal(GateFault.BOUNDARY_MISSING)


def _expected(step: Step, table: LifeTable) -> Refusal | None:
    del table
    return None if step.activity.expected else Refusal(GateFault.EXPECTED_MISSING)


def _authorized(step: Step, table: LifeTable) -> Refusal | None:
    del table
    if not step.letter:
        return Refusal(GateFault.LETTER_MISSING)
    return None if step.authorized else Refusal(GateFault.LETTER_NOT_COVERING, {"letter": step.letter[:80]})


_GATES: Final[Mapping[Gate, Callable[[Step, LifeTable], Refusal | None]]] = {
    Gate.DOCUMENT: _document,
    Gate.COMMENT_OVER: _comment_over,
    Gate.CONSULTATION: _consultation,
    Gate.CONSENT: _consent,
    Gate.BODY: _body,
    Gate.BODY_REGISTERED: _body_registered,
    Gate.OTHER_BODY: _other_body,
    Gate.OTHER_BODY_FIRST: _other_body_first,
    Gate.INDEPENDENT: _independent,
    Gate.FINDINGS_CLOSED: _findings_closed,
    Gate.METHODOLOGY: _methodology,
    Gate.CREDITING_PERIOD: _crediting_period,
    Gate.BOUNDARY: _boundary,
    Gate.EXPECTED: _expected,
    Gate.AUTHORIZED: _authorized,
}
"""What each word of a table means. A table may name any of them for any step."""
