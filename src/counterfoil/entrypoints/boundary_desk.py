"""The desk for boundaries: geometry wired to the queries, for the command line and the press.

Only who asks about boundaries loads the library of geometry.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from counterfoil.adapters.geometry import ShapelyGeometry
from counterfoil.adapters.geometry.geojson import BYTES_MAX
from counterfoil.application.queries.boundary_register import BoundaryRegister
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import Activity, CreditingPeriod
from counterfoil.domain.kernel.ids import ActivityId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.unit_type import MitigationType

FILE_BYTES_MAX: Final = BYTES_MAX


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a boundary that belongs to no activity yet would credit."""

    sector: str = ""
    methodology: str = ""
    first_day: date | None = None
    last_day: date | None = None

    def like(self, party: Party) -> Activity | None:
        """An activity that would credit this; None where neither sector nor methodology was said."""
        if not self.sector and not self.methodology:
            return None
        period = CreditingPeriod(self.first_day or date.min, self.last_day or date.max)
        return Activity(
            id=ActivityId(""),
            title="",
            host=party,
            # No rule of overlaps asks for the type.
            mitigation_type=MitigationType.REDUCTION,
            sector=self.sector,
            activity_type="",
            methodology=self.methodology,
            crediting_periods=(period,) if self.first_day or self.last_day else (),
        )


def register(sight: Sight) -> BoundaryRegister:
    """The register of checked boundaries of one registry, still empty."""
    return BoundaryRegister(ShapelyGeometry(), sight.evidence)


def outside_of(data: bytes, countries: bytes, party: str) -> dict[str, Any] | Refusal:
    """How much of an area lies outside a country, by the bytes of a file of country shapes."""
    from counterfoil.adapters.geometry.countries import read_countries
    from counterfoil.adapters.geometry.shape import shape
    from counterfoil.entrypoints.country_codes import numeric_codes

    area = shape(data)
    if isinstance(area, Refusal):
        return area
    found = read_countries(countries, numeric_codes())
    if isinstance(found, Refusal):
        return found
    return found.outside(area, party)
