"""`bench`: measure this machine, with baselines from the same run beside every figure."""

from pathlib import Path
from typing import Final

import click

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Misused, OneOf, UsageFault, Whole, nearest, options_of
from counterfoil.entrypoints.language import Texts

KINDS: Final = ("ledger", "http", "verify", "start", "aef", "activities", "growth", "network", "web")
ENGINES: Final = ("sqlite", "postgres", "memory")
_BLOCKS_MAX: Final = 10_000_000
_GROWTH: Final = ("--entries", "--seconds")
"""The options of growth alone."""
_ENTRIES: Final = (10_000, 100_000_000)
_DAY_S: Final = 86_400


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
            click.Option(["--entries"], type=Whole(*_ENTRIES), metavar="N"),
            click.Option(["--seconds"], type=Whole(1, _DAY_S), metavar="S"),
            click.Option(["--scratch"], metavar=texts("cli.place.dir")),
            click.Option(["--quick"], is_flag=True),
        ],
    )


def run(
    desk: Desk,
    *,
    what: str,
    engine: str,
    fsync_delay: int,
    blocks: int | None,
    entries: int | None,
    seconds: int | None,
    scratch: str | None,
    quick: bool,
) -> int:
    """Run one of the measurements and print its figures."""
    if engine == "memory" and what != "ledger":
        facts = {"option": "--engine", "value": engine, "words": ", ".join(ENGINES[:-1])}
        raise Misused(Refusal(UsageFault.NOT_ONE_OF, facts))
    if engine != ENGINES[0] and what in ("aef", "activities", "network", "web"):
        raise Misused(Refusal(UsageFault.NOT_ONE_OF, {"option": "--engine", "value": engine, "words": ENGINES[0]}))
    for option, value in zip(_GROWTH, (entries, seconds), strict=True):
        if value is not None and what != "growth":
            others = [each for each in options_of(click.get_current_context()) if each not in _GROWTH]
            raise Misused(Refusal(UsageFault.OPTION_UNKNOWN, {"option": option, "near": nearest(option, others)}))
    from counterfoil.entrypoints.bench.run import Growth, bench
    from counterfoil.entrypoints.cli.render import Renderer

    screen = desk.screen
    bar = screen.progress("cli.bench.growing", 0)
    with bar:
        figures = bench(
            what,
            engine=engine,
            fsync_delay_ms=fsync_delay,
            quick=quick,
            blocks=blocks,
            directory=Path(scratch) if scratch else None,
            far=Growth(entries, seconds, bar.of),
        )
    if what == "ledger" and engine != "memory" and figures["machine"]["sqlalchemy"] is None:
        screen.note("cli.bench.no_orm")
    if screen.as_json:
        screen.json(figures)
        return OK
    for line in Renderer(screen.texts, screen.columns).mapping(figures):
        screen.line(line)
    return OK
