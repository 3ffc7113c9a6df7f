"""`bench`: measure this machine, with baselines from the same run beside every figure."""

from typing import Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.language import Texts
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import OneOf, Whole

KINDS: Final = ("ledger", "http", "verify", "start")


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.bench",
        run,
        [
            click.Argument(["what"], type=OneOf(*KINDS), metavar="|".join(KINDS)),
            click.Option(["--engine"], type=OneOf("sqlite", "memory"), default="sqlite"),
            click.Option(["--fsync-delay"], type=Whole(0, 1_000), default=0, metavar="MS"),
            click.Option(["--quick"], is_flag=True),
        ],
    )


def run(desk: Desk, *, what: str, engine: str, fsync_delay: int, quick: bool) -> int:
    """Run one of the measurements and print its figures."""
    from counterfoil.entrypoints.bench.run import bench
    from counterfoil.entrypoints.cli.render import Renderer

    screen = desk.screen
    figures = bench(what, engine=engine, fsync_delay_ms=fsync_delay, quick=quick)
    if screen.as_json:
        screen.json(figures)
        return OK
    for line in Renderer(screen.texts, screen.columns).mapping(figures):
        screen.line(line)
    return OK
