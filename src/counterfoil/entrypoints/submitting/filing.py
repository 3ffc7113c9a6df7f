"""Make a filing of files: their content's list, the checks before it, and the command that records it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import Final

from counterfoil.application.commands.file_report import FileReport, FilingFault
from counterfoil.application.commands.submit_aef import AefFault
from counterfoil.application.queries.aef_check import CheckReport, NamedRaw, check
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.submissions import content_bytes
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import CooperativeApproachId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.filing import APPROACHES_MAX, ReportKind, approaches_fit, is_version, year_fits
from counterfoil.domain.reporting.finding import CheckStatus, Finding, Severity, status_of
from counterfoil.domain.reporting.package import Content, PackageFile, content_fault
from counterfoil.domain.reporting.records_json import records_from_json
from counterfoil.entrypoints.submitting.aef_bytes import JSON_SUFFIX, json_of, named_bytes, submission_in
from counterfoil.entrypoints.submitting.confidential_copy import readable, register_says, same, shows, told_of
from counterfoil.entrypoints.submitting.stored import stored_submissions
from counterfoil.entrypoints.submitting.told_again import approaches_in, says, told_again, year_in

REGISTER_DIFFERS: Final = "REGISTER"
"""Stands among known issues for a file that does not say what the register says."""
GAPS: Final = "GAPS"
"""Stands among known issues for a report that lacks something that it must tell."""
_GAPS_TOLD: Final = 40


class PreCheckFault(StrEnum):
    NO_REPORT = "filing.no_report"
    OTHER_REPORT = "filing.other_report"
    BLOCKED = "filing.blocked"
    INCONSISTENT = "filing.inconsistent"
    CONFIDENTIAL_SHOWN = "filing.confidential_shown"
    INCOMPLETE = "filing.incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to file. `despite` is the public reason for filing it with its known issues."""

    kind: ReportKind
    party: str
    year: int | None
    approaches: tuple[str, ...]
    version: str
    files: Mapping[str, bytes]
    despite: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A filing before it is recorded, with what the checks said."""

    content: Content
    command: FileReport
    report: CheckReport | None
    book: NamedRaw | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why something cannot be filed, with what the checks said."""

    refusal: Refusal
    report: CheckReport | None = None


def prepared(sight: Sight, asked: Asked, form: AefFormat) -> Prepared | Unfit:
    """Check what is to be filed. Blocking findings refuse; inconsistencies refuse unless a reason is given.

    Source: 6/CMA.4 main para. 29, annex I para. 40 (checks before submission); requirements R-A62-21, SC-17.
    """
    for refusal in _misasked(asked):
        return Unfit(refusal)
    if asked.kind is ReportKind.AEF:
        return _annual(sight, asked, form)
    main = _report_file(asked)
    if main is None:
        return Unfit(Refusal(PreCheckFault.NO_REPORT, {"kind": asked.kind.value}))
    values = json_of(asked.files[main])
    if not isinstance(values, Mapping):
        return Unfit(Refusal(PreCheckFault.NO_REPORT, {"kind": asked.kind.value}))
    return _told(sight, asked, main, values, form)


def _told(sight: Sight, asked: Asked, main: str, values: Mapping[str, object], form: AefFormat) -> Prepared | Unfit:
    """A report in JSON: it must be the one that is named, say what the register says, and lack nothing.

    Source: 2/CMA.3 annex paras. 18-19, 21-23.
    """
    for other in _another(asked, main, values):
        return Unfit(other)
    report = _of_summary(sight, values, main, form) if asked.kind is ReportKind.SUMMARY else None
    told = told_again(sight, asked.kind, values)
    if isinstance(told, Refusal):
        return Unfit(told, report)
    checks = () if report is None else _issues(report, main)
    issues = (*checks, *((GAPS,) if told.gaps else ()), *((REGISTER_DIFFERS,) if told.differs else ()))
    if issues == (GAPS,) and not asked.despite.strip():
        facts: dict[str, JSON] = {"file": main, "count": len(told.gaps), "elements": _listed(told.gaps)}
        return Unfit(Refusal(PreCheckFault.INCOMPLETE, facts), report)
    return _made(sight, asked, main, approaches=asked.approaches, issues=issues, report=report)


