"""Filed reports with their versions, files, answers and review findings; and CTF table 4 as the register has it now.

What is filed lies in the evidence store as its public copy, so everybody may have it as it was filed.
Source: 2/CMA.3 annex paras. 18-23; 18/CMA.1 annex paras. 70, 77(d).
"""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from counterfoil.application.ports import Outage
from counterfoil.application.queries.ctf_table4 import ctf_table4
from counterfoil.application.queries.earlier import EarlierFault, EarlierReading
from counterfoil.application.queries.filing_view import filing_view, filings
from counterfoil.application.queries.party_accounts import elapsed_year
from counterfoil.application.queries.review import findings
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.submissions import content_of, filing_of
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import REPORT, ReportKind, version_order
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.reports.summary_paper import summary_paper
from counterfoil.entrypoints.reports.words import Words
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.moment import books_then, moment_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

FINDINGS_MAX: Final = 200
FILE_KINDS: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}


def rows() -> tuple[PageRow, ...]:
    return (
        *LISTING.rows(),
        PageRow("/reports/summary/{year}", reading(_summary)),
        PageRow("/reports/filed/{key}/{version}/{name}", reading(_file)),
        PageRow("/reports/filed/{key}", reading(_page)),
    )


def _source(sight: Sight, _visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows:
    """Reports are few: five kinds, some of them once a year."""
    found = [each for each in filings(sight) if all(str(each.get(name)) == value for name, value in values.items())]
    start = bisect_right([each["report"] for each in found], after) if after else 0
    shown = found[start : start + limit]
    more = start + limit < len(found)
    return Rows(shown, shown[-1]["report"] if more and shown else None)


def _above(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    # The figures above the list are made for today; an earlier moment has what was filed.
    earlier = isinstance(sight.reading, EarlierReading)
    if earlier or visit.query.get("after") or sight.record("registry", "self") is None:
        return {"years": (), "party": ""}
    last = elapsed_year(visit.today)
    years = [year for period in sight.registry.ndc_periods for year in range(period.first, min(period.last, last) + 1)]
    return {"years": sorted(years, reverse=True), "party": sight.registry.party}


LISTING: Final = Listing(
    "/reports",
    "web.reports",
    (
        Column("report", lambda row: row["report"], Kind.CODE, lambda row: ("reports", "filed", row["report"])),
        Column("kind", lambda row: row["kind"], Kind.TAG, words="web.report"),
        Column("year", lambda row: row["year"]),
        Column("version", lambda row: row["version"]),
        Column("filed_on", lambda row: row["filed_on"], Kind.DAY),
        Column("checked", lambda row: row["checked"], Kind.TAG, words="value"),
        Column("state", lambda row: row["state"], Kind.TAG, words="web.filing"),
    ),
    _source,
    (
        Filter(
            "kind", lambda _sight, visit: [(each.value, visit.texts(f"web.report.{each.value}")) for each in ReportKind]
        ),
    ),
    template="portal/reports.html",
    facts=_above,
    as_of=True,
)


def _page(sight: Sight, visit: Visit) -> Reply | Refusal:
    key = visit.path["key"]
    version = visit.query.get("version", "")
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    then = books_then(sight, visit, as_of)
    found = filing_view(then, key, version)
    if isinstance(found, Refusal):
        return found
    about = findings(then, key)[:FINDINGS_MAX]
    kind = f"{REPORT}_version"
    row = then.reading.record(kind, f"{key}:{found['version']}")
    facts = {
        "as_of": as_of,
        "report": found,
        "newest": max(found["versions"], key=version_order, default=found["version"]),
        "findings": [each for each in about if not each["confidential"]],
        "confidential": sum(1 for each in about if each["confidential"]),
        "entry": None if row is None else row.seq,
    }
    return Shown("portal/report.html", facts)


def _file(sight: Sight, visit: Visit) -> Reply | Refusal:
    """One file of a filed version, byte for byte as it was filed."""
    key, version, name = visit.path["key"], visit.path["version"], visit.path["name"]
    filing = filing_of(sight, key, version)
    if isinstance(filing, Refusal):
        return filing
    content = content_of(sight, filing.sha256)
    if isinstance(content, Refusal):
        return content
    known = next((each for each in content.files if each.name == name), None)
    data = None if known is None else sight.evidence.get(known.sha256)
    if data is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": REPORT, "key": f"{key} {version} {name}"[:120]})
    return Sent(data, kind_of(name), name)


def kind_of(name: str) -> str:
    """What kind of file a filed one says to be: never one that a browser shows or runs as part of our pages."""
    return FILE_KINDS.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def _summary(sight: Sight, visit: Visit) -> Reply | Refusal:
    """CTF table 4 of a year in the words of its document, from all acts up to today, or to the moment that is asked."""
    text = visit.path["year"]
    if not (text.isascii() and text.isdecimal() and len(text) == 4):
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "year", "value": text[:60]})
    if sight.record("registry", "self") is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": REPORT, "key": text})
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    year, party, accounts = int(text), sight.registry.party, visit.ground.accounts
    day = date.fromisoformat(as_of.on[:10]) if as_of.size else visit.today
    reach, gather = accounts.reach(sight), accounts.gather(sight, size=as_of.size, then=books_then(sight, visit, as_of))
    size = as_of.size or min(reach.known, reach.entries)
    table = visit.ground.folds.ask(
        sight,
        ("ctf4", year, day, size, reach.ready),
        lambda: ctf_table4(sight, party=party, year=year, as_of=day, gather=gather),
    )
    if isinstance(table, Refusal):
        if table.code == EarlierFault.BEING_READ:
            raise Outage(table.code, table.facts, retry=True)
        return table
    facts = {
        "as_of": as_of,
        "paper": summary_paper(table, Words(visit.texts), registry=sight.registry),
        "known": size,
        "entries": as_of.size or reach.entries,
        "year_of": year,
        "asked_on": day,
        "party": party,
    }
    return Shown("portal/report_summary.html", facts)
