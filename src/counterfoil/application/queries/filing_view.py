"""Filed reports for reading: the newest version of each, and one version with all that became of it."""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.submissions import filing_of
from counterfoil.domain.kernel.record import to_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ANSWERED, REPORT, REPORT_VERSION, ReportKind, version_order
from counterfoil.domain.reporting.review import FINDING

_ANNUAL: Final = "aef"
_ANNUAL_VERSION: Final = "aef_version"
RECORDED: Final = "recorded"
"""The state of annual information that was submitted elsewhere, and of which `SubmitAef` recorded the hash alone."""


def filings(sight: Sight) -> list[dict[str, Any]]:
    """The newest version of every report, by its key. Records of covered approaches are no reports."""
    found = {key: {"report": key, **value} for key, value in sight.records(REPORT) if "sha256" in value}
    for about, value in sight.records(_ANNUAL):
        key = f"{ReportKind.AEF}:{about}"
        known = found.get(key)
        newer = known is None or version_order(value["version"]) > version_order(known["version"])
        if newer and "filing" not in value:
            found[key] = _recorded(about, value)
    return [found[key] for key in sorted(found)]


def _recorded(about: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """A version that was submitted elsewhere, in the shape of one that was filed here. The hash is its workbook's."""
    party, year = about.split(":")
    return {
        "report": f"{ReportKind.AEF}:{about}",
        "kind": ReportKind.AEF.value,
        "party": party,
        "year": int(year),
        "version": value["version"],
        "sha256": value["sha256"],
        "filed_on": value["submitted_on"],
        "state": RECORDED,
        "checked": "",
        "known_issues": [],
    }


def _recorded_view(sight: Sight, report: str, version: str) -> Mapping[str, Any] | None:
    """The same of one report that was never filed here, or of the version that was not."""
    about = report.removeprefix(f"{ReportKind.AEF}:")
    value = sight.record(_ANNUAL_VERSION, f"{about}:{version}") if version else sight.record(_ANNUAL, about)
    if about == report or value is None or "filing" in value:
        return None
    return {**_recorded(about, value), "files": [], "versions": _versions(sight, report), "answers": [], "findings": []}


def _versions(sight: Sight, report: str) -> list[str]:
    """Every version that was filed here or recorded, from the oldest."""
    about = report.removeprefix(f"{ReportKind.AEF}:")
    named = {key.removeprefix(f"{report}:") for key, _ in _of(sight, REPORT_VERSION, f"{report}:")}
    if about != report:
        named |= {key.removeprefix(f"{about}:") for key, _ in _of(sight, _ANNUAL_VERSION, f"{about}:")}
    return sorted(named, key=version_order)


def filing_view(sight: Sight, report: str, version: str = "") -> Mapping[str, Any] | Refusal:
    """One version as filed, its content's list, the other versions, the platform's answers, and review findings."""
    filing = filing_of(sight, report, version)
    recorded = _recorded_view(sight, report, version)
    if isinstance(filing, Refusal):
        return recorded or filing
    if recorded is not None and version_order(recorded["version"]) > version_order(filing.version):
        return recorded
    told = to_json(filing)
    assert isinstance(told, Mapping)
    data = sight.evidence.get(filing.sha256)
    content = None if data is None else sight.codec.decode(data)
    mark = f"{report}:"
    return {
        "report": report,
        **told,
        "files": [] if content is None else content["files"],
        "versions": _versions(sight, report),
        "answers": [value for _, value in _of(sight, ANSWERED, f"{mark}{filing.version}:")],
        "findings": [key for key, value in sight.records(FINDING) if value["report"] == report],
    }


def _of(sight: Sight, kind: str, mark: str) -> list[tuple[str, Any]]:
    """The records of a kind whose keys begin with a mark."""
    found = []
    for key, value in sight.records(kind, after=mark):
        if not key.startswith(mark):
            break
        found.append((key, value))
    return found
