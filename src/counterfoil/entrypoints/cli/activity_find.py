"""`activity find`: activities by words in their texts."""

from typing import Final

import click

from counterfoil.application.queries.activity_search import LIMIT_MAX
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Whole
from counterfoil.entrypoints.language import Texts

LIMIT: Final = 100


def find(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.activity.find",
        run_find,
        [
            click.Argument(["words"], nargs=-1, required=True, metavar="WORD..."),
            click.Option(["--sector"], default="", metavar="SECTOR"),
            click.Option(["--host"], default="", metavar="THA"),
            click.Option(["--stage"], default="", metavar="STAGE"),
            click.Option(["--after"], default="", metavar="ID"),
            click.Option(["--limit"], type=Whole(1, LIMIT_MAX), default=LIMIT),
        ],
    )


def run_find(desk: Desk, *, words: tuple[str, ...], sector: str, host: str, stage: str, after: str, limit: int) -> int:
    """One line for each activity that has all the words."""
    from counterfoil.application.queries.activity_search import ActivityIndex, Asked
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.reading import looking

    screen, index = desk.screen, ActivityIndex()
    with looking(desk.directory) as sight:
        index.refresh(sight)
    asked = Asked(text=" ".join(words), sector=sector, host=host, stage=stage, after=after, limit=limit)
    view = index.search(asked)
    if screen.as_json:
        screen.json(view)
        return OK
    rows = [[each["key"], each["host"] or "-", each["stage"], each["title"]] for each in view["items"]]
    for line in table(rows):
        screen.line(line)
    screen.say("cli.activity.find.found", found=view["found"], shown=len(rows))
    return OK
