"""`objections`: who objects to what, by when it is to be answered, and how it ended."""

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Command:
    return Command(texts, "cli.objections", run, [click.Option(["--open", "standing"], is_flag=True)])


def run(desk: Desk, *, standing: bool) -> int:
    """One line for each objection, and one for each of its steps."""
    from counterfoil.application.queries.objections import objections
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking

    screen, texts = desk.screen, desk.screen.texts
    with looking(desk.directory) as sight:
        view = objections(sight, on=today(), standing=standing)
    if screen.as_json:
        screen.json({"objections": view})
        return OK
    if not view:
        screen.say("cli.objections.nothing")
    for each in view:
        state = texts(f"cli.objections.state.{each['state']}")
        kind = texts(f"cli.objections.kind.{each['kind']}")
        facts = {name: each[name] for name in ("id", "about", "party", "reason", "answer_by", "days")}
        screen.say("cli.objections.line", kind=kind, state=state, **facts)
        for step in each["steps"]:
            said = texts(f"cli.objections.step.{step['kind']}")
            screen.say("cli.objections.step", day=step["on"], step=said, by=step["by"], text=step["text"])
    return OK
