"""What somebody looks at before a letter or an act: the Party's adjustments by year, and the room of its quotas.

Every figure is the book's at the moment of the page; the whole balance with inventory and method stands at `/balance`.
"""

from itertools import islice
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.adjustment import YearAdjustments, by_year
from counterfoil.domain.accounting.ctf_lines import TONNES
from counterfoil.domain.authorizations.quota import QUOTA
from counterfoil.domain.kernel.ids import Party
from counterfoil.entrypoints.web.visit import Visit

QUOTAS_MAX: Final = 50


def adjustments(sight: Sight, visit: Visit) -> dict[int, YearAdjustments]:
    """Tonnes added to and subtracted from the balance of each year of the own Party."""
    known = visit.ground.standings.ask(sight, lambda standings: dict(standings.adjustments().get(TONNES, {})))
    return by_year(Party(sight.registry.party), known.items())


def quota_rooms(sight: Sight, *, years: frozenset[int] = frozenset()) -> list[dict[str, Any]]:
    """The quotas with what is left of each; with `years`, those of these years only."""
    found = [
        {"id": key, **value, "left_t": value["quantity_t"] - value["allocated_t"] - value["drawn_t"]}
        for key, value in islice(sight.records(QUOTA, limit=QUOTAS_MAX), QUOTAS_MAX)
    ]
    return [each for each in found if not years or each["year"] in years]
