"""`activity diff`: what changed between two versions of an activity, field by field."""

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts


def diff(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.activity.diff",
        run,
        [
            click.Argument(["activity"], metavar="ACTIVITY"),
            click.Option(["--from", "before"], type=click.IntRange(min=0), metavar="ENTRY"),
            click.Option(["--to", "after"], type=click.IntRange(min=0), metavar="ENTRY"),
        ],
    )


def run(desk: Desk, *, activity: str, before: int | None, after: int | None) -> int:
    """One line for each field that differs."""
    import json

    from counterfoil.application.queries.record_versions import difference
    from counterfoil.domain.activities.activity import ACTIVITY
    from counterfoil.entrypoints.cli.reading import looking, told

    screen = desk.screen
    with looking(desk.directory) as sight:
        view = told(difference(sight, ACTIVITY, activity, before=before, after=after))
    if screen.as_json:
        screen.json(view)
        return OK
    sides = {name: view[name]["entry"] for name in ("before", "after")}
    screen.say("cli.activity.diff.sides", **sides)
    for each in view["differences"]:
        shown = {name: json.dumps(each[name], ensure_ascii=False) for name in ("before", "after")}
        screen.line(f"  {each['field']}: {shown['before']} → {shown['after']}")
    if not view["differences"]:
        screen.say("cli.activity.diff.same")
    return OK