def _another(asked: Asked, main: str, values: Mapping[str, object]) -> Iterator[Refusal]:
    """Whether the file says that it is another report than the one that is named."""
    said = says(values)
    if said not in (None, asked.kind.value):
        yield _other(main, said, values.get("party", ""))
    party, year = values.get("party", asked.party), year_in(values)
    if party != asked.party or (asked.kind.yearly and year not in (None, asked.year)):
        yield _other(main, party, year)
    missing = [each for each in asked.approaches if each not in approaches_in(values)]
    if said is not None and missing:
        yield _other(main, party, ", ".join(approaches_in(values)))


def _listed(places: tuple[str, ...]) -> str:
    return ", ".join(places[:_GAPS_TOLD]) + (", ..." if len(places) > _GAPS_TOLD else "")


def _misasked(asked: Asked) -> Iterator[Refusal]:
    """What the command would refuse for itself, asked first because the series is named after it."""
    if not is_version(asked.version):
        yield Refusal(AefFault.VERSION_UNREADABLE, {"version": asked.version[:20]})
    if not year_fits(asked.kind, asked.year):
        yield Refusal(FilingFault.YEAR_UNCLEAR, {"kind": asked.kind.value, "year": asked.year})
    if not approaches_fit(asked.kind, asked.approaches):
        facts: dict[str, JSON] = {"kind": asked.kind.value, "approaches_max": APPROACHES_MAX}
        yield Refusal(FilingFault.APPROACHES_UNCLEAR, facts)


def command_id(act: str, report: str, version: str) -> str:
    """The id of a command about a version of a report: a run that was cut off and repeated acts once.

    >>> command_id("file", "initial:THA:*", "1.0")
    'file:initial:THA:all:1.0'
    """
    return f"{act}:{report.replace('*', 'all')}:{version}"


def _annual(sight: Sight, asked: Asked, form: AefFormat) -> Prepared | Unfit:
    """The file by itself and against every other submission that is known, and then against the register."""
    found = _aef_in(asked.files, form)
    if found is None:
        return Unfit(Refusal(PreCheckFault.NO_REPORT, {"kind": asked.kind.value}))
    book, submission = found
    told = (submission.party, submission.reported_year, submission.version)
    if told != (asked.party, asked.year, asked.version):
        return Unfit(_other(book.name, *told))
    differs = _differs(sight, asked, submission, form)
    if isinstance(differs, Refusal):
        return Unfit(differs)
    others = (
        each.book
        for each in stored_submissions(sight, form)
        if (each.party, each.year) != (submission.party, submission.reported_year)
    )
    report = check(chain(others, (book,)), form)
    blocking = sorted({one.check for one in _of_file(report, book.name) if one.severity is Severity.BLOCKING})
    if blocking:
        return Unfit(Refusal(PreCheckFault.BLOCKED, {"file": book.name, "checks": ", ".join(blocking)}), report)
    issues = (*_issues(report, book.name), *((REGISTER_DIFFERS,) if differs else ()))
    approaches = tuple(sorted(_approaches(submission)))
    made = _made(sight, asked, book.name, approaches=approaches, issues=issues, report=report)
    return replace(made, book=book) if isinstance(made, Prepared) else made


def _differs(sight: Sight, asked: Asked, submission: Submission, form: AefFormat) -> bool | Refusal:
    """Whether a file does not say what the register says in public, its confidential fields marked or left out.

    Refuses a file that shows confidential values, or another of the same report that does: what is filed lies among
    the evidence, which exports hand out.
    """
    told = told_of(sight, submission, form)
    if isinstance(told, Refusal):
        return told
    if told.keeps_back:
        secrets = told.secrets(form)
        if any(shows(each, secrets) or same(each, told.private) for each in readable(asked.files, form)):
            return Refusal(PreCheckFault.CONFIDENTIAL_SHOWN, {"party": submission.party})
    if same(told.public, submission):
        return False
    own = register_says(sight, submission, None)
    return own if isinstance(own, Refusal) else not same(own, submission)


