"""Which table governs the life of an activity: that of the adopted pack for such an activity, or the default one.

Source: ADR-0024, ADR-0028.
"""

from datetime import date
from typing import Any

from counterfoil.application.command import Context
from counterfoil.domain.activities.activity import Activity
from counterfoil.domain.activities.cycle import DEFAULT, LifeTable
from counterfoil.domain.activities.refinement import is_life, refined
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.asked import Act, asked_from
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import PolicyFault
from counterfoil.domain.units.unit_type import Reversibility


def known_of(activity: Activity) -> dict[str, Any]:
    """What the register says of an activity, with the answers that were given at its registration."""
    known: dict[str, Any] = {"answers": dict(activity.answers), "sector": activity.sector}
    if activity.reversibility is not Reversibility.NOT_APPLICABLE:
        known["reversible"] = activity.reversibility is Reversibility.REVERSIBLE
    for fact, value in (
        ("activity_type", activity.activity_type),
        ("standard", activity.standard),
        ("methodology", activity.methodology),
    ):
        if value:
            known[fact] = value
    return known


def table_of(activity: Activity, context: Context) -> LifeTable | Refusal:
    """The table in force for an activity on the day of the act: that of the adopted pack, or the default one."""
    return table_in(context.law, activity, context.on) if isinstance(context.law, Law) else DEFAULT


def table_in(law: Law, activity: Activity, on: date) -> LifeTable | Refusal:
    """The table of a law: its first procedure that is a life and whose conditions hold for the activity.

    A condition that cannot be judged is asked for, never taken for met.
    """
    lives = [clause for clause in law.in_force("cycle", on) if is_life(clause.content)]
    if not lives:
        return DEFAULT
    known = known_of(activity)
    asked = asked_from(Act.ADVANCE.value, {**known.pop("answers"), **known}, law.facts)
    if isinstance(asked, Refusal):
        return asked
    for clause in lives:
        missing = asked.missing(*(condition.fact for condition in clause.when))
        if any(not condition.met(asked) for condition in clause.when if condition.fact in asked.facts):
            continue
        if missing:
            facts = {"facts": ", ".join(missing), "rule": clause.name, "pack": law.pack}
            return Refusal(PolicyFault.FACT_MISSING, facts)
        return refined(clause)
    return DEFAULT
