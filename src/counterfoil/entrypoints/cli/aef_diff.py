"""`aef diff`: what a new version of a submission changes, field by field and row by row."""

from typing import TYPE_CHECKING

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, UNUSABLE, Fault, Screen
from counterfoil.entrypoints.cli.usage import OneOf
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.domain.reporting.aef_diff import FieldChange, RowChange
    from counterfoil.domain.reporting.aef_format import AefFormat
    from counterfoil.domain.reporting.aef_rows import Submission


def command(texts: Texts) -> Command:
    from counterfoil.entrypoints.cli.aef_files import WORKBOOK_PROFILES

    old = click.Argument(["old"], metavar="OLD")
    new = click.Argument(["new"], metavar="NEW")
    profile = click.Option(["--profile"], type=OneOf(*WORKBOOK_PROFILES), default=WORKBOOK_PROFILES[0])
    return Command(texts, "cli.aef.diff", run, [old, new, profile])


def run(desk: Desk, *, old: str, new: str, profile: str) -> int:
    """Status 0 whether or not there are changes, 2 when a file is no readable submission."""
    from counterfoil.domain.reporting.aef_diff import aef_diff
    from counterfoil.entrypoints.bootstrap import aef_format
    from counterfoil.entrypoints.submitting.comparing import change_json

    form = aef_format(profile=profile)
    changes = aef_diff(_submission(old, form), _submission(new, form))
    if desk.screen.as_json:
        desk.screen.json({"changes": [change_json(change) for change in changes]})
    else:
        _show(desk.screen, changes, form)
    return OK


def _submission(name: str, form: "AefFormat") -> "Submission":
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.aef_files import named_file
    from counterfoil.entrypoints.submitting.comparing import submission_in_full

    found = submission_in_full(named_file(name, form), form)
    if isinstance(found, Refusal):
        raise Fault(found, UNUSABLE)
    return found


def _show(screen: Screen, changes: "tuple[RowChange, ...]", form: "AefFormat") -> None:
    marks = {"changed": "~", "added": "+", "removed": "-"}
    for change in changes:
        title = form.table(change.table).title
        screen.line(f"{marks[change.kind.value]} {title}" + (f": {change.name}" if change.name else ""))
        for one in change.fields:
            screen.line(f"    {_label(change, one, form)}: {_said(one.old)} → {_said(one.new)}")
    screen.say("cli.aef.diff.done" if changes else "cli.aef.diff.same", changes=len(changes))


def _label(change: "RowChange", one: "FieldChange", form: "AefFormat") -> str:
    """The label of the field on the sheet; what has none is named as it is in the JSON profile."""
    labels = {spec.attribute: spec.label for spec in form.table(change.table).fields}
    return labels.get(one.attribute, one.attribute)


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value) or "–"
    return "–" if value is None else str(value)
