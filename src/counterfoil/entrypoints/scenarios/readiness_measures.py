"""What a scenario may measure of a country's readiness: as of a day."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from counterfoil.application.queries.readiness import group_count, readiness_of
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.laws_at_hand import LawsAtHand


def readiness(sight: Sight, of: str) -> int:
    """How many parts of a group, such as `four_gaps 2026-05-04`, the country has on the day."""
    group, _, day = of.partition(" ")
    return group_count(_view(sight, day), group)


def shadows(sight: Sight, day: str) -> int:
    """How many lines of the view rest on a shadow, which does not count."""
    return sum(1 for line in _view(sight, day)["lines"] if line["group"] == "system" and line["shadow"])


def _view(sight: Sight, day: str) -> Mapping[str, Any]:
    found = readiness_of(LawsAtHand(), jurisdiction=str(sight.registry.party), sight=sight, on=date.fromisoformat(day))
    if isinstance(found, Refusal):
        raise ValueError(f"{found.code} {dict(found.facts)}")
    return found


READINESS_MEASURES: Final[MappingProxyType[str, Callable[[Sight, str], int]]] = MappingProxyType(
    {"readiness": readiness, "shadows": shadows}
)
