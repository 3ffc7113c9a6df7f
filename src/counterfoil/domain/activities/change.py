"""Changes of an activity after its design was made public, kept field by field: what it said before, and after.

What every unit of the activity carries, and where it belongs, does not change: that would be another activity.
Source: A6.4-PROC-AC-002 (changes after registration).
"""

from dataclasses import fields, replace
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.activities.activity import Activity
from counterfoil.domain.activities.life import Difference
from counterfoil.domain.kernel.ids import DIGEST, is_key
from counterfoil.domain.kernel.record import to_json
from counterfoil.domain.kernel.refusal import Refusal

CHANGEABLE: Final = (
    "title",
    "sector",
    "activity_type",
    "standard",
    "methodology",
    "underlying_registry",
    "boundary",
    "expected",
    "crediting_periods",
    "integrity",
)
PARTICIPANTS_MAX: Final = 100


class ChangeFault(StrEnum):
    NOTHING_CHANGES = "activity_change.nothing_changes"
    PERIODS_ONLY_SHORTER = "activity_change.periods_only_shorter"
    PARTICIPANTS_UNCLEAR = "activity_change.participants_unclear"
    CONSENT_MISSING = "activity_change.consent_missing"
    NONE_REMAINS = "activity_change.none_remains"


def changed(activity: Activity, **new: Any) -> Activity | Refusal:
    """The activity with new values of changeable fields; None leaves a field as it is."""
    given = {name: value for name, value in new.items() if value is not None}
    assert given.keys() <= set(CHANGEABLE), "only what may change is asked for"
    after = replace(activity, **given)
    return Refusal(ChangeFault.NOTHING_CHANGES, {"activity": activity.id}) if after == activity else after


def only_shorter(before: Activity, after: Activity) -> Refusal | None:
    """After registration a crediting period may end earlier, and no more: longer ones are renewed, not changed."""
    pairs = list(zip(before.crediting_periods, after.crediting_periods, strict=False))
    kept = all(new.first_day == old.first_day and new.last_day <= old.last_day for old, new in pairs)
    if before.crediting_periods and (len(after.crediting_periods) > len(before.crediting_periods) or not kept):
        return Refusal(ChangeFault.PERIODS_ONLY_SHORTER, {"activity": before.id})
    return None


def participants_changed(
    activity: Activity, *, joining: tuple[str, ...], leaving: tuple[str, ...], consents: dict[str, str]
) -> Activity | Refusal:
    """The activity with other participants. Whoever joins or leaves has agreed to it in a document.

    Args:
        consents: The SHA-256 of each agreement, by the participant who gave it.
    """
    facts = {"activity": activity.id}
    known = set(activity.participants)
    named = (*joining, *leaving)
    clear = bool(named) and len(set(named)) == len(named) and all(is_key(each) for each in joining)
    if not clear or known & set(joining) or not set(leaving) <= known:
        return Refusal(ChangeFault.PARTICIPANTS_UNCLEAR, facts)
    for each in named:
        if not DIGEST.match(consents.get(each, "")):
            return Refusal(ChangeFault.CONSENT_MISSING, {**facts, "participant": each[:80]})
    remaining = (*(each for each in activity.participants if each not in leaving), *joining)
    if not remaining or len(remaining) > PARTICIPANTS_MAX:
        return Refusal(ChangeFault.NONE_REMAINS, {**facts, "most": PARTICIPANTS_MAX})
    return replace(activity, participants=remaining)


def differences(before: Activity, after: Activity) -> tuple[Difference, ...]:
    """Every field that changed, in the order of the record."""
    return tuple(
        Difference(field.name, to_json(getattr(before, field.name)), to_json(getattr(after, field.name)))
        for field in fields(Activity)
        if getattr(before, field.name) != getattr(after, field.name)
    )
