"""`demo`: play the main job with eleven registries, on real facts."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault
from counterfoil.entrypoints.language import LANGUAGES, Texts

if TYPE_CHECKING:
    from counterfoil.entrypoints.demo.script import Script
    from counterfoil.entrypoints.demo.stage import Stage

SUMMARY_COLUMNS: Final = ("cumulative_net", "adjustment", "emissions", "balance")


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.demo",
        run,
        [
            click.Option(["--out"], default="var/demo", metavar=texts("cli.place.dir")),
            click.Option(["--network", "networked"], is_flag=True),
        ],
    )


def run(desk: Desk, *, out: str, networked: bool) -> int:
    """Play it, and print the summary that is also left in the folder."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.demo.play import play

    screen = desk.screen
    bar = screen.progress("cli.demo.progress", 0)
    with bar:
        texts = {language: Texts(language) for language in LANGUAGES}
        summary = play(Path(out), texts, progress=bar.of, stage_of=_stage(networked=networked))
    if isinstance(summary, Refusal):
        raise Fault(summary, REFUSED)
    if screen.as_json:
        screen.json(summary)
        return OK
    screen.say("cli.demonstration")
    screen.line()
    columns = ("first_transferred_t", "acquired_t", "used_t", "held_t")
    head = [screen.texts("field.party"), *(screen.texts(f"field.{name}") for name in columns)]
    rows = [[party, *(f"{each[name]:,}" for name in columns)] for party, each in summary["parties"].items()]
    for line in table([head, *rows], indent=2, right=frozenset({1, 2, 3, 4})):
        screen.line(line)
    screen.line()
    screen.say("cli.demo.world", world=f"{summary['world_adjustment_t']:,}")
    verdict = screen.texts(f"verdict.{summary['no_net_increase']['verdict']}")
    screen.say("cli.party_balance.safeguard", id="S1", text=screen.texts("safeguard.S1"), verdict=verdict)
    screen.line()
    _say_summaries(desk, summary["structured_summaries"])
    screen.line()
    reports = summary["initial_reports"]
    gaps = sum(not each["complete"] for each in reports)
    screen.say("cli.demo.initial", count=len(reports), gaps=gaps)
    screen.say("cli.demo.assumed", count=len(summary["assumed"]))
    screen.say("cli.demo.done", out=out)
    screen.say("cli.demo.open")
    return OK


def _stage(*, networked: bool) -> "Callable[[Path, Script], Stage]":
    """The registries in this process, or each in one of its own."""
    if networked:
        from counterfoil.entrypoints.network.demo import NetworkedDemo

        return NetworkedDemo
    from counterfoil.entrypoints.demo.stage import Stage

    return Stage


def _say_summaries(desk: Desk, told: Mapping[str, Mapping[str, Any]]) -> None:
    """The last column of each Party's CTF table 4: a number, or below the table the reason why there is none."""
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.emissions_balance import figure_cell

    screen, texts = desk.screen, desk.screen.texts
    year = next(iter(told.values()))["year"]
    screen.say("cli.demo.summaries", year=year)
    heads = ("field.party", "cli.demo.lines", *(f"cli.demo.{name}" for name in SUMMARY_COLUMNS))
    rows = [
        [party, f"{each['lines']}/{each['of']}", *(figure_cell(texts, each[name]) for name in SUMMARY_COLUMNS)]
        for party, each in told.items()
    ]
    for line in table([[texts(head) for head in heads], *rows], indent=2, right=frozenset({1, 2, 3, 4, 5})):
        screen.line(line)
    reasons = sorted({reason for each in told.values() for reason in each["reasons"]})
    for reason in reasons:
        parties = ", ".join(party for party, each in told.items() if reason in each["reasons"])
        screen.say("cli.demo.reason", reason=texts(f"ctf4.reason.{reason}"), parties=parties)
