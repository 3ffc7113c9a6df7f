"""Pages: what the server takes for each, beside the empty page of the same server, and how that grows with the books.

The registry is real and so is the server, in a process of its own; a visitor asks over one connection that is kept.
Every page that is in the table of pages is asked; those that need a key are asked with one of the register.
"""

import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.http_server import server
from counterfoil.entrypoints.bench.report import Report
from counterfoil.entrypoints.bench.web_filled import FULL, Filled, Size, activity, filled, letter
from counterfoil.entrypoints.bench.web_visits import Times, Visitor
from counterfoil.entrypoints.bench.workload import BLOCK, CLASSES
from counterfoil.entrypoints.permission_table import permission_table
from counterfoil.entrypoints.web.pages import page_rows

GOOD: Final = 200
WARM_SECONDS: Final = 90.0
"""How long the server of a million blocks is left to read its journal for what pages remember; it does so slowly."""
WARM_LEAST_SECONDS: Final = 1.0
_NOT_PAGES: Final = (".csv", ".json", ".atom", ".txt", ".parquet", ".pdf")
_KEYS: Final[Mapping[str, str]] = {
    "/activities/{key}": f"/activities/{activity(0)}",
    "/authorizations/{key}": f"/authorizations/{letter(0)}",
    "/accounts/{code}": "/accounts/bench:h00001",
    "/units/{serial}": f"/units/{CLASSES[0].replace('#', str(BLOCK // 2))}",
    "/entries/{seq}": "/entries/40",
    "/partners/{key}": "/partners/CHE",
    "/reports/summary/{year}": "/reports/summary/2022",
    "/desk/activities/{key}": f"/desk/activities/{activity(0)}",
    "/desk/authorizations/{key}": f"/desk/authorizations/{letter(0)}",
    "/desk/partners/{key}": "/desk/partners/CHE",
}
"""A page with a key of this register, by the path of its row."""
_FINDS: Final = ("solar roof", "rice", "BENCH-00042", "nothing of that name")
_LETTER: Final = f"/authorizations/{letter(0)}/letter.en.pdf"


@dataclass(frozen=True, slots=True)
class Place:
    """One address that is measured: its name in the figures, and for which body a person asks; None for nobody."""

    name: str
    path: str
    body: str | None = None


@dataclass(slots=True)
class Measured:
    """What was found at one size."""

    activities: int
    pages: dict[str, Times] = field(default_factory=dict)
    first: dict[str, Times] = field(default_factory=dict)
    last: dict[str, Times] = field(default_factory=dict)
    finds: list[float] = field(default_factory=list)
    loads: dict[str, int] = field(default_factory=dict)
    letter_s: list[float] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")


def web(place: Ground, *, size: Size) -> Report:
    """Fill a registry at each part of the size and measure its pages."""
    found = [_measured(filled(place, part), part) for part in map(size.part, size.parts)]
    whole = found[-1]
    report = Report(figures={"activities": size.activities, "blocks": size.blocks, "repetitions": size.repetitions})
    empty = [value for times in whole.pages.values() for value in times.empty_p95]
    report.baseline("empty_page_p50_ms", [v for times in whole.pages.values() for v in times.empty_p50], 2)
    report.baseline("empty_page_p95_ms", empty, 2)
    for name, times in whole.pages.items():
        report.figure(f"{name}_p50_ms", times.p50, 2)
        report.figure(f"{name}_p95_ms", times.p95, 2)
        report.ratio(f"{name}_vs_empty", times.p95, times.empty_p95, 2)
    _lists_in(report, whole)
    report.figure("search_beyond_ms", whole.finds, 2)
    report.figures["first_load_bytes_most"] = max(whole.loads.values())
    report.figures["first_load_page_most"] = max(whole.loads, key=lambda name: whole.loads[name])
    report.figure("letter_pdf_s", whole.letter_s, 3)
    report.figures["first_answer_s_most"] = round(whole.slowest[0], 2)
    report.figures["first_answer_page_most"] = whole.slowest[1]
    report.figures["pages_left_out"] = ", ".join(whole.left_out)
    _growth_in(report, found, size)
    return report


def _lists_in(report: Report, found: Measured) -> None:
    """First and last pages: what they cost beyond the empty page."""
    for which, lists in (("first", found.first), ("last", found.last)):
        for name, times in lists.items():
            beyond = [page - empty for page, empty in zip(times.p50, times.empty_p50, strict=True)]
            report.figure(f"{name}_{which}_page_beyond_ms", beyond, 2)
    worst = [times for lists in (found.first, found.last) for times in lists.values()]
    report.figures["list_beyond_worst_ms"] = round(
        max(statistics.median(each.p50) - statistics.median(each.empty_p50) for each in worst), 2
    )


