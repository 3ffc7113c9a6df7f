"""The empty file of a monitoring report to fill in: a workbook, CSV or JSON, with the columns that the page reads."""

import csv
import io
import json
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.web.desk.monitoring_table import COLUMNS, REQUIRED
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/activities/monitoring/template"
KINDS: Final = ("xlsx", "csv", "json")
_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
_BLANK: Final = {"vintage": 0, "quantity": 0, "first_day": "", "last_day": ""}
_MARK: Final = b"\xef\xbb\xbf"
"""Tells spreadsheet programs that the CSV is UTF-8."""


def rows() -> tuple[PageRow, ...]:
    return (PageRow(f"{PATH}/{{kind}}", _template),)


async def _template(visit: Visit) -> Reply | Refusal:
    kind = visit.path["kind"]
    if kind not in KINDS:
        return Refusal(HttpFault.NOT_FOUND, {"path": visit.request.url.path[:200]})
    data = await visit.aside(lambda: _made(kind, visit))
    return Sent(data, _TYPES[kind], f"monitoring.{visit.language}.{kind}")


def _made(kind: str, visit: Visit) -> bytes:
    if kind == "json":
        whole = {"activity": visit.query.get("activity", "")[:80], "monitored": [_BLANK]}
        return json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"
    heads = [_head(visit, name) for name in COLUMNS]
    if kind == "csv":
        out = io.StringIO(newline="")
        csv.writer(out).writerow([head for head, _ in heads])
        return _MARK + out.getvalue().encode()
    # Imported late: a server that offers this file loads no library for documents before somebody asks for it.
    from counterfoil.adapters.documents.headed_xlsx import HeadedSheet, headed_workbook

    return headed_workbook([HeadedSheet(visit.texts("web.monitoring_desk.sheet"), tuple(heads))])


def _head(visit: Visit, name: str) -> tuple[str, str]:
    """A heading, with a star where it must be filled in, and its note."""
    star = "*" if name in REQUIRED else ""
    return f"{visit.texts(f'field.{name}')}{star}", visit.texts(f"web.monitoring_desk.note.{name}")
