"""The initial reports of the play: each Party's first comes before its first annual information, with what it supposes.

A host reports on the day of its letter, an acquirer on the day on which the first units of an approach arrive. The
first report of a Party is its initial report, one on a further approach an updated one. A report that was filed before
the Party's NDC was communicated is filed again in a new version on the day of the NDC.

Source: 2/CMA.3 annex paras. 18-19; 4/CMA.6 paras. 26-27.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from counterfoil.application.command import Command
from counterfoil.application.queries.initial_report import initial_report
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.domain.reporting.narrative.report import NarrativeReport
from counterfoil.entrypoints.demo.acts import Scene
from counterfoil.entrypoints.demo.filings import VERSION, filed, files_by_name
from counterfoil.entrypoints.demo.script import PlannedTransfer, Script
from counterfoil.entrypoints.demo.stage import PlayFailed, Stage
from counterfoil.entrypoints.reports.narrative_files import json_bytes, report_stem
from counterfoil.entrypoints.reports.narrative_paper import narrative_paper
from counterfoil.entrypoints.reports.printing import print_papers, write_whole
from counterfoil.entrypoints.reports.words import Text
from counterfoil.entrypoints.submitting.filing import Asked
from counterfoil.entrypoints.wire import command_of

FOLDER: Final = "initial-reports"
"""Beside the registries, so that a pattern for their AEF workbooks never takes one of these for a submission."""
NEXT_VERSION: Final = "1.1"
ASSUMED_STATEMENT: Final = "statement"
_WITH_GAPS: Final = "Demonstration: the report came before the Party's NDC, and is filed again once there is one."


@dataclass(frozen=True, slots=True)
class FiledInitial:
    """One filed version: what it covers, when it was filed, and which elements still lack something."""

    kind: ReportKind
    party: str
    approach: str
    version: str
    on: date
    gaps: tuple[str, ...]
    files: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "party": self.party,
            "approach": self.approach,
            "version": self.version,
            "filed_on": self.on.isoformat(),
            "complete": not self.gaps,
            "gaps": list(self.gaps),
            "files": list(self.files),
        }


class InitialReports:
    """The filings of the play so far."""

    def __init__(self, stage: Stage, script: Script, form: AefFormat, texts: Mapping[str, Text]) -> None:
        self.filed: list[FiledInitial] = []
        self._stage = stage
        self._script = script
        self._form = form
        self._texts = list(texts.values())

    def scenes(self) -> Iterator[Scene]:
        """One for each Party and approach, and one for each NDC: it may come after a report that lacked it."""
        known: set[tuple[str, str]] = set()
        for transfer in self._script.transfers:
            approach = self._script.activities[transfer.activity]["approach"]
            authorized = self._script.before(transfer.on, "authorized")
            for party, on, order in (
                (transfer.fact.host, authorized, 3),
                (transfer.fact.acquirer, transfer.on, 7),
            ):
                if (party, approach) not in known:
                    known.add((party, approach))
                    play = partial(self._first, party, approach, transfer, on)
                    yield Scene(on, order, f"{party}: initial report on {approach}", play)

    def once_there_is_an_ndc(self, party: str, on: date) -> None:
        """File the initial report again, if it was filed without the NDC that is recorded now."""
        earlier = [each for each in self.filed if each.party == party and each.kind is ReportKind.INITIAL]
        if earlier and earlier[-1].gaps:
            self._say(party, self._script.statements["once_there_is_an_ndc"])
            self._file(ReportKind.INITIAL, party, earlier[-1].approach, NEXT_VERSION, on)

    def _first(self, party: str, approach: str, transfer: PlannedTransfer, on: date) -> None:
        statements = self._script.statements
        kind = ReportKind.UPDATED_INITIAL
        if all(each.party != party for each in self.filed):
            kind = ReportKind.INITIAL
            self._say(party, statements["of_party"])
            if not self._has_ndc(party):
                self._say(party, statements["without_ndc"])
        self._say(party, self._of_approach(party, transfer), approach=approach)
        self._file(kind, party, approach, VERSION, on)

    def _of_approach(self, party: str, transfer: PlannedTransfer) -> list[dict[str, Any]]:
        """The answers on one approach: those of the file, and those that follow from what the play supposes of it."""
        activity = self._script.activities[transfer.activity]
        years = list(range(min(activity["vintages"]), max(activity["vintages"]) + 1))
        share, rest = divmod(activity["authorized_quantity"], len(years))
        letter = f"Demonstration: assumed copy of {activity['authorization']} · 示範：假定之授權書副本\n"
        digest = self._stage.evidence(party, letter.encode())
        expected = [{"year": year, "amount": share + (rest if year == years[-1] else 0)} for year in years]
        return [
            *_filled(self._script.statements["of_approach"], activity=activity["title"]),
            {"element": "IV.A", "documents": [{"sha256": digest, "title": activity["authorization"]}]},
            {"element": "IV.C", "first": years[0], "last": years[-1]},
            {"element": "IV.D", "years": expected},
        ]

    def _has_ndc(self, party: str) -> bool:
        sight = self._stage.sight(party)
        try:
            return next(iter(sight.records("ndc")), None) is not None
        finally:
            sight.reading.close()

    def _say(self, party: str, statements: Iterable[Mapping[str, Any]], *, approach: str = "") -> None:
        self._stage.do(party, *(_statement(party, approach, each) for each in statements))

    def _file(self, kind: ReportKind, party: str, approach: str, version: str, on: date) -> None:
        report, paths = self._written(kind, party, approach, version, on)
        asked = Asked(
            kind=kind,
            party=party,
            year=None,
            approaches=(approach,),
            version=version,
            files=files_by_name(paths),
            despite=_WITH_GAPS if report.gaps else "",
        )
        filed(self._stage, asked, self._form)
        gaps = tuple(dict.fromkeys(gap.element for gap in report.gaps))
        names = tuple(f"{FOLDER}/{path.name}" for path in paths)
        self.filed.append(FiledInitial(kind, party, approach, version, on, gaps, names))

    def _written(
        self, kind: ReportKind, party: str, approach: str, version: str, on: date
    ) -> tuple[NarrativeReport, list[Path]]:
        """The files of `report initial`: JSON for machines, a PDF in each language for people."""
        sight = self._stage.sight(party)
        try:
            updated = kind is ReportKind.UPDATED_INITIAL
            report = initial_report(sight, party=party, year=on.year, as_of=on, approach=approach, updated=updated)
            registry = sight.registry
        finally:
            sight.reading.close()
        if isinstance(report, Refusal):
            raise PlayFailed(report)
        folder, stem = self._stage.out / FOLDER, f"{report_stem(report)}-v{version}"
        folder.mkdir(exist_ok=True)
        write_whole(folder / f"{stem}.json", json_bytes(report, registry))
        paper = partial(narrative_paper, report, registry=registry)
        papers = print_papers(paper, folder, stem, texts=self._texts, endings=("pdf",))
        return report, [folder / f"{stem}.json", *papers]


def _filled(statements: Sequence[Mapping[str, Any]], *, activity: str) -> list[dict[str, Any]]:
    """The statements with the title of the activity in their texts."""
    filled: list[dict[str, Any]] = json.loads(
        json.dumps(statements, ensure_ascii=False).replace("{activity}", json.dumps(activity)[1:-1])
    )
    return filled


def _statement(party: str, approach: str, fields: Mapping[str, Any]) -> Command:
    command = command_of(
        {
            "command": "RecordStatement",
            "party": party,
            "approach": approach,
            "assumed": [f"{ASSUMED_STATEMENT} {fields['element']}"],
            **fields,
        }
    )
    if isinstance(command, Refusal):
        raise PlayFailed(command)
    return command
