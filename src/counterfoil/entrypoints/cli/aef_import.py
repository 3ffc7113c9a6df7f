"""`aef import`: keep a Party's published annual information as it is, and say whose results it may change."""

from typing import TYPE_CHECKING, Any

import click

from counterfoil.entrypoints.cli.aef_files import WORKBOOK_PROFILES
from counterfoil.entrypoints.cli.answers import show_answer
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE
from counterfoil.entrypoints.cli.touched import say_touched
from counterfoil.entrypoints.cli.usage import OneOf
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.commands.import_submission import CheckCount, ImportSubmission
    from counterfoil.application.queries.aef_check import CheckReport, NamedRaw
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.reporting.aef_rows import Submission


def command(texts: Texts) -> Command:
    files = click.Argument(["files"], nargs=-1, required=True, metavar="FILE...")
    profile = click.Option(["--profile"], type=OneOf(*WORKBOOK_PROFILES), default=WORKBOOK_PROFILES[0])
    return Command(texts, "cli.aef.import", run, [files, profile])


def run(desk: Desk, *, files: tuple[str, ...], profile: str) -> int:
    """Each file for itself, in the order given: 0 when all are kept, 1 with a refusal, 2 when one cannot be read."""
    from counterfoil.entrypoints.cli.writing import writing

    status = OK
    with writing(desk.directory, "import") as send:
        for name in dict.fromkeys(files):
            status = max(status, _imported(desk, name, profile, send))
    return status


def _imported(desk: Desk, name: str, profile: str, send: Any) -> int:
    """Read, check, keep the bytes, record, and compare whose findings changed."""
    from counterfoil.adapters.evidence.files import FileEvidence
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder, aef_format
    from counterfoil.entrypoints.cli.reading import looking
    from counterfoil.entrypoints.submitting.stored import StoredSubmission, stored_submissions, touched

    form = aef_format(profile=profile)
    read = _read(name, profile)
    if isinstance(read, Refusal):
        desk.screen.fault(read, where=name, compact=True)
        return UNUSABLE
    data, book, submission, command = read
    with looking(desk.directory) as sight:
        stored = stored_submissions(sight, form)
    FileEvidence(Folder(desk.directory).evidence).put(data)
    (answer,) = send([command])
    if answer["status"] != "accepted":
        show_answer(desk.screen, answer, where=name)
        return REFUSED
    new = StoredSubmission(submission.party, submission.reported_year, submission.version, lambda: book)
    rows, _ = touched(stored, new, form)
    told = [{"party": each.party, "before": each.before, "after": each.after} for each in rows]
    facts = {"party": command.party, "year": command.year, "version": command.version, "status": command.status.value}
    if desk.screen.as_json:
        desk.screen.json({"file": name, **facts, "sha256": command.sha256, "touched": told}, compact=True)
        return OK
    desk.screen.say("cli.aef.import.done", file=name, **facts)
    say_touched(desk.screen, told)
    return OK


def _read(name: str, profile: str) -> "tuple[bytes, NamedRaw, Submission, ImportSubmission] | Refusal":
    from hashlib import sha256

    from counterfoil.adapters.evidence.files import BYTES_MAX
    from counterfoil.application.commands.import_submission import FileForm, ImportSubmission
    from counterfoil.application.queries.aef_check import check
    from counterfoil.domain.kernel.ids import Party
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import aef_format
    from counterfoil.entrypoints.cli.input import read_bytes
    from counterfoil.entrypoints.submitting.aef_bytes import JSON_SUFFIX, named_bytes, submission_in

    form = aef_format(profile=profile)
    data = read_bytes(name, bytes_max=BYTES_MAX)
    if isinstance(data, Refusal):
        return data
    book = named_bytes(name, data, form)
    submission = submission_in(book, form)
    if isinstance(submission, Refusal):
        return submission
    report = check([book], form)
    digest = sha256(data).hexdigest()
    command = ImportSubmission(
        id=f"import:{digest[:40]}",
        party=Party(submission.party),
        year=submission.reported_year,
        version=submission.version,
        submitted_on=submission.submitted_on,
        sha256=digest,
        form=FileForm.JSON if name.lower().endswith(JSON_SUFFIX) else FileForm.WORKBOOK,
        profile=profile,
        status=report.status,
        found=_counted(report),
    )
    return data, book, submission, command


def _counted(report: "CheckReport") -> "tuple[CheckCount, ...]":
    """How often each check found something, with each severity that it had."""
    from collections import Counter

    from counterfoil.application.commands.import_submission import CHECKS_MAX, CheckCount

    seen = Counter((one.check, one.severity.value) for one in report.findings)
    return tuple(CheckCount(check, severity, count) for (check, severity), count in sorted(seen.items()))[:CHECKS_MAX]
