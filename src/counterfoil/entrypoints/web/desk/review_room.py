"""The review room: each finding of the review team with its answers and its end, and the act that is next.

Nothing is ever replaced: every version of a report, every finding and every answer stays. A confidential text is not
here. Source: 6/CMA.4 annex II; 4/CMA.6 paras. 34-44.
"""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.queries.review import finding_view, findings
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.review import ReviewState
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/reports/review"


def rows() -> tuple[PageRow, ...]:
    return (*LISTING.rows(), PageRow(f"{PATH}/{{key}}", reading(_finding)))


def _source(sight: Sight, _visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows:
    """Findings of a review are few: some for each report."""
    fitting = [each for each in findings(sight) if all(str(each.get(name)) == value for name, value in values.items())]
    later = [each for each in fitting if each["finding"] > after]
    return Rows(later[:limit], later[limit - 1]["finding"] if len(later) > limit else None)


def _states(_sight: Sight, visit: Visit) -> list[tuple[str, str]]:
    return [(each.value, visit.texts(f"web.review.state.{each.value}")) for each in ReviewState]


LISTING: Final = Listing(
    PATH,
    "web.review",
    (
        Column(
            "finding", lambda row: row["finding"], Kind.CODE, lambda row: ("desk", "reports", "review", row["finding"])
        ),
        Column("report", lambda row: row["report"], Kind.CODE, lambda row: ("reports", "filed", row["report"])),
        Column("version", lambda row: row["version"]),
        Column("area", lambda row: row["area"], Kind.TAG, words="word.ReviewArea"),
        Column("team", lambda row: row["team"], Kind.CODE),
        Column("state", lambda row: row["state"], Kind.TAG, words="web.review.state"),
    ),
    _source,
    (Filter("state", _states), Filter("report")),
    template="desk/reports/review.html",
    facts=lambda _sight, visit: {"may_find": visit.may("RecordReviewFinding")},
)


def _finding(sight: Sight, visit: Visit) -> Reply | Refusal:
    found = finding_view(sight, visit.path["key"])
    if isinstance(found, Refusal):
        return found
    done = found["state"] == ReviewState.CLOSED.value
    row = sight.reading.record("review_finding", found["finding"])
    facts: dict[str, Any] = {
        "finding": found,
        "acts": [] if done else [each for each in ("AnswerReviewFinding", "CloseReviewFinding") if visit.may(each)],
        "entry": None if row is None else row.seq,
    }
    return Shown("desk/reports/finding.html", facts)
