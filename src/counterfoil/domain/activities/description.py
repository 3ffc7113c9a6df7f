"""Whether what is said of an activity holds together: its kind and parent, its boundary, its years and its periods."""

from enum import StrEnum
from typing import Final

from counterfoil.domain.activities.activity import Activity, ActivityKind
from counterfoil.domain.activities.crediting import periods_refusal
from counterfoil.domain.activities.integrity import integrity_refusal
from counterfoil.domain.kernel.ids import DIGEST
from counterfoil.domain.kernel.refusal import Refusal

YEARS_MAX: Final = 60
QUANTITY_MAX: Final = 10**15


class DescriptionFault(StrEnum):
    PARENT_UNCLEAR = "activity.parent_unclear"
    BOUNDARY_UNREADABLE = "activity.boundary_unreadable"
    EXPECTED_UNCLEAR = "activity.expected_unclear"


def description_refusal(activity: Activity, parent: Activity | None) -> Refusal | None:
    """Refuses a component without its programme and a parent of anything else, before what its own fields say.

    Args:
        parent: The activity that `activity.parent` names, where the register has it.
    """
    facts = {"activity": activity.id}
    component = activity.kind is ActivityKind.COMPONENT
    fitting = parent is not None and parent.kind is ActivityKind.PROGRAMME
    if component != (activity.parent is not None) or (component and not fitting):
        return Refusal(
            DescriptionFault.PARENT_UNCLEAR,
            {**facts, "kind": activity.kind.value, "parent": (activity.parent or "-")[:80]},
        )
    if activity.boundary is not None and not DIGEST.match(activity.boundary):
        return Refusal(DescriptionFault.BOUNDARY_UNREADABLE, {**facts, "boundary": activity.boundary[:80]})
    years = [each.year for each in activity.expected]
    amounts = all(0 <= each.quantity <= QUANTITY_MAX for each in activity.expected)
    bounded = len(years) <= YEARS_MAX and all(1990 <= year <= 2200 for year in years)
    if not (amounts and bounded) or years != sorted(set(years)):
        return Refusal(DescriptionFault.EXPECTED_UNCLEAR, facts)
    refusal = integrity_refusal(activity.id, activity.integrity)
    return refusal or periods_refusal(activity.id, activity.crediting_periods)