def _growth_in(report: Report, found: list[Measured], size: Size) -> None:
    """How much more a page takes in the whole register than in its first part; both in empty pages of their run."""
    for share, part in zip(size.parts[:-1], found[:-1], strict=True):
        grown = [
            _in_empty(found[-1].pages[name]) / _in_empty(times)
            for name, times in part.pages.items()
            if name in found[-1].pages
        ]
        report.ratios[f"pages_grown_over_{share}th"] = round(statistics.median(grown), 2)
        report.ratios[f"page_grown_most_over_{share}th"] = round(max(grown), 2)


def _in_empty(times: Times) -> float:
    return statistics.median(times.p50) / statistics.median(times.empty_p50)


def _measured(registry: Filled, size: Size) -> Measured:
    found = Measured(size.activities)
    with server("serve", str(registry.folder.path), "0") as served:
        visitors: dict[str | None, Visitor] = {None: Visitor(served.port)}
        visitors.update((body, Visitor(served.port, secret)) for body, secret in registry.sessions.items())
        asked = list(places(registry, found.left_out))
        # Every page once before the first is measured: what a server makes once is not the cost of a page.
        first = {each: visitors[each.body].ask(each.path) for each in asked}
        answers = {each: answer.status for each, answer in first.items()}
        found.slowest = max(((answer.seconds, each.name) for each, answer in first.items()), default=(0.0, ""))
        time.sleep(WARM_LEAST_SECONDS + WARM_SECONDS * size.blocks / FULL.blocks)
        # What said to come back, because the journal was still being read, is asked once more.
        asked_again = {each: visitors[each.body].ask(each.path).status for each in asked if answers[each] != GOOD}
        answers |= asked_again
        found.left_out += [f"{each.path} ({status})" for each, status in answers.items() if status != GOOD]
        for each in (each for each, status in answers.items() if status == GOOD):
            visitor = visitors[each.body]
            found.pages[each.name] = visitor.times(each.path, repetitions=size.repetitions, requests=size.requests)
            if each.body is None:
                found.loads[each.name] = visitor.first_load(each.path)
        _lists(found, visitors[None], size)
        _found(found, visitors[None], size)
        _letters(found, visitors[None], size)
        for visitor in visitors.values():
            visitor.close()
    return found


def places(registry: Filled, left_out: list[str]) -> Iterator[Place]:
    """Every page that can be asked for, each as somebody who may; what cannot be is told."""
    table = permission_table(registry.folder.path)
    for row in page_rows():
        if row.get is None or row.path.endswith(_NOT_PAGES):
            continue
        path = _KEYS.get(row.path.replace(":path", ""), row.path)
        name = row.path.replace(":path", "").strip("/") or "home"
        right = table.routes.get(f"GET {row.path.replace(':path', '')}")
        if "{" in path or right is None:
            left_out.append(row.path)
        elif right.public:
            yield Place(name, path)
        else:
            reaching = table.permissions.rows.get(f"GET {row.path}", {})
            yield Place(name, path, "" if {"administrator", "operator"} & set(reaching) else "BENCH-AUTHORITY")


def _lists(found: Measured, visitor: Visitor, size: Size) -> None:
    """The first and the last page of each public list, in pages as visitors get them."""
    paths = {row.path for row in page_rows()}
    for name in found.pages:
        path = f"/{name}"
        if f"{path}.csv" not in paths or name.startswith("desk/"):
            continue
        found.first[name] = visitor.times(path, repetitions=size.repetitions, requests=size.requests)
        last = visitor.last_page(path)
        found.last[name] = visitor.times(last, repetitions=size.repetitions, requests=size.requests)


def _found(found: Measured, visitor: Visitor, size: Size) -> None:
    """What a search costs beyond the empty page."""
    for text in _FINDS:
        times = visitor.times(
            f"/find?text={text.replace(' ', '+')}", repetitions=size.repetitions, requests=size.requests
        )
        found.finds += [page - empty for page, empty in zip(times.p50, times.empty_p50, strict=True)]


def _letters(found: Measured, visitor: Visitor, size: Size) -> None:
    """A letter as PDF; the first one is made, and none is kept."""
    answers = [visitor.ask(_LETTER) for _ in range(size.repetitions)]
    found.letter_s = [answer.seconds for answer in answers if answer.status == GOOD]
