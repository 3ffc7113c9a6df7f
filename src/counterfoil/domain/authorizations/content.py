"""What an authorization consists of: three components, and the content elements of each with their clauses.

Source: 4/CMA.6 para. 3 (components), para. 4 (consolidated or a sequence), para. 5(a)-(n) (content).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Component(StrEnum):
    """What a Party authorizes: the cooperative approach, the mitigation outcomes, the entities."""

    APPROACH = "cooperative_approach"
    OUTCOMES = "itmos"
    ENTITIES = "entities"


ALL: Final = (Component.APPROACH, Component.OUTCOMES, Component.ENTITIES)

CLAUSES: Final[Mapping[str, str]] = {
    "cooperative_approach": "5(a)",
    "authorized_parties": "5(b)",
    "any_party": "5(b)",
    "authorized_entities": "5(b)",
    "valid_from": "5(c)",
    "valid_to": "5(c)",
    "last_issuance_on": "5(c)",
    "last_use_on": "5(c)",
    "first_transfer_definition": "5(d)",
    "purposes": "5(e)",
    "oimp_detail": "5(e)",
    "underlying_references": "5(f)",
    "change_circumstances": "5(g)",
    "change_process": "5(g)",
    "terms_allow_change_after_first_transfer": "5(g)",
    "authorized_quantity": "5(h)",
    "estimated": "5(h)",
    "tracking_registry": "5(i)",
    "underlying_registries": "5(j)",
    "vintages": "5(k)",
    "metric": "5(l)",
    "metric.name": "5(l)",
    "metric.conversion": "5(l)",
    "gases": "5(l)",
    "sectors": "5(m)",
    "activity_types": "5(n)",
    "activities": "5(n)",
    "adjustment_commitment": "2/CMA.3 8",
}
"""The clause of 4/CMA.6 behind each field; the commitment to adjust rests on 2/CMA.3, annex, para. 8."""

_OF_APPROACH: Final = frozenset(
    {
        "cooperative_approach",
        "authorized_parties",
        "any_party",
        "underlying_references",
        "tracking_registry",
        "adjustment_commitment",
    }
)


def component_of(field: str) -> Component:
    """The component that a field belongs to."""
    if field == "authorized_entities":
        return Component.ENTITIES
    return Component.APPROACH if field in _OF_APPROACH else Component.OUTCOMES


def cited(fields: Iterable[str]) -> str:
    """Fields with their clauses, as a refusal names them.

    >>> cited(["vintages", "gases"])
    'vintages (5(k)), gases (5(l))'
    """
    return ", ".join(f"{field} ({CLAUSES[field]})" for field in fields)
