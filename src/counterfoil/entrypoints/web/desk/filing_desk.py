"""File a report from here: its files are made and checked by the press, then filed by the act.

What was made is kept for a while for whoever asked for it, so that the files which are filed are those that were looked
at. They become evidence when the act is signed, and the act names them by digests that nobody types.
Source: 2/CMA.3 annex paras. 18-23; 4/CMA.6 paras. 26-27.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.application.commands.file_report import FilingFault
from counterfoil.application.ports import Outage
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.press import Order, Product
from counterfoil.entrypoints.web.desk import aef_precheck, report_draft
from counterfoil.entrypoints.web.desk.report_asked import DRAFTS, FILE, ReportAsked, about, next_version, report_asked
from counterfoil.entrypoints.web.forms.flow import Flow
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Sent
from counterfoil.entrypoints.web.portal.reports import kind_of
from counterfoil.entrypoints.web.visit import Visit

PATHS: Final = ("/" + "/".join(FILE) + "/{year}", "/" + "/".join(DRAFTS) + "/{kind}/{year}/file")
ACT: Final = "FileReport"
BYTES_MAX: Final = 32 * 1024 * 1024
_FIXED: Final = ("kind", "party", "version", "sha256", "year", "approaches", "checked", "known_issues")
_REASON: Final = "f.reason"
_NOTHING: Final = ("",)
"""No field is asked where there is nothing to explain."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the press made of a report: the act, the list of the content, and the files by name."""

    digest: str
    report: str
    main: str
    command: Mapping[str, Any]
    content: bytes
    files: Mapping[str, bytes]
    entries: int
    """How far the books went when it was made."""
    issues: tuple[str, ...] = field(default=())


def rows() -> tuple[PageRow, ...]:
    pages = [
        (PageRow(f"{path}/{{name}}", _file), PageRow(path, partial(_step, "get"), partial(_step, "post"), resumes=True))
        for path in PATHS
    ]
    return tuple(row for pair in pages for row in pair)


async def _step(method: str, visit: Visit) -> Reply | Refusal:
    """Make the files; or the way of the act, with the files that were made for this person."""
    asked = report_asked(visit)
    if isinstance(asked, Refusal):
        return asked
    if method == "post" and visit.form.get("do") == "make":
        return await _make(visit, asked)
    bundle = _kept(visit, asked)
    if bundle is None:
        gone = "yes" if visit.query.get("bundle") else ""
        return Gone(visit.url(*asked.draft, approach=asked.approach, gone=gone))
    flow = _flow(bundle, asked)
    if method == "get":
        return await flow.get(visit)
    if visit.form.get("step") in ("sign", "propose") and visit.may(ACT):
        store = FileEvidence(Folder(visit.ground.room.folder).evidence)
        # Before the journal names them, they are there.
        await visit.aside(lambda: store.put_all((*bundle.files.values(), bundle.content)))
    return await flow.post(visit)


async def _make(visit: Visit, asked: ReportAsked) -> Reply | Refusal:
    """Draw the files up, and go on to the form; what keeps them from being filed stands on the page of the draft."""
    party, version, entries = await visit.ask(lambda sight: (*next_version(sight, asked), _entries(sight)))
    order = Order(Product.FILING, asked.facts(party, version=version, on=visit.today.isoformat()))
    try:
        made = await visit.ground.press.made(order)
    except Outage as outage:
        return await _refused(visit, asked, outage)
    if isinstance(made, Refusal):
        return await _refused(visit, asked, made)
    with made:
        made.seek(0)
        data = made.read(BYTES_MAX + 1)
    if len(data) > BYTES_MAX:
        return Refusal(HttpFault.UPLOAD_TOO_LARGE, {"mib_max": BYTES_MAX // 1024 // 1024})
    digest = visit.ground.uploads.keep(_shelf(visit), str(entries), data)
    return Gone(visit.url(*asked.filing, approach=asked.approach, bundle=digest))


async def _refused(visit: Visit, asked: ReportAsked, fault: Refusal | Outage) -> Reply | Refusal:
    page = aef_precheck.shown if asked.kind is ReportKind.AEF else report_draft.shown
    return await page(visit, refused=fault)


def _shelf(visit: Visit) -> str:
    """Where only this desk lays by what the press made: no file that a person sent is ever taken for one of them."""
    assert visit.standing is not None, "the page is for persons"
    return f"{visit.standing.person}:{ACT}"


def _entries(sight: Sight) -> int:
    row = sight.reading.last_checkpoint()
    return 0 if row is None else row.size


def _kept(visit: Visit, asked: ReportAsked) -> Bundle | None:
    """What was made for this person, while it is kept."""
    digest = visit.query.get("bundle", "")
    known = visit.ground.uploads.of(_shelf(visit), digest)
    if known is None:
        return None
    told = json.loads(known[1])
    if told["asked"] != {"kind": asked.kind.value, "year": asked.year, "approach": asked.approach}:
        return None
    files = {name: base64.b64decode(text) for name, text in told["files"].items()}
    content, issues = base64.b64decode(told["content"]), tuple(told["command"]["known_issues"])
    return Bundle(digest, told["report"], told["main"], told["command"], content, files, int(known[0]), issues)


def _flow(bundle: Bundle, asked: ReportAsked) -> Flow:
    return Flow(
        ACT,
        path=PATHS[asked.kind is not ReportKind.AEF],
        title=f"web.filing_desk.title.{asked.kind.value}",
        lead="web.filing_desk.lead",
        shown=("reason",) if bundle.issues else _NOTHING,
        fixed=lambda _sight, _visit: {name: bundle.command[name] for name in _FIXED},
        template="desk/reports/file.html",
        facts=partial(_facts, bundle, asked),
        guard=partial(_explained, bundle),
    )


def _explained(bundle: Bundle, _sight: Sight, _visit: Visit, value: Mapping[str, Any]) -> tuple[Refusal, str] | None:
    if not bundle.issues or str(value.get("reason", "")).strip():
        return None
    return Refusal(FilingFault.ISSUES_UNEXPLAINED, {"issues": ", ".join(bundle.issues)[:200]}), _REASON


def _facts(bundle: Bundle, asked: ReportAsked, sight: Sight, visit: Visit) -> Mapping[str, Any]:
    return {
        # Shown by the template in words of their own.
        "fixed": (),
        "bundle": bundle,
        "files": [(name, len(data)) for name, data in sorted(bundle.files.items())],
        "since": _entries(sight) - bundle.entries,
        "asked": asked,
        "about": about(visit, asked),
    }


async def _file(visit: Visit) -> Reply | Refusal:
    """One of the files before it is filed."""
    asked = report_asked(visit)
    if isinstance(asked, Refusal):
        return asked
    bundle, name = _kept(visit, asked), visit.path["name"]
    data = None if bundle is None else bundle.files.get(name)
    if data is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": "report", "key": name[:120]})
    return Sent(data, kind_of(name), name, kept=False)