def _aef_in(files: Mapping[str, bytes], form: AefFormat) -> tuple[NamedRaw, Submission] | None:
    """The file that is the annual information itself: the first that can be read as such, JSON before workbooks."""
    for name in sorted(files, key=lambda name: (not name.lower().endswith(JSON_SUFFIX), name)):
        if name.lower().endswith((JSON_SUFFIX, ".xlsx")):
            book = named_bytes(name, files[name], form)
            submission = submission_in(book, form)
            if not isinstance(submission, Refusal):
                return book, submission
    return None


def _approaches(submission: Submission) -> set[str]:
    found = {row.cooperative_approach_id for row in submission.authorizations}
    found |= {row.cooperative_approach_id for row in submission.actions}
    return found | {row.cooperative_approach_id for row in submission.holdings}


def _report_file(asked: Asked) -> str | None:
    """The report's own JSON: the only JSON file, or the one that its printed forms are named after."""
    found = sorted(name for name in asked.files if name.lower().endswith(JSON_SUFFIX))
    return found[0] if found else None


def _of_summary(sight: Sight, values: Mapping[str, object], main: str, form: AefFormat) -> CheckReport | None:
    """The checks of the structured summary against the annual information that is known."""
    records = records_from_json(values, main)
    if isinstance(records, Refusal):
        return None
    return check((each.book for each in stored_submissions(sight, form)), form, records=records)


def _other(file: str, party: object, year: object, version: object = "") -> Refusal:
    facts: dict[str, JSON] = {"file": file, "found": f"{party} {year} {version}".strip()[:80]}
    return Refusal(PreCheckFault.OTHER_REPORT, facts)


def _of_file(report: CheckReport, name: str) -> list[Finding]:
    return [one for one in report.findings if one.place.file == name]


def _issues(report: CheckReport, name: str) -> tuple[str, ...]:
    """The checks that found the file inconsistent, each once."""
    found = {one.check for one in _of_file(report, name) if one.severity is Severity.INCONSISTENT}
    return tuple(sorted(found))


def _made(
    sight: Sight,
    asked: Asked,
    main: str,
    *,
    approaches: tuple[str, ...],
    issues: tuple[str, ...],
    report: CheckReport | None,
) -> Prepared | Unfit:
    if issues and not asked.despite.strip():
        return Unfit(Refusal(PreCheckFault.INCONSISTENT, {"file": main, "checks": ", ".join(issues)}), report)
    content = Content(
        kind=asked.kind,
        party=asked.party,
        year=asked.year,
        approaches=approaches,
        version=asked.version,
        main=main,
        files=tuple(
            PackageFile(name, hashlib.sha256(data).hexdigest(), len(data)) for name, data in sorted(asked.files.items())
        ),
    )
    unfit = content_fault(content)
    if unfit is not None:
        return Unfit(unfit, report)
    checked = CheckStatus.CONSISTENT if report is None else status_of(_of_file(report, main))
    if REGISTER_DIFFERS in issues:
        checked = CheckStatus.INCONSISTENT
    elif GAPS in issues and checked is CheckStatus.CONSISTENT:
        checked = CheckStatus.NOT_AVAILABLE
    command = FileReport(
        id=command_id("file", content.key, content.version),
        kind=asked.kind,
        party=Party(asked.party),
        version=asked.version,
        sha256=hashlib.sha256(content_bytes(content, sight.codec)).hexdigest(),
        year=asked.year,
        approaches=tuple(CooperativeApproachId(each) for each in approaches),
        checked=checked,
        known_issues=issues,
        reason=asked.despite.strip() if issues else "",
    )
    return Prepared(content, command, report)
