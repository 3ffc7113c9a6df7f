"""`bench`: measure this machine, with baselines from the same run beside every figure."""

from typing import Final

import click

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.language import Texts
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Misused, OneOf, UsageFault, Whole

KINDS: Final = ("ledger", "http", "verify", "start")
ENGINES: Final = ("sqlite", "postgres", "memory")
_BLOCKS_MAX: Final = 10_000_000


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.bench",
        run,
        [
            click.Argument(["what"], type=OneOf(*KINDS), metavar="|".join(KINDS)),
            click.Option(["--engine"], type=OneOf(*ENGINES), default="sqlite"),
            click.Option(["--fsync-delay"], type=Whole(0, 1_000), default=0, metavar="MS"),
            click.Option(["--blocks"], type=Whole(100, _BLOCKS_MAX), metavar="N"),
            click.Option(["--quick"], is_flag=True),
        ],
    )


def run(desk: Desk, *, what: str, engine: str, fsync_delay: int, blocks: int | None, quick: bool) -> int:
    """Run one of the measurements and print its figures."""
    if engine == "memory" and what != "ledger":
        facts = {"option": "--engine", "value": engine, "words": ", ".join(ENGINES[:-1])}
        raise Misused(Refusal(UsageFault.NOT_ONE_OF, facts))
    from counterfoil.entrypoints.bench.run import bench
    from counterfoil.entrypoints.cli.render import Renderer

    screen = desk.screen
    figures = bench(what, engine=engine, fsync_delay_ms=fsync_delay, quick=quick, blocks=blocks)
    if what == "ledger" and engine != "memory" and figures["machine"]["sqlalchemy"] is None:
        screen.note("cli.bench.no_orm")
    if screen.as_json:
        screen.json(figures)
        return OK
    for line in Renderer(screen.texts, screen.columns).mapping(figures):
        screen.line(line)
    return OK
