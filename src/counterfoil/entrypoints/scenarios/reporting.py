"""Steps of reporting: `PrintAef` keeps the annual information as the register says it now, `FileAef` files a print.

`CheckRegular` asks whether named elements of the regular information of a year lack anything; nothing is filed.

What is filed passes the same checks as any filing; a print that is out of date by then is refused, or filed with its
known issues for the public reason of the field `despite`.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.command import Command
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.queries.regular_information import regular_information
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_json import submission_values
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.entrypoints.bootstrap import aef_format
from counterfoil.entrypoints.scenarios.script import ScriptUnreadable, Step
from counterfoil.entrypoints.submitting.filing import Asked, PreCheckFault, Unfit, prepared

PRINT_AEF: Final = "PrintAef"
FILE_AEF: Final = "FileAef"
CHECK_REGULAR: Final = "CheckRegular"


def printed_aef(sight: Sight, step: Step) -> bytes:
    """The annual information of a year in the internal profile, as it is today.

    Raises:
        ScriptUnreadable: there is none.
    """
    submission = aef_submission(
        sight,
        party=step.registry,
        year=int(step.fields["year"]),
        version=str(step.fields["version"]),
        submitted_on=step.fields["submitted_on"],
    )
    if isinstance(submission, Refusal):
        raise ScriptUnreadable(f"step {step.number}: {submission.code} {dict(submission.facts)}")
    return json.dumps(submission_values(submission), ensure_ascii=False, sort_keys=True).encode()


def filing_of(sight: Sight, step: Step, prints: Mapping[str, bytes]) -> Command | Refusal:
    """The command that files a print, or why the checks before the filing refuse it."""
    fields: Mapping[str, Any] = step.fields
    asked = Asked(
        kind=ReportKind.AEF,
        party=step.registry,
        year=int(fields["year"]),
        approaches=(),
        version=str(fields["version"]),
        files={"aef.json": prints[str(fields["print"])]},
        despite=str(fields.get("despite", "")),
    )
    found = prepared(sight, asked, aef_format())
    return found.refusal if isinstance(found, Unfit) else found.command


def regular_gaps(sight: Sight, step: Step) -> Refusal | None:
    """What the named elements of the regular information still lack, as its filing would refuse it.

    Raises:
        ScriptUnreadable: the register has no such report.
    """
    report = regular_information(sight, party=step.registry, year=int(step.fields["year"]), as_of=step.on)
    if isinstance(report, Refusal):
        raise ScriptUnreadable(f"step {step.number}: {report.code} {dict(report.facts)}")
    wanted = {str(each) for each in step.fields["elements"]}
    gaps = [f"{gap.approach} {gap.element} ({gap.kind.value})" for gap in report.gaps if gap.element in wanted]
    if not gaps:
        return None
    facts: dict[str, JSON] = {"file": "regular", "count": len(gaps), "elements": ", ".join(gaps)}
    return Refusal(PreCheckFault.INCOMPLETE, facts)
