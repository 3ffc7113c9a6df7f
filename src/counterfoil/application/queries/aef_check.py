"""Checks workbooks of the agreed electronic format, of one Party or of many together, and says what was found.

The same engine serves the command line, the pre-check before a submission and the comparison of all Parties. It decides
nothing of its own: reading is `domain/reporting/aef_parse.py`, the checks are `domain/reporting/consistency/`.

Source: 4/CMA.6 paras. 29-33; 6/CMA.4 annex I paras. 37-40.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.aef_parse import ReadFile, read_submission
from counterfoil.domain.reporting.aef_workbook import RawWorkbook
from counterfoil.domain.reporting.consistency.arrival import arrived
from counterfoil.domain.reporting.consistency.holds import ProposedHold, proposed_holds
from counterfoil.domain.reporting.consistency.registered import consistency_findings, finding, not_made
from counterfoil.domain.reporting.consistency.world import world_of
from counterfoil.domain.reporting.finding import CheckStatus, Finding, Place, Severity, status_of
from counterfoil.domain.reporting.records import Records

LANGUAGES: Final = ("en", "zh-Hant")

Texts = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Text key → "message" or "fix" → language → template."""


@dataclass(frozen=True, slots=True)
class NamedRaw:
    """A workbook as it was read, or why it could not be, under the name that findings repeat."""

    name: str
    raw: RawWorkbook | Refusal


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The status of all workbooks together and every finding, in the order of the files and then of the checks."""

    status: CheckStatus
    findings: tuple[Finding, ...]
    lang: str
    unreadable: bool
    """Whether some file could not be read as a workbook at all."""
    holds: tuple[ProposedHold, ...] = ()
    """Serials that the findings propose to hold. Nothing is held by this."""
    not_made: tuple[str, ...] = ()
    """The checks that need records that were not given. They are not counted as passed."""
    with_records: bool = False
    """Whether any records were given beside the workbooks."""

    def message(self, one: Finding, lang: str | None = None) -> str:
        return _filled(one, "message", lang or self.lang)

    def fix(self, one: Finding, lang: str | None = None) -> str:
        """The way out of a finding."""
        return _filled(one, "fix", lang or self.lang)

    def counts(self) -> Mapping[str, int]:
        """How many findings have each severity."""
        seen = Counter(one.severity for one in self.findings)
        return {severity.value: seen[severity] for severity in Severity}

    def as_json(self) -> dict[str, Any]:
        """The report as JSON values, with messages in the asked language.

        Always `status` and `findings`; `proposed_holds` where there are any, `not_made` where records were given.
        """
        told: dict[str, Any] = {
            "status": self.status.value,
            "findings": [self._row(one) for one in self.findings],
        }
        if self.holds:
            told["proposed_holds"] = [
                {"first_id": hold.first_id, "last_id": hold.last_id, "checks": list(hold.checks)} for hold in self.holds
            ]
        if self.with_records:
            told["not_made"] = list(self.not_made)
        return told

    def _row(self, one: Finding) -> dict[str, Any]:
        place = one.place
        return {
            "check": one.check,
            "aliases": list(one.aliases),
            "severity": one.severity.value,
            "file": place.file,
            "party": place.party,
            "sheet": place.sheet,
            "cell": place.cell,
            "first_id": place.first_id,
            "last_id": place.last_id,
            "message": self.message(one),
            "fix": self.fix(one),
        }


def check(
    workbooks: Iterable[NamedRaw], form: AefFormat, lang: str = "en", records: Records | None = None
) -> CheckReport:
    """Check workbooks by themselves, against each other, and against the records beside them.

    Time is linear in rows, but for sorting. A file that cannot be read is a blocking finding, and the others are still
    checked; older versions of a submission are replaced by the newest before Parties are compared.

    Workbooks may come one after the other: the cells of one are let go before the next is asked for. What is held are
    the rows of all of them, about a kilobyte for each action.
    """
    assert lang in LANGUAGES, lang
    found: list[Finding] = []
    read: list[ReadFile] = []
    order: dict[str, int] = {}
    unreadable = False
    for book in workbooks:
        order.setdefault(book.name, len(order))
        if isinstance(book.raw, Refusal):
            unreadable = True
            found.append(_unreadable(book.name, book.raw))
        else:
            read.append(read_submission(book.raw, form, book.name))
    found += [finding(check_id, observation) for one in read for check_id, observation in one.seen]
    versions = arrived([one.filed for one in read if one.filed is not None])
    found += [finding("C04", observation) for observation in versions.duplicates]
    found += [finding("C05", observation) for observation in versions.obsolete]
    beside = records or Records()
    found += consistency_findings(world_of(versions.active, form, beside))
    # Findings about a structured summary follow those about workbooks.
    found.sort(key=lambda one: (order.get(one.place.file, len(order)), one.check))
    return CheckReport(
        status_of(found), tuple(found), lang, unreadable, proposed_holds(found), not_made(beside), records is not None
    )


def _unreadable(name: str, refusal: Refusal) -> Finding:
    facts = {key: value for key, value in refusal.facts.items() if isinstance(value, str | int)}
    return Finding(
        check="C01",
        aliases=(),
        severity=Severity.BLOCKING,
        text_key=refusal.code,
        place=Place(file=name),
        facts=facts,
    )


def _filled(one: Finding, kind: str, lang: str) -> str:
    texts = check_texts()
    entry = texts[one.text_key]
    template = (entry if kind in entry else texts[one.check])[kind][lang]
    return template.format_map(one.facts)


@cache
def check_texts() -> Texts:
    """The texts of the checks' cases ("C34.host"), of the checks ("C34") and of the faults ("workbook.encrypted")."""
    catalogue = files("counterfoil") / "catalogue"
    texts: dict[str, Mapping[str, Mapping[str, str]]] = {}
    for check_id, entry in _toml(catalogue / "checks.toml").items():
        texts[check_id] = {"fix": entry["fix"]}
        texts.update({f"{check_id}.{case}": value for case, value in entry.items() if case != "fix"})
    texts.update(_toml(catalogue / "faults.toml"))
    return texts


def _toml(path: Any) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
