"""`submission`: file a report, and send its signed package; what follows is in the modules beside this one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from counterfoil.entrypoints.cli import submission_check, submission_copy, submission_receive, submission_view
from counterfoil.entrypoints.cli.aef_files import WORKBOOK_PROFILES
from counterfoil.entrypoints.cli.answers import answered
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault, Screen
from counterfoil.entrypoints.cli.touched import say_touched
from counterfoil.entrypoints.cli.usage import OneOf, Whole
from counterfoil.entrypoints.cli.written_out import written_out
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.queries.submissions import Filed
    from counterfoil.entrypoints.cli.submission_copy import ConfidentialCopy
    from counterfoil.entrypoints.submitting.filing import Prepared
    from counterfoil.entrypoints.submitting.stored import Touched

KINDS: Final = ("aef", "initial", "updated-initial", "regular", "summary")
FILES_MAX: Final = 64


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {
        "file": _file,
        "send": _send,
        "receive": submission_receive.command,
        "list": submission_view.list_command,
        "show": submission_view.show_command,
        "check": submission_check.command,
    }
    return Contents(texts, "cli.submission", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _file(texts: Texts) -> Command:
    folder = texts("cli.place.dir")
    return Command(
        texts,
        "cli.submission.file",
        run_file,
        [
            click.Argument(["files"], nargs=-1, required=True, metavar="FILE..."),
            click.Option(["--kind"], type=OneOf(*KINDS), required=True),
            click.Option(["--party"], required=True, metavar="THA"),
            click.Option(["--year"], type=Whole(2021, 9999), metavar="YYYY"),
            click.Option(["--approach", "approaches"], multiple=True, metavar="CA9001"),
            click.Option(["--version", "edition"], default="1.0", metavar="1.0"),
            click.Option(["--despite"], default="", metavar=texts("cli.place.text")),
            click.Option(["--profile"], type=OneOf(*WORKBOOK_PROFILES), default=WORKBOOK_PROFILES[0]),
            click.Option(["--confidential"], metavar="FILE"),
            click.Option(["--carp"], metavar=folder),
            click.Option(["--out"], metavar=folder),
        ],
    )


def _send(texts: Texts) -> Command:
    carp = click.Option(["--carp"], required=True, metavar=texts("cli.place.dir"))
    copy = click.Option(["--confidential"], metavar="FILE")
    profile = click.Option(["--profile"], type=OneOf(*WORKBOOK_PROFILES), default=WORKBOOK_PROFILES[0])
    return Command(texts, "cli.submission.send", run_send, [*submission_view.report_parameters(), copy, profile, carp])


def run_file(
    desk: Desk, *, files: tuple[str, ...], carp: str | None, out: str | None, confidential: str | None, **asked: Any
) -> int:
    """Check, keep, record, package, and send. A run that was cut off is repeated and goes on where it stopped."""
    from counterfoil.domain.reporting.filing import ReportKind
    from counterfoil.entrypoints.bootstrap import aef_format
    from counterfoil.entrypoints.cli.reading import looking
    from counterfoil.entrypoints.cli.writing import writing
    from counterfoil.entrypoints.submitting.filing import Asked, Unfit, prepared

    form = aef_format(profile=asked["profile"])
    wanted = Asked(
        kind=ReportKind(asked["kind"]),
        party=asked["party"],
        year=asked["year"],
        approaches=asked["approaches"],
        version=asked["edition"],
        files=_read(files),
        despite=asked["despite"],
    )
    copy = None if confidential is None else submission_copy.read(confidential, form, delivered=bool(carp or out))
    with looking(desk.directory) as sight:
        found = prepared(sight, wanted, form)
        if isinstance(found, Unfit):
            return _unfit(desk.screen, found)
        if copy is not None:
            copy.check(sight, found.book)
        again = _filed_before(sight, found)
        touched = [] if again else _touched(sight, found, form)
    _keep(desk, wanted.files, found)
    if not again:
        with writing(desk.directory, "submission") as send:
            (answer,) = send([found.command])
        if answer["status"] != "accepted":
            return answered(desk.screen, [answer])
    key, version = found.content.key, found.content.version
    return _packaged(desk, key, version, carp=carp, out=out, touched=touched, copy=copy)


def _read(files: Sequence[str]) -> dict[str, bytes]:
    """The files by name; of a folder, those that lie in it."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.reporting.package import FILE_BYTES_MAX, PackageFault
    from counterfoil.entrypoints.cli.input import read_bytes

    paths: list[Path] = []
    for name in files:
        path = Path(name)
        inside = sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
        paths += [each for each in inside if not each.name.startswith(".")]
    if len(paths) > FILES_MAX or len({path.name.casefold() for path in paths}) != len(paths):
        raise Fault(Refusal(PackageFault.FILES_UNCLEAR, {"main": paths[0].name, "files_max": FILES_MAX}), UNUSABLE)
    read: dict[str, bytes] = {}
    for path in paths:
        data = read_bytes(str(path), bytes_max=FILE_BYTES_MAX)
        if isinstance(data, Refusal):
            raise Fault(data, UNUSABLE)
        read[path.name] = data
    return read


