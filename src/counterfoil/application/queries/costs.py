"""What running the system costs, by year and currency, and how much of it voluntary contributions bear.

Source: requirements R-C30-04, R-C30-05.
"""

from collections import defaultdict
from typing import Any

from counterfoil.application.commands.record_cost import CONTRIBUTION, OPERATING_COST, CostKind
from counterfoil.application.queries.sight import Sight


def costs(sight: Sight) -> dict[str, Any]:
    """One row for each year and currency. Amounts are in the smallest unit; currencies are never added up.

    `gap` is what the contributions do not bear; it is negative where more was given than spent.
    """
    spent: dict[tuple[int, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(CostKind, 0))
    given: dict[tuple[int, str], int] = defaultdict(int)
    for _, value in sight.records(OPERATING_COST):
        spent[value["year"], value["currency"]][value["kind"]] += value["amount"]
    contributions = [value for _, value in sight.records(CONTRIBUTION)]
    for value in contributions:
        given[value["year"], value["currency"]] += value["amount"]
    return {
        "years": [
            {
                "year": year,
                "currency": currency,
                "costs": {kind.value: spent[year, currency][kind] for kind in CostKind},
                "total": sum(spent[year, currency].values()),
                "contributions": given[year, currency],
                "gap": sum(spent[year, currency].values()) - given[year, currency],
            }
            for year, currency in sorted({*spent, *given})
        ],
        "contributions": contributions,
    }
