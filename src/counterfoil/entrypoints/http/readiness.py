"""The readiness view that the API answers: of the registry's own country, as of the day when its journal last grew.

No clock is asked, so that the same address gives the same answer while the books stand still, and may be cached.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from counterfoil.application.ports import Outage, OutageFault
from counterfoil.application.queries.readiness import readiness_of
from counterfoil.application.queries.readiness_ground import last_day
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.laws_at_hand import LawsAtHand


def ready(sight: Sight) -> Mapping[str, Any] | Refusal:
    """What the country has, pilots or lacks, from its pack and these books."""
    on = last_day(sight)
    if on is None:
        raise Outage(OutageFault.NOT_FOUNDED, {"folder": ""})
    return readiness_of(_laws(), jurisdiction=str(sight.registry.party), sight=sight, on=on)


@cache
def _laws() -> LawsAtHand:
    """The laws are read once, when somebody first asks."""
    return LawsAtHand()
