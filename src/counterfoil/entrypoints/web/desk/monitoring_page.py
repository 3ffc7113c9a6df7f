"""A monitoring report from a table: each row is looked at before anything is sent, then stands in the form of the act.

A row has a year and a quantity. The file itself becomes the evidence that the report names. Source: 6/CMA.4 para. 5.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/activities/monitoring"
FILE_BYTES_MAX: Final = 1024 * 1024
ROWS_MAX: Final = 60
QUANTITY_DIGITS: Final = 15
YEAR_MIN: Final = 1990


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; `wrong` is the key of what is wrong with it, empty where nothing is."""

    line: int
    vintage: str
    quantity: str
    wrong: str = ""


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, _shown, _look),)


async def _shown(visit: Visit) -> Reply | Refusal:
    return await _page(visit)


async def _page(visit: Visit, **found: Any) -> Reply:
    activity = (visit.form.get("activity") or visit.query.get("activity", ""))[:80]

    def known(sight: Sight) -> bool:
        return sight.record(ACTIVITY, activity) is not None

    unknown = bool(activity) and not await visit.ask(known)
    facts = {"activity": activity, "fault": None, "table": None, "digest": "", "unknown": unknown, **found}
    wrong = facts["fault"] is not None or unknown
    return Shown("desk/activities/monitoring.html", facts, status=422 if wrong else 200, kept=False)


async def _look(visit: Visit) -> Reply | Refusal:
    """Look at the table; with `do=keep`, keep the file as evidence and go on to the form of the act."""
    assert visit.standing is not None, "the page is for persons"
    person = visit.standing.person
    if visit.form.get("do") == "keep":
        return await _keep(visit, person)
    sent = await visit.form.file("file", bytes_max=FILE_BYTES_MAX)
    if isinstance(sent, Refusal):
        return await _page(visit, fault=sent)
    if sent is None:
        return await _page(visit, missing=True)
    table = list(read_table(sent[1], this_year=visit.today.year))
    digest = ""
    if table and not any(each.wrong for each in table):
        digest = visit.ground.uploads.keep(person, sent[0], sent[1])
    return await _page(visit, table=table, digest=digest, sum=sum(_quantity(each) for each in table if not each.wrong))


async def _keep(visit: Visit, person: str) -> Reply | Refusal:
    known = visit.ground.uploads.of(person, visit.form.get("digest"))
    if known is None:
        return await _page(visit, gone=True)
    store = FileEvidence(Folder(visit.ground.room.folder).evidence)
    kept = await visit.aside(lambda: store.put(known[1]))
    said: dict[str, object] = {"activity": visit.form.get("activity"), "evidence": kept}
    for number, row in enumerate(read_table(known[1], this_year=visit.today.year)):
        said[f"monitored.{number}.vintage"] = row.vintage
        said[f"monitored.{number}.quantity"] = row.quantity
    return Gone(visit.url("desk", "acts", "SubmitMonitoring", **said))


def _quantity(row: Row) -> int:
    return int(row.quantity)


def read_table(data: bytes, *, this_year: int) -> Iterator[Row]:
    """The rows of a CSV file with a year and a quantity; a heading is passed over, and a year stands once.

    >>> [(row.vintage, row.quantity, row.wrong) for row in read_table(b"year,t\\n2024,12\\n2024,x", this_year=2026)]
    [('2024', '12', ''), ('2024', 'x', 'twice')]
    """
    text = data.decode("utf-8-sig", "replace").replace("\0", "\ufffd")
    seen: set[str] = set()
    count = 0
    for line, cells in enumerate(_cells(text), 1):
        told = [cell.strip() for cell in cells]
        if not any(told) or (line == 1 and told and not told[0].isdecimal()):
            continue
        count += 1
        if count > ROWS_MAX:
            yield Row(line, "", "", "too_many")
            return
        vintage, quantity = (*told, "", "")[:2]
        wrong = _wrong(vintage, quantity, seen, this_year)
        seen.add(vintage)
        yield Row(line, vintage[:40], quantity[:40], wrong)


def _cells(text: str) -> Iterator[list[str]]:
    """The cells of each line; what is no CSV any more becomes a line that cannot be read."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error:
        yield ["?"]


def _wrong(vintage: str, quantity: str, seen: set[str], this_year: int) -> str:
    if not (vintage.isascii() and vintage.isdecimal() and len(vintage) == 4 and YEAR_MIN <= int(vintage) <= this_year):
        return "year"
    if vintage in seen:
        return "twice"
    whole = quantity.isascii() and quantity.isdecimal() and len(quantity) <= QUANTITY_DIGITS
    return "" if whole and int(quantity) > 0 else "quantity"
