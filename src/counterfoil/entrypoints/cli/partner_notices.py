"""`partner-notices`: what this book owes its partners to know, what they refused, and what they told it."""

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Command:
    return Command(texts, "cli.partner-notices", run, [click.Option(["--open", "standing"], is_flag=True)])


def run(desk: Desk, *, standing: bool) -> int:
    """One line for each notice: its state, since how many days, to whom, and what it is about."""
    from counterfoil.application.queries.notices import notices
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking

    screen, texts = desk.screen, desk.screen.texts
    with looking(desk.directory) as sight:
        view = notices(sight, on=today(), standing=standing)
    if screen.as_json:
        screen.json(view)
        return OK
    if not any(view.values()):
        screen.say("cli.partner-notices.nothing")
    for each in view["due"]:
        screen.say("cli.partner-notices.due", **each)
    for way in ("told", "taken"):
        for each in view[way]:
            kind = texts(f"cli.partner-notices.kind.{each['kind']}")
            state = texts(f"cli.partner-notices.state.{each['state']}" if way == "told" else "cli.partner-notices.came")
            facts = {name: each[name] for name in ("id", "partner", "told_on", "days")}
            screen.say("cli.partner-notices.line", kind=kind, state=state, code=each.get("code") or "-", **facts)
    return OK
