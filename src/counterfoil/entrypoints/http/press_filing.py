"""The files of a year's annual information, checked and made ready to be filed, as `submission file` would file them.

Only the press's own process imports this module.
"""

import base64
import json
from datetime import date
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.documents.aef_xlsx import write_workbook
from counterfoil.adapters.documents.spooled_actions import SpooledActions
from counterfoil.application.queries.aef_confidential import Confidential
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.submissions import content_bytes
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.aef_json import submission_values
from counterfoil.domain.reporting.aef_layout import aef_layout
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.entrypoints.bootstrap import Folder, aef_format, open_for_reading
from counterfoil.entrypoints.http.press import Facts
from counterfoil.entrypoints.submitting.filing import Asked, Prepared, Unfit, prepared
from counterfoil.entrypoints.wire import command_json

UNSAID: Final = "-"
"""Stands for the reason that is given when the filing is signed; without one, known issues would end the making."""


def made_ready(folder: Path, facts: Facts, target: Path) -> Refusal | None:
    """Write the command, the list of the content and the files, as JSON; or say why they cannot be filed."""
    form = aef_format()
    with open_for_reading(Folder(folder)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
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
        files = submission if isinstance(submission, Refusal) else _files(submission, form, target)
        if isinstance(files, Refusal):
            return files
        assert not isinstance(submission, Refusal)
        found = prepared(sight, _asked(submission, files), form)
        if isinstance(found, Unfit):
            return found.refusal
        told = _told(found, files, content_bytes(found.content, sight.codec))
    target.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return None


def _files(submission: Submission, form: AefFormat, target: Path) -> dict[str, bytes] | Refusal:
    """The workbook, and the same as JSON, under the names that `report aef` gives them."""
    stem = f"aef-{submission.party}-{submission.reported_year}-v{submission.version}"
    book = target.with_name("made.xlsx")
    refusal = write_workbook(aef_layout(submission, form), book, created=submission.submitted_on)
    if refusal is not None:
        return refusal
    text = json.dumps(submission_values(submission), ensure_ascii=False, indent=1, sort_keys=True)
    return {f"{stem}.xlsx": book.read_bytes(), f"{stem}.json": f"{text}\n".encode()}


def _asked(submission: Submission, files: dict[str, bytes]) -> Asked:
    return Asked(
        kind=ReportKind.AEF,
        party=submission.party,
        year=submission.reported_year,
        approaches=(),
        version=submission.version,
        files=files,
        despite=UNSAID,
    )


def _told(found: Prepared, files: dict[str, bytes], content: bytes) -> dict[str, Any]:
    return {
        "command": command_json(found.command),
        "content": base64.b64encode(content).decode(),
        "files": {name: base64.b64encode(data).decode() for name, data in files.items()},
        "report": found.content.key,
        "main": found.content.main,
    }
