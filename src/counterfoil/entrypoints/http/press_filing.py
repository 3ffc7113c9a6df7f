"""The files of a report, checked and made ready to be filed, as `submission file` would file them.

Only the press's own process imports this module.
"""

import base64
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from counterfoil.adapters.documents.aef_xlsx import write_workbook
from counterfoil.adapters.documents.spooled_actions import SpooledActions
from counterfoil.application.queries.aef_confidential import Confidential
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.submissions import content_bytes
from counterfoil.domain.accounting.ctf_table4 import Table4
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.aef_json import submission_values
from counterfoil.domain.reporting.aef_layout import aef_layout
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.domain.reporting.narrative.element import ReportKind as NarrativeKind
from counterfoil.entrypoints.bootstrap import Folder, aef_format, open_for_reading
from counterfoil.entrypoints.http.press import Facts
from counterfoil.entrypoints.http.press_drafts import UNSAID, told_of
from counterfoil.entrypoints.reports.report_files import narrative_files, summary_files
from counterfoil.entrypoints.submitting.filing import Asked, Prepared, Unfit, prepared
from counterfoil.entrypoints.wire import command_json


def made_ready(folder: Path, facts: Facts, target: Path) -> Refusal | None:
    """Write the command, the list of the content and the files, as JSON; or say why they cannot be filed."""
    form = aef_format()
    with open_for_reading(Folder(folder)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        annual = ReportKind(str(facts["kind"])) is ReportKind.AEF
        asked = _annual(sight, facts, form, target) if annual else _of_a_day(sight, facts, target)
        if isinstance(asked, Refusal):
            return asked
        found = prepared(sight, asked, form)
        if isinstance(found, Unfit):
            return found.refusal
        told = _told(found, facts, asked.files, content_bytes(found.content, sight.codec))
    target.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return None


def _annual(sight: Sight, facts: Facts, form: AefFormat, target: Path) -> Asked | Refusal:
    submission = aef_submission(
        sight,
        party=str(facts["party"]),
        year=int(str(facts["year"])),
        version=str(facts["version"]),
        submitted_on=date.fromisoformat(str(facts["on"])),
        # What is filed lies among the evidence, which everybody may have.
        confidential=Confidential(form, public=True),
        gathered=SpooledActions.gathered,
    )
    if isinstance(submission, Refusal):
        return submission
    files = _files(submission, form, target)
    return files if isinstance(files, Refusal) else _asked(facts, files)


def _of_a_day(sight: Sight, facts: Facts, target: Path) -> Asked | Refusal:
    """A narrative report or a structured summary, with every file that the report command writes of it."""
    told = told_of(sight, facts)
    if isinstance(told, Refusal):
        return told
    out = target.with_name("files")
    paths: list[Path] | Refusal
    if isinstance(told, Table4):
        paths = summary_files(told, sight.registry, out)
        approaches: tuple[str, ...] = ()
    else:
        paths = narrative_files(told, sight.registry, out)
        # Regular information is about all approaches together and names none.
        named = told.kind is not NarrativeKind.REGULAR
        approaches = tuple(str(each.id) for each in told.approaches) if named else ()
    if isinstance(paths, Refusal):
        return paths
    return _asked(facts, {path.name: path.read_bytes() for path in paths}, approaches)


def _files(submission: Submission, form: AefFormat, target: Path) -> dict[str, bytes] | Refusal:
    """The workbook, and the same as JSON, under the names that `report aef` gives them."""
    stem = f"aef-{submission.party}-{submission.reported_year}-v{submission.version}"
    book = target.with_name("made.xlsx")
    refusal = write_workbook(aef_layout(submission, form), book, created=submission.submitted_on)
    if refusal is not None:
        return refusal
    text = json.dumps(submission_values(submission), ensure_ascii=False, indent=1, sort_keys=True)
    return {f"{stem}.xlsx": book.read_bytes(), f"{stem}.json": f"{text}\n".encode()}


def _asked(facts: Facts, files: dict[str, bytes], approaches: tuple[str, ...] = ()) -> Asked:
    kind = ReportKind(str(facts["kind"]))
    return Asked(
        kind=kind,
        party=str(facts["party"]),
        year=int(str(facts["year"])) if kind.yearly else None,
        approaches=approaches,
        version=str(facts["version"]),
        files=files,
        despite=UNSAID,
    )


def _told(found: Prepared, facts: Facts, files: Mapping[str, bytes], content: bytes) -> dict[str, Any]:
    return {
        "asked": {name: facts[name] for name in ("kind", "year", "approach")},
        "command": command_json(found.command),
        "content": base64.b64encode(content).decode(),
        "files": {name: base64.b64encode(data).decode() for name, data in files.items()},
        "report": found.content.key,
        "main": found.content.main,
    }
