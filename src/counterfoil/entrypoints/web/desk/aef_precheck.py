"""The annual information of a year as it would be filed now, checked before anybody else does, with what mends each.

The press draws the workbook up and checks it, in a process of its own; nothing of it is kept. Each finding leads to the
form of the act that mends it. Source: 4/CMA.6 paras. 26-31.
"""

import base64
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.entrypoints.http.checks import PROFILES
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.press import Order, Product
from counterfoil.entrypoints.http.upload import JSON
from counterfoil.entrypoints.web.desk.report_asked import CHECK, ReportAsked, next_version, year_of
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/" + "/".join(CHECK) + "/{year}"
BYTES_MAX: Final = 16 * 1024 * 1024
SHOWN: Final = 300


def _numbers(*spans: int | tuple[int, int]) -> tuple[str, ...]:
    """Names of checks, such as C07, by number or from one to another."""
    pairs = (each if isinstance(each, tuple) else (each, each) for each in spans)
    return tuple(f"C{number:02d}" for first, last in pairs for number in range(first, last + 1))


MENDING: Final[Mapping[str, tuple[str, ...]]] = {
    "ChangeAuthorization": _numbers((14, 22), (39, 42), 51),
    "CompleteAuthorization": _numbers(16, 23),
    "FileReport": _numbers(10, 13),
    "SubmitAef": _numbers(4, 5),
    "RegisterEntity": _numbers(20, 59, 60),
    "RegisterCooperativeApproach": _numbers(61, 67),
    "CloseCase": _numbers(57, (62, 66), 69),
    "RecordNdc": _numbers(73, 77),
    "RecordInventory": _numbers(76),
    "Correct": _numbers((32, 38), (43, 50), (52, 56), 58, 68, 70),
}
"""Which act mends what a check finds. A check that none names is about the workbook itself, not about the books."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the check with the acts that can mend it."""

    finding: Mapping[str, Any]
    acts: tuple[str, ...]


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, shown),)


def mending(check: str) -> tuple[str, ...]:
    """The acts that mend what a check finds.

    >>> mending("C60"), mending("C01")
    (('RegisterEntity',), ())
    """
    return tuple(act for act, checks in MENDING.items() if check in checks)


async def shown(visit: Visit, refused: Refusal | Outage | None = None) -> Reply | Refusal:
    """The check of a year; with `refused`, why its files cannot be filed as they are."""
    text = year_of(visit)
    if isinstance(text, Refusal):
        return text
    party, version = await visit.ask(lambda sight: next_version(sight, ReportAsked(ReportKind.AEF, int(text))))
    try:
        checked = await _checked(visit, party, text, version)
    except Outage as outage:
        checked = outage
    facts: dict[str, Any] = {"year_of": int(text), "party": party, "over": int(text) < visit.today.year}
    facts |= {"version": version, "may_file": visit.may("FileReport"), "gone": "gone" in visit.query}
    facts |= {"refused": refused}
    if isinstance(checked, Refusal | Outage):
        facts |= {"fault": checked, "found": [], "status": "", "more": 0}
        return Shown("desk/reports/check.html", facts, status=409, kept=False)
    found = [Found(each, tuple(filter(visit.may, mending(each["check"])))) for each in checked["findings"]]
    facts |= {"fault": None, "found": found[:SHOWN], "more": max(0, len(found) - SHOWN), "status": checked["status"]}
    return Shown("desk/reports/check.html", facts, status=200 if refused is None else 422, kept=False)


async def _checked(visit: Visit, party: str, year: str, version: str) -> dict[str, Any] | Refusal | Outage:
    """What the checks say to the workbook as it would be now, beside all submissions that are known here."""
    press = visit.ground.press
    order = Order(Product.AEF, {"party": party, "year": int(year), "version": version, "on": None})
    made = await press.made(order)
    if isinstance(made, Refusal):
        return made
    with made:
        made.seek(0)
        data = made.read(BYTES_MAX + 1)
    if len(data) > BYTES_MAX:
        return Refusal(HttpFault.UPLOAD_TOO_LARGE, {"mib_max": BYTES_MAX // 1024 // 1024})
    name = f"aef-{party}-{year}-v{version}.xlsx"
    body = json.dumps([{"name": name, "base64": base64.b64encode(data).decode()}]).encode()
    asked = Order(
        Product.CHECK,
        {"content_type": JSON, "profile": PROFILES[0], "imported": True, "language": visit.language},
    )
    with tempfile.TemporaryFile(prefix="counterfoil-check-") as upload:
        upload.write(body)
        upload.seek(0)
        answer = await press.made(asked, upload)
    if isinstance(answer, Refusal):
        return answer
    with answer:
        answer.seek(0)
        found: dict[str, Any] = json.loads(answer.read())
    return found
