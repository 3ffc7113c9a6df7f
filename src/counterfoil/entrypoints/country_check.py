"""Whether a boundary lies in the registry's country: a question to a person, which an operator may make a condition.

Borders are disputed and shapes are coarse, so a boundary outside is a warning unless `COUNTERFOIL_BOUNDARY_COUNTRY`
says `refuse`; with `off` nobody is asked. The shapes are those of the maps, which set-up puts in place, or a country's
own file of its borders. Source: ADR-0029.
"""

import os
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any, Final

from counterfoil.domain.kernel.refusal import Refusal

SETTING: Final = "COUNTERFOIL_BOUNDARY_COUNTRY"
OTHER_SHAPES: Final = "COUNTERFOIL_COUNTRY_SHAPES"
"""Names a file of shapes in the place of the own ones: GeoJSON with ISO alpha-3 in the property `iso3`."""
SHAPES: Final = "countries-50m.json"


class CountryPractice(StrEnum):
    """What a boundary that lies outside of the country means."""

    WARN = "warn"
    REFUSE = "refuse"
    OFF = "off"


def country_practice() -> CountryPractice:
    """What the operator wants; a word that is none of the three warns."""
    said = os.environ.get(SETTING, "").strip().lower()
    return CountryPractice(said) if said in set(CountryPractice) else CountryPractice.WARN


def beside_own_country(data: bytes, party: str) -> dict[str, Any]:
    """How a boundary lies to a country; with `unknown` where no shape tells, and why.

    Args:
        data: The boundary as GeoJSON, which has been read before.
        party: The country, ISO alpha-3.
    """
    from counterfoil.adapters.geometry.near_country import beside_country
    from counterfoil.adapters.geometry.shape import shape

    named = os.environ.get(OTHER_SHAPES, "")
    file = Path(named) if named else resources.files("counterfoil").joinpath("static", "web", SHAPES)
    if not file.is_file():
        return {"party": party, "unknown": "shapes_absent"}
    area = shape(data)
    found = area if isinstance(area, Refusal) else beside_country(area, file.read_bytes(), party)
    return {"party": party, "unknown": str(found.code)} if isinstance(found, Refusal) else found
