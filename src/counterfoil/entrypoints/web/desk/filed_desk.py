"""A filed report on its desk: its versions, its signed package, and the steps that follow its filing.

The package is made again from the evidence whenever it is asked for: the same filing and key give the same bytes, so
that the digest which `RecordSent` names is that of the file which went. Source: 2/CMA.3 annex paras. 18-23; ADR-0022.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, Final

from counterfoil.adapters.carp.package_zip import zipped
from counterfoil.application.queries.filing_view import filing_view
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.submissions import filed_of, package_name, package_of
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ReportKind, is_over, version_order
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.submitting.keys import package_signer
from counterfoil.entrypoints.web.desk.report_asked import ReportAsked
from counterfoil.entrypoints.web.forms.flow import Flow
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

PLACE: Final = ("desk", "reports", "filed")
PATH: Final = "/" + "/".join(PLACE) + "/{key}"
SENT: Final = f"{PATH}/{{version}}/sent"
ACT: Final = "RecordSent"


@dataclass(frozen=True, slots=True)
class Packed:
    """The signed package of a filed version."""

    report: str
    version: str
    name: str
    data: bytes

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow(f"{PATH}/{{version}}/package", reading(_package)),
        PageRow(SENT, partial(_sent, "get"), partial(_sent, "post"), resumes=True),
        PageRow(PATH, reading(_page)),
    )


def _page(sight: Sight, visit: Visit) -> Reply | Refusal:
    """One version with all that became of it; the newest where none is named."""
    found = filing_view(sight, visit.path["key"], visit.query.get("version", ""))
    if isinstance(found, Refusal):
        return found
    newest = max(found["versions"], key=version_order, default=found["version"])
    facts = {
        "report": found,
        "newest": newest,
        "is_newest": found["version"] == newest,
        # What was submitted elsewhere has no files here to make a package of.
        "packed": bool(found["files"]),
        "correction": _correction(sight, visit, found),
        "done": visit.query.get("done", ""),
    }
    return Shown("desk/reports/filed.html", facts, kept=False)


def _correction(sight: Sight, visit: Visit, found: Mapping[str, Any]) -> dict[str, Any] | None:
    """Where a higher version is made."""
    kind = ReportKind(found["kind"])
    year = int(found["year"] or visit.today.year)
    if found["party"] != sight.registry.party or (kind.yearly and not is_over(kind, year, visit.today)):
        return None
    approach = found["approaches"][0] if kind is ReportKind.UPDATED_INITIAL and found.get("approaches") else ""
    asked = ReportAsked(kind, year, approach)
    return {"place": asked.draft, "approach": asked.approach}


def packed(sight: Sight, folder: Folder, report: str, version: str) -> Packed | Refusal:
    """The package of a version, signed with the registry's key.

    Raises:
        Outage: no file of the folder holds the key that the journal names.
    """
    filed = filed_of(sight, report, version)
    if isinstance(filed, Refusal):
        return filed
    members = package_of(sight, filed, signer=package_signer(folder, sight))
    if isinstance(members, Refusal):
        return members
    return Packed(report, filed.filing.version, package_name(filed), zipped(members))


def _package(sight: Sight, visit: Visit) -> Reply | Refusal:
    found = _found(sight, visit)
    return found if isinstance(found, Refusal) else Sent(found.data, "application/zip", found.name, kept=False)


def _found(sight: Sight, visit: Visit) -> Packed | Refusal:
    return packed(sight, Folder(visit.ground.room.folder), visit.path["key"], visit.path["version"])


async def _sent(method: str, visit: Visit) -> Reply | Refusal:
    """Record that the package went, by the digest of the package itself, which nobody types."""
    found = await visit.ask(lambda sight: _found(sight, visit))
    if isinstance(found, Refusal):
        return found
    flow = Flow(
        ACT,
        path=SENT,
        shown=("on",),
        fixed=lambda _sight, _visit: {"report": found.report, "version": found.version, "package": found.digest},
        template="desk/reports/sent.html",
        facts=lambda _sight, _visit: {"package": found},
    )
    return await flow.get(visit) if method == "get" else await flow.post(visit)
