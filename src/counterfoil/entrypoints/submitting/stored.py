"""The annual information that this registry knows: what it filed itself, and what it imported of all Parties.

What is known is listed first; a file is opened when its cells are asked for, and let go after. So the workbooks of all
Parties and years are never held at once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from counterfoil.application.commands.import_submission import SUBMISSION
from counterfoil.application.ports import Evidence
from counterfoil.application.queries.aef_check import CheckReport, NamedRaw, check
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.submissions import content_of
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.consistency.holds import touched_parties
from counterfoil.domain.reporting.filing import REPORT, version_order
from counterfoil.entrypoints.bootstrap import aef_format
from counterfoil.entrypoints.submitting.aef_bytes import named_bytes, submission_in


class StoredFault(StrEnum):
    LOST = "submission.kept_file_lost"


@dataclass(frozen=True, slots=True)
class StoredSubmission:
    """The newest version of one Party's annual information for a year that is known here."""

    party: str
    year: int
    version: str
    opened: Callable[[], NamedRaw]

    @property
    def book(self) -> NamedRaw:
        """Its cells, read anew each time."""
        return self.opened()


@dataclass(frozen=True, slots=True)
class Touched:
    """A Party whose result may change by somebody else's new version: its findings by severity, before and after."""

    party: str
    before: dict[str, int]
    after: dict[str, int]


def stored_submissions(sight: Sight, form: AefFormat) -> list[StoredSubmission]:
    """The newest version for each Party and year. What was filed here counts before an import of the same version."""
    found: dict[tuple[str, int], StoredSubmission] = {}
    for each in (*_filed(sight, form), *_imported(sight)):
        known = found.get((each.party, each.year))
        if known is None or version_order(each.version) > version_order(known.version):
            found[each.party, each.year] = each
    return [found[key] for key in sorted(found)]


def _filed(sight: Sight, form: AefFormat) -> Iterator[StoredSubmission]:
    for key, value in sight.records(REPORT, after="aef:"):
        if not key.startswith("aef:"):
            return
        content = content_of(sight, value["sha256"])
        main = "" if isinstance(content, Refusal) else content.main
        digests = {} if isinstance(content, Refusal) else {each.name: each.sha256 for each in content.files}
        yield _listed(sight, value, main, digests.get(main, ""), form)


def _imported(sight: Sight) -> Iterator[StoredSubmission]:
    for _, value in sight.records(SUBMISSION):
        yield _listed(sight, value, f".{value['form']}", value["sha256"], aef_format(profile=value["profile"]))


def _listed(sight: Sight, value: Mapping[str, Any], like: str, digest: str, form: AefFormat) -> StoredSubmission:
    name = file_name(value["party"], value["year"], value["version"], like)
    opened = partial(_opened, sight.evidence, name, digest, form)
    return StoredSubmission(value["party"], value["year"], value["version"], opened)


def _opened(evidence: Evidence, name: str, digest: str, form: AefFormat) -> NamedRaw:
    """The cells of a kept file. One that is lost is a finding, and not a Party that reported nothing."""
    data = evidence.get(digest) if digest else None
    if data is None:
        return NamedRaw(name, Refusal(StoredFault.LOST, {"file": name}))
    return named_bytes(name, data, form)


def file_name(party: str, year: int, version: str, like: str) -> str:
    """The name under which findings speak of a stored file, with the ending of another name."""
    return f"aef-{party}-{year}-v{version}.{like.rpartition('.')[2]}"


def touched(
    stored: list[StoredSubmission], new: StoredSubmission, form: AefFormat
) -> tuple[list[Touched], CheckReport]:
    """Whose results may change when a version arrives, with their findings before and after, and the whole report.

    Source: rulebook 5.3 (run order: a result can flip for someone who did not resubmit).
    """
    others = [each for each in stored if (each.party, each.year) != (new.party, new.year)]
    earlier = [each for each in stored if (each.party, each.year) == (new.party, new.year)]
    after = submission_in(new.book, form)
    before = submission_in(earlier[0].book, form) if earlier else None
    report_after = check((each.book for each in (*others, new)), form)
    if isinstance(after, Refusal):
        return [], report_after
    replaced = None if isinstance(before, Refusal) else before
    read = (submission_in(each.book, form) for each in others)
    parties = touched_parties(replaced, after, (each for each in read if not isinstance(each, Refusal)))
    report_before = check((each.book for each in stored), form)
    known = {each.party for each in others}
    return [
        Touched(party, _counts(report_before, party), _counts(report_after, party))
        for party in parties
        if party in known
    ], report_after


def _counts(report: CheckReport, party: str) -> dict[str, int]:
    found = {"B": 0, "I": 0, "N": 0, "W": 0}
    for one in report.findings:
        if one.place.party == party:
            found[one.severity.value] += 1
    return found
