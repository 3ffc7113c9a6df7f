"""Tasks that the books give: a report waits for its verifier, a request for its issuance, a finding.

They are no records of the office: they are there while the thing waits, for whoever may do something about it. Each
leads to the page where it is done. Read before: `application/queries/work_waiting.py`. Source: requirement R-GOV-02.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.work_waiting import Awaited, Work
from counterfoil.domain.kernel.instant import utc_ms
from counterfoil.entrypoints.web.visit import Visit

WAITING_MAX: Final = 200
"""Tasks of one kind that are told; the oldest come first."""
SHOWN_MAX: Final = 50
"""So many are shown with the moment since which they wait."""
ACTS: Final[Mapping[Work, str]] = {
    Work.VERIFY: "Verify",
    Work.ISSUE: "Issue",
    Work.ANSWER: "AnswerReviewFinding",
    Work.CLOSE: "CloseReviewFinding",
    Work.CONSENT: "ConsentToTransfer",
}
_PLACES: Final[Mapping[Work, tuple[str, ...]]] = {
    Work.VERIFY: ("desk", "verification", "of"),
    Work.ISSUE: ("desk", "issuance", "new"),
    Work.ANSWER: ("desk", "reports", "review"),
    Work.CLOSE: ("desk", "reports", "review"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One task as the page shows it; `path` leads to where it is done, about `request` where the page is of many."""

    what: str
    subject: str
    by: str
    since_ms: int
    ends_ms: int | None
    path: tuple[str, ...]
    request: str = ""


def work_lines(sight: Sight, visit: Visit) -> dict[str, list[Line]]:
    """What waits for somebody by kind; transfers tell more and are told elsewhere."""
    found: dict[str, list[Line]] = {}
    for work, place in _PLACES.items():
        if visit.may(ACTS[work]):
            waiting = visit.ground.work.of(sight, work, limit=WAITING_MAX)
            found[work.value] = [_line(sight, visit, work, place, *each) for each in enumerate(waiting)]
    return found


def work_count(sight: Sight, visit: Visit) -> int:
    """How much of the books waits for somebody, without reading it."""
    may = (work for work, act in ACTS.items() if visit.may(act))
    return sum(min(visit.ground.work.count(sight, work), WAITING_MAX) for work in may)


def _line(sight: Sight, visit: Visit, work: Work, place: tuple[str, ...], at: int, waits: Awaited) -> Line:  # noqa: PLR0917
    entry = sight.entry(waits.seq) if at < SHOWN_MAX else None
    since = 0 if entry is None else utc_ms(entry.recorded_at) or 0
    what = visit.texts(f"web.tasks.work.{work.value}", about=waits.about)
    if work is Work.ISSUE:
        return Line(what, waits.key, "", since, None, place, waits.key)
    return Line(what, waits.key, "", since, None, (*place, waits.key))