def _unfit(screen: Screen, found: Any) -> int:
    """What the checks said, and then why it cannot be filed."""
    from counterfoil.entrypoints.cli.aef_check import show_report

    if found.report is not None and not screen.as_json:
        show_report(screen, found.report)
    raise Fault(found.refusal, REFUSED)


def _filed_before(sight: Any, found: "Prepared") -> bool:
    """Whether exactly this was filed by a run before."""
    from counterfoil.application.queries.submissions import filing_of
    from counterfoil.domain.kernel.refusal import Refusal

    known = filing_of(sight, found.content.key, found.content.version)
    return not isinstance(known, Refusal) and known.sha256 == found.command.sha256


def _touched(sight: Any, found: "Prepared", form: Any) -> "list[Touched]":
    from counterfoil.entrypoints.submitting.stored import StoredSubmission, stored_submissions, touched

    content = found.content
    if found.book is None or content.year is None:
        return []
    book = found.book
    new = StoredSubmission(content.party, content.year, content.version, lambda: book)
    return touched(stored_submissions(sight, form), new, form)[0]


def _keep(desk: Desk, files: Mapping[str, bytes], found: "Prepared") -> None:
    """Every byte of the report, and the list that the journal names, before it is named there."""
    from counterfoil.adapters.codec import JsonCodec
    from counterfoil.adapters.evidence.files import FileEvidence
    from counterfoil.application.queries.submissions import content_bytes
    from counterfoil.entrypoints.bootstrap import Folder

    evidence = FileEvidence(Folder(desk.directory).evidence)
    for data in (*files.values(), content_bytes(found.content, JsonCodec())):
        evidence.put(data)


def run_send(desk: Desk, *, report: str, edition: str, carp: str, confidential: str | None, profile: str) -> int:
    """Make the package again, put it into the outbox, and record that it went."""
    from counterfoil.entrypoints.bootstrap import aef_format

    form = aef_format(profile=profile)
    copy = None if confidential is None else submission_copy.read(confidential, form, delivered=True)
    return _packaged(desk, report, edition, carp=carp, out=None, copy=copy)


def _packaged(
    desk: Desk,
    report: str,
    version: str,
    *,
    carp: str | None,
    out: str | None,
    touched: "Sequence[Touched]" = (),
    copy: "ConfidentialCopy | None" = None,
) -> int:
    from hashlib import sha256

    from counterfoil.adapters.carp.folder import FolderCarp
    from counterfoil.adapters.carp.package_zip import zipped
    from counterfoil.application.queries.submissions import filed_of, package_name, package_of
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import looking, told
    from counterfoil.entrypoints.submitting.keys import package_signer

    folder = Folder(desk.directory)
    with looking(desk.directory) as sight:
        filed = told(filed_of(sight, report, version))
        signer = package_signer(folder, sight)
        data = zipped(told(package_of(sight, filed, signer=signer)))
        beside = None if copy is None else copy.packed(sight, filed, signer)
    digest, name = sha256(data).hexdigest(), package_name(filed)
    if beside is not None:
        submission_copy.deliver(beside, name, carp=carp, out=out)
    if out is not None:
        written_out(Path(out), name, data)
    if carp is not None:
        FolderCarp(Path(carp)).deliver(name, data)
        if filed.filing.sent_on is None and not _sent(desk, filed, digest):
            return REFUSED
    view = {
        "report": report,
        "version": filed.filing.version,
        "sha256": filed.filing.sha256,
        "package": name,
        "package_sha256": digest,
        "bytes": len(data),
        "confidential": None if beside is None else submission_copy.name_beside(name),
        "sent": carp is not None,
        "known_issues": list(filed.filing.known_issues),
        "touched": [{"party": each.party, "before": each.before, "after": each.after} for each in touched],
    }
    _say_packaged(desk.screen, view)
    return OK


def _sent(desk: Desk, filed: "Filed", digest: str) -> bool:
    from counterfoil.application.commands.acknowledge_submission import RecordSent
    from counterfoil.entrypoints.cli.writing import writing
    from counterfoil.entrypoints.submitting.filing import command_id

    version = filed.filing.version
    name = command_id("send", filed.report, version)
    with writing(desk.directory, "submission") as send:
        answers = send([RecordSent(id=name, report=filed.report, version=version, package=digest)])
    return answered(desk.screen, answers, quiet=True) == OK


def _say_packaged(screen: Screen, view: Mapping[str, Any]) -> None:
    if screen.as_json:
        screen.json(view)
        return
    screen.say("cli.submission.filed", report=view["report"], version=view["version"], digest=view["sha256"])
    if view["known_issues"]:
        screen.say("cli.submission.known_issues", checks=", ".join(view["known_issues"]))
    screen.say(
        "cli.submission.package", file=view["package"], digest=view["package_sha256"], bytes=f"{view['bytes']:,}"
    )
    if view["confidential"]:
        screen.say("cli.submission.confidential", file=view["confidential"])
    if view["sent"]:
        screen.say("cli.submission.sent")
    say_touched(screen, view["touched"])
