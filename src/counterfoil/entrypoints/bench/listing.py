"""Filtered lists of activities: pages of the index, beside the walk over the records that it replaces."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from counterfoil.application.queries.activity_life import activities
from counterfoil.application.queries.activity_search import ActivityIndex
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bench.report import Report

FILTERS: Final[tuple[Mapping[str, str], ...]] = (
    {"sector": "Forestry"},
    {"state": "registered", "host": "THA"},
    {"state": "suspended"},
    {"sector": "Waste", "kind": "project"},
    {"kind": "programme"},
)
"""Some let a fifth through, some all, some nothing: nothing is the longest walk."""
PAGE: Final = 100


def listing(report: Report, sight: Sight, *, times: int) -> None:
    """First and last pages of a hundred by each filter, from the index and from the records."""
    index = ActivityIndex()
    index.refresh(sight)
    last = _last_page_after(index)

    def indexed(filters: Mapping[str, str], after: str) -> Any:
        index.refresh(sight)
        return index.listed(filters, after=after, limit=PAGE)

    def walked(filters: Mapping[str, str], after: str) -> Any:
        return activities(sight, after=after, limit=PAGE, filters=filters)

    first_pages = [_ms(partial(indexed, each, "")) for _ in range(times) for each in FILTERS]
    last_pages = [_ms(partial(indexed, each, last)) for _ in range(times) for each in FILTERS]
    walks = [_ms(partial(walked, each, "")) for each in FILTERS]
    report.figure("list_first_page_ms", first_pages, 2)
    report.figure("list_last_page_ms", last_pages, 2)
    report.figures["list_worst_ms"] = round(max(*first_pages, *last_pages), 2)
    report.baseline("list_walk_ms", walks, 1)
    report.figures["list_walk_worst_ms"] = round(max(walks), 1)
    report.ratio("list_vs_walk", first_pages[: len(walks)], walks, 4)


def _last_page_after(index: ActivityIndex) -> str:
    """The key after which the last page of all activities begins."""
    after, page = "", index.listed({}, limit=PAGE)
    while page["next"] is not None:
        after = page["next"]
        page = index.listed({}, after=after, limit=PAGE)
    return after


def _ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1_000
