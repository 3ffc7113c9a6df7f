"""`report aef`: the agreed electronic format of one Party and year, as a workbook."""

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from counterfoil.entrypoints.cli import report_summary
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.language import Texts
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault
from counterfoil.entrypoints.cli.usage import Day, OneOf, Whole

if TYPE_CHECKING:
    from counterfoil.domain.reporting.aef_rows import Submission


PROFILES: Final = ("checker-2025", "nomenclature-2026", "internal-json")
"""How the report is written; the first is the default. The register's values are the same under each."""
INTERNAL: Final = "internal-json"


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"aef": _aef, "summary": report_summary.command}
    return Contents(texts, "cli.report", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _aef(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.report.aef",
        run,
        [
            click.Option(["--party"], required=True, metavar="THA"),
            click.Option(["--year"], type=Whole(2021, 9999), required=True, metavar="YYYY"),
            click.Option(["--version", "edition"], default="1.0", metavar="1.0"),
            click.Option(["--submitted-on"], type=Day()),
            click.Option(["--profile"], type=OneOf(*PROFILES), default=PROFILES[0]),
            click.Option(["--out"], default=".", metavar=texts("cli.place.dir")),
        ],
    )


def run(desk: Desk, *, party: str, year: int, edition: str, submitted_on: date | None, profile: str, out: str) -> int:
    """Fold the journal into the five tables and write the workbook, or the JSON file of the internal profile."""
    from counterfoil.application.queries.aef_submission import aef_submission
    from counterfoil.entrypoints.cli.reading import looking, told

    day = submitted_on or _today()
    with looking(desk.directory) as sight:
        submission = told(aef_submission(sight, party=party, year=year, version=_version(edition), submitted_on=day))
    return _written(desk, submission, Path(out), profile)


def _version(edition: str) -> str:
    from counterfoil.application.commands.submit_aef import AefFault
    from counterfoil.domain.kernel.refusal import Refusal

    # The shape that SubmitAef accepts: the version becomes a part of the file's name before anybody submits it.
    if not re.fullmatch(r"[1-9][0-9]{0,3}\.[0-9]{1,4}", edition):
        raise Fault(Refusal(AefFault.VERSION_UNREADABLE, {"version": edition[:20]}), REFUSED)
    return edition


def _today() -> date:
    from datetime import UTC, datetime

    from counterfoil.adapters.clock.system import SystemClock

    return datetime.fromtimestamp(SystemClock().now_ms() // 1000, UTC).date()


def _file(submission: "Submission", out: Path, profile: str) -> Path:
    """Write the file of one profile."""
    import json

    from counterfoil.adapters.documents.aef_xlsx import write_workbook
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.reporting.aef_json import submission_values
    from counterfoil.domain.reporting.aef_layout import aef_layout
    from counterfoil.domain.reporting.aef_profile import profile_fault
    from counterfoil.entrypoints.bootstrap import aef_format

    stem = f"aef-{submission.party}-{submission.reported_year}-v{submission.version}"
    if profile == INTERNAL:
        target = out / f"{stem}.json"
        text = json.dumps(submission_values(submission), ensure_ascii=False, indent=1, sort_keys=True)
        target.write_text(text + "\n", encoding="utf-8")
        return target
    target = out / f"{stem}.xlsx"
    form = aef_format(profile=profile)
    refusal = profile_fault(submission, form)
    if refusal is None:
        refusal = write_workbook(aef_layout(submission, form), target, created=submission.submitted_on)
    if isinstance(refusal, Refusal):
        raise Fault(refusal, REFUSED)
    return target


def _written(desk: Desk, submission: "Submission", out: Path, profile: str) -> int:
    from hashlib import sha256

    from counterfoil.adapters.durable import made_folder

    made_folder(out)
    target = _file(submission, out, profile)
    rows = {
        "authorizations": len(submission.authorizations),
        "actions": len(submission.actions),
        "holdings": len(submission.holdings),
        "entities": len(submission.entities),
    }
    digest = sha256(target.read_bytes()).hexdigest()
    screen = desk.screen
    if screen.as_json:
        screen.json(
            {
                "file": str(target),
                "sha256": digest,
                "party": submission.party,
                "year": submission.reported_year,
                "version": submission.version,
                "submitted_on": submission.submitted_on.isoformat(),
                "rows": rows,
            }
        )
        return OK
    screen.say("cli.report.aef.done", file=target)
    screen.say("cli.report.aef.rows", **rows)
    screen.say("cli.report.aef.record", digest=digest)
    return OK
