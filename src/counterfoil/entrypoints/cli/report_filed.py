"""`report ... --filed`: a report as it was filed, byte for byte, instead of one that is told anew."""

from pathlib import Path
from typing import Any

import click

from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.entrypoints.cli.contents import Desk, Run
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault
from counterfoil.entrypoints.cli.written_out import written_out


def filed_option() -> click.Option:
    """The version that is asked for."""
    return click.Option(["--filed"], metavar="1.0")


def or_filed(kind: ReportKind, run: Run) -> Run:
    """The body of a report command that tells a new report, or hands out the filed version that was asked for."""

    def chosen(desk: Desk, *, filed: str | None, **asked: Any) -> int:
        return run(desk, **asked) if filed is None else _handed_out(desk, kind, filed, **asked)

    return chosen


def _handed_out(
    desk: Desk, kind: ReportKind, version: str, *, party: str, year: int, out: str, approach: str = "", **_: Any
) -> int:
    """Every file of a filed version into the folder. How a new report would be told is not asked."""
    from counterfoil.application.queries.report_ground import NarrativeFault
    from counterfoil.application.queries.submissions import filed_of
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.reporting.filing import filing_key
    from counterfoil.entrypoints.cli.reading import looking, told

    if kind is ReportKind.UPDATED_INITIAL and not approach:
        raise Fault(Refusal(NarrativeFault.APPROACH_REQUIRED, {"party": party[:20]}), REFUSED)
    key = filing_key(kind, party, year=year, approaches=(approach,))
    with looking(desk.directory) as sight:
        filed = told(filed_of(sight, key, version))
    for name, data in filed.files.items():
        written_out(Path(out), name, data)
    files = [str(Path(out) / name) for name in filed.files]
    if desk.screen.as_json:
        desk.screen.json({"report": key, "version": version, "sha256": filed.filing.sha256, "files": files})
        return OK
    for file in files:
        desk.screen.say("cli.report.aef.done", file=file)
    return OK
