"""One case as an officer sees it: what differs, what both books say, what is blocked, who mends it, and the ways out.

Read before: `application/queries/cases.py`. Source: ADR-0033.
"""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.commands.open_case import CASE
from counterfoil.application.queries.cases import case_of
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.identifier import identifier
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/partners/cases"
SPANS_SHOWN: Final = 100
HOLDINGS_MAX: Final = 100


def rows() -> tuple[PageRow, ...]:
    return (PageRow(f"{PATH}/{{key:path}}", reading(_page)),)


def _page(sight: Sight, visit: Visit) -> Reply | Refusal:
    key = visit.path["key"]
    case = case_of(sight, key)
    if isinstance(case, Refusal):
        return case
    row = sight.reading.record(CASE, key)
    assert row is not None
    facts = {
        "case": case,
        "entry": row.seq,
        "spans": [_span(sight, each) for each in case["units"][:SPANS_SHOWN]],
        "spans_more": max(0, len(case["units"]) - SPANS_SHOWN),
        "ways": [str(each) for each in case["ways"]] if visit.may("CloseCase") else [],
    }
    return Shown("desk/partners/case.html", facts, kept=False)


def _span(sight: Sight, units: Mapping[str, Any]) -> dict[str, Any]:
    """Some units of a case, with the accounts in which they stand in this book."""
    of, first, last = units["unit_class"], units["first"], units["last"]
    found = sight.holdings_between(of, first, last)[:HOLDINGS_MAX]
    return {
        "first_id": identifier(of, first),
        "last_id": identifier(of, last),
        "quantity": last - first + 1,
        "accounts": list(dict.fromkeys(each.account for each in found)),
    }
