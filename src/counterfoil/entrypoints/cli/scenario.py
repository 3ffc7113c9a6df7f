"""`scenario`: play real cases in registries of their own, and compare every end balance."""

from typing import TYPE_CHECKING

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault, Screen
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.entrypoints.scenarios.play import Played
    from counterfoil.entrypoints.scenarios.script import Scenario, Words


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"list": _list, "run": _run}
    return Contents(texts, "cli.scenario", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.scenario.list", run_list)


def _run(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.scenario.run",
        run_some,
        [
            click.Argument(["ids"], nargs=-1, metavar="[SC-01 ...]"),
            click.Option(["--all", "everything"], is_flag=True),
        ],
    )


def run_list(desk: Desk) -> int:
    """Every scenario with its title, and what those wait for that cannot be played yet."""
    screen = desk.screen
    scenarios = read_scenarios()
    if screen.as_json:
        rows = [{"id": each.id, "title": dict(each.title), "missing": list(each.missing)} for each in scenarios]
        screen.json({"scenarios": rows})
        return OK
    for each in scenarios:
        waits = screen.texts("cli.scenario.waits", missing=_modules(screen, each)) if each.missing else ""
        screen.line(f"{each.id}  {_own(screen, each.title)}{waits}")
    return OK


def run_some(desk: Desk, *, ids: tuple[str, ...], everything: bool) -> int:
    """Play the named scenarios, or all; the exit status is 1 when one came out otherwise than its file says."""
    from counterfoil.entrypoints.scenarios.play import Status, detailed, play

    screen = desk.screen
    chosen = chosen_scenarios(read_scenarios(), ids, everything=everything)
    played: list[Played] = []
    bar = screen.progress("cli.scenario.progress", len(chosen))
    with bar:
        for done, each in enumerate(chosen, 1):
            played.append(play(each))
            bar.of(done, len(chosen), each.id)
    if screen.as_json:
        screen.json(detailed(played))
    else:
        for result in played:
            say_played(screen, result)
        counts = {status.value: sum(each.status is status for each in played) for status in Status}
        screen.line()
        screen.say("cli.scenario.count", **counts)
    return REFUSED if any(each.status is Status.FAILED for each in played) else OK


def read_scenarios() -> "list[Scenario]":
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.scenarios.play import ScenarioFault
    from counterfoil.entrypoints.scenarios.script import ScriptUnreadable, all_scenarios

    try:
        return all_scenarios()
    except ScriptUnreadable as unreadable:
        raise Fault(Refusal(ScenarioFault.UNREADABLE, {"detail": str(unreadable)[:300]}), UNUSABLE) from unreadable


def chosen_scenarios(scenarios: "list[Scenario]", ids: tuple[str, ...], *, everything: bool) -> "list[Scenario]":
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.scenarios.play import ScenarioFault

    known = {each.id: each for each in scenarios}
    unknown = next((each for each in ids if each not in known), None)
    if unknown is not None:
        raise Fault(Refusal(ScenarioFault.UNKNOWN, {"scenario": unknown[:80], "known": ", ".join(known)}), UNUSABLE)
    if not (ids or everything):
        raise Fault(Refusal(ScenarioFault.NONE_NAMED, {"known": ", ".join(known)}), UNUSABLE)
    return scenarios if everything else [known[each] for each in dict.fromkeys(ids)]


def say_played(screen: Screen, played: "Played") -> None:
    """One scenario: its status and title; then, where something came out otherwise, exactly what."""
    status = screen.texts(f"cli.scenario.{played.status.value}")
    scenario = played.scenario
    waits = screen.texts("cli.scenario.waits", missing=_modules(screen, scenario)) if scenario.missing else ""
    screen.line(f"{scenario.id}  {status}  {_own(screen, scenario.title)}{waits}")
    for step in played.steps:
        if not step.right:
            told = f"{step.outcome} ({step.detail})" if step.detail else step.outcome
            words = _own(screen, step.step.words)
            screen.say(
                "cli.scenario.step", number=step.step.number, words=words, expected=step.step.expect, outcome=told
            )
    for figure in played.end:
        if not figure.right:
            words = _own(screen, figure.end.words)
            screen.say("cli.scenario.figure", words=words, expected=f"{figure.end.value:,}", found=f"{figure.found:,}")


def _own(screen: Screen, words: "Words") -> str:
    return words[screen.texts.language]


def _modules(screen: Screen, scenario: "Scenario") -> str:
    return ", ".join(screen.texts(f"module.{each}") for each in scenario.missing)
