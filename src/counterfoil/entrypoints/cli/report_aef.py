"""`report aef`: the agreed electronic format of one Party and year, as a workbook."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ReportKind, is_over
from counterfoil.entrypoints.cli import report_narrative, report_summary
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.report_filed import filed_option, or_filed
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault
from counterfoil.entrypoints.cli.usage import Day, Misused, OneOf, UsageFault, Whole
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.domain.reporting.aef_format import AefFormat
    from counterfoil.domain.reporting.aef_rows import Submission


PROFILES: Final = ("checker-2025", "nomenclature-2026", "internal-json")
"""How the report is written; the first is the default. The register's values are the same under each."""
INTERNAL: Final = "internal-json"
SHAPES: Final = ("xlsx", "csv")
CSV: Final = "csv"


@dataclass(frozen=True, slots=True)
class Shape:
    """What was asked for: a folder, the names of the files without their endings, the profile, and the kind of file."""

    out: Path
    stem: str
    profile: str
    shape: str
    preview: bool = False
    """Whether the reported year is not over: such a report is marked in its name, and ends with status 1."""

    def file(self, ending: str) -> Path:
        return self.out / f"{self.stem}{ending}"


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {
        "aef": _aef,
        "initial": report_narrative.initial,
        "updated-initial": report_narrative.updated_initial,
        "regular": report_narrative.regular,
        "summary": report_summary.command,
    }
    return Contents(texts, "cli.report", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _aef(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.report.aef",
        or_filed(ReportKind.AEF, run),
        [
            click.Option(["--party"], required=True, metavar="THA"),
            click.Option(["--year"], type=Whole(2021, 9999), required=True, metavar="YYYY"),
            click.Option(["--version", "edition"], default="1.0", metavar="1.0"),
            click.Option(["--submitted-on"], type=Day()),
            click.Option(["--profile"], type=OneOf(*PROFILES), default=PROFILES[0]),
            click.Option(["--format", "shape"], type=OneOf(*SHAPES), default=SHAPES[0]),
            click.Option(["--public"], is_flag=True),
            filed_option(),
            click.Option(["--out"], default=".", metavar=texts("cli.place.dir")),
        ],
    )


def run(
    desk: Desk,
    *,
    party: str,
    year: int,
    edition: str,
    submitted_on: date | None,
    profile: str,
    shape: str,
    public: bool,
    out: str,
) -> int:
    """Fold the journal into the five tables and write the workbook, the CSV files, or the internal profile's JSON."""
    from counterfoil.adapters.documents.spooled_actions import SpooledActions
    from counterfoil.application.queries.aef_confidential import Confidential
    from counterfoil.application.queries.aef_submission import aef_submission
    from counterfoil.entrypoints.bootstrap import aef_format
    from counterfoil.entrypoints.cli.reading import looking, told

    if shape == CSV and profile == INTERNAL:
        facts = {"option": "--format", "value": shape, "words": SHAPES[0]}
        raise Misused(Refusal(UsageFault.NOT_ONE_OF, facts))
    day = submitted_on or _today()
    form = aef_format(profile=PROFILES[0] if profile == INTERNAL else profile)
    with looking(desk.directory) as sight:
        submission = told(
            aef_submission(
                sight,
                party=party,
                year=year,
                version=_version(edition),
                submitted_on=day,
                confidential=Confidential(form, public=public),
                gathered=SpooledActions.gathered,
            )
        )
    preview = not is_over(ReportKind.AEF, year, day)
    marks = f"{'-public' if public else ''}{'-preview' if preview else ''}"
    stem = f"aef-{submission.party}-{submission.reported_year}-v{submission.version}{marks}"
    return _written(desk, submission, form, Shape(Path(out), stem, profile, shape, preview))


def _version(edition: str) -> str:
    from counterfoil.application.commands.submit_aef import AefFault

    # The shape that SubmitAef accepts: the version becomes a part of the file's name before anybody submits it.
    if not re.fullmatch(r"[1-9][0-9]{0,3}\.[0-9]{1,4}", edition):
        raise Fault(Refusal(AefFault.VERSION_UNREADABLE, {"version": edition[:20]}), REFUSED)
    return edition


def _today() -> date:
    from datetime import UTC, datetime

    from counterfoil.adapters.clock.system import SystemClock

    return datetime.fromtimestamp(SystemClock().now_ms() // 1000, UTC).date()


def _files(submission: "Submission", form: "AefFormat", asked: Shape) -> list[Path]:
    """Write the report as it was asked for: one file, or one for each table."""
    from counterfoil.adapters.documents.aef_csv import write_table
    from counterfoil.adapters.documents.aef_xlsx import write_workbook
    from counterfoil.domain.reporting.aef_layout import aef_layout
    from counterfoil.domain.reporting.aef_profile import profile_fault

    if asked.profile == INTERNAL:
        return [_internal(submission, asked.file(".json"))]
    refusal = profile_fault(submission, form)
    if refusal is None and asked.shape == CSV:
        tables = {table.number: asked.file(f"-table-{table.number}.csv") for table in form.tables}
        for number, target in tables.items():
            write_table(submission, form, number, target)
        return list(tables.values())
    workbook = asked.file(".xlsx")
    if refusal is None:
        refusal = write_workbook(aef_layout(submission, form), workbook, created=submission.submitted_on)
    if isinstance(refusal, Refusal):
        raise Fault(refusal, REFUSED)
    return [workbook]


def _internal(submission: "Submission", target: Path) -> Path:
    import json

    from counterfoil.adapters.durable import replaced
    from counterfoil.domain.reporting.aef_json import submission_values

    text = json.dumps(submission_values(submission), ensure_ascii=False, indent=1, sort_keys=True)
    with replaced(target) as draft:
        draft.write_text(text + "\n", encoding="utf-8")
    return target


def _written(desk: Desk, submission: "Submission", form: "AefFormat", asked: Shape) -> int:
    from counterfoil.adapters.durable import made_folder

    made_folder(asked.out)
    files = {str(target): _digest(target) for target in _files(submission, form, asked)}
    rows = {
        "authorizations": len(submission.authorizations),
        "actions": len(submission.actions),
        "holdings": len(submission.holdings),
        "entities": len(submission.entities),
    }
    screen = desk.screen
    if screen.as_json:
        listed = [{"file": file, "sha256": digest} for file, digest in files.items()]
        screen.json(
            {
                **(listed[0] if len(listed) == 1 else {"files": listed}),
                "party": submission.party,
                "year": submission.reported_year,
                "version": submission.version,
                "submitted_on": submission.submitted_on.isoformat(),
                "rows": rows,
                "preview": asked.preview,
            }
        )
        return REFUSED if asked.preview else OK
    for file in files:
        screen.say("cli.report.aef.done", file=file)
    screen.say("cli.report.aef.rows", **rows)
    if asked.preview:
        screen.note("cli.report.aef.preview", year=submission.reported_year)
        return REFUSED
    if len(files) == 1:
        screen.say("cli.report.aef.record", digest=next(iter(files.values())))
    return OK


def _digest(path: Path) -> str:
    from hashlib import file_digest

    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
