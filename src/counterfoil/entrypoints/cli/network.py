"""`network`: registries as separate processes on this machine, which move units between their books over HTTP."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault, Screen
from counterfoil.entrypoints.cli.usage import Whole
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.entrypoints.network.playing import Result
    from counterfoil.entrypoints.network.status import Status

FOLDER: Final = "var/network"
FOR_SECONDS: Final = 3_600
_FOR_MAX: Final = 31_536_000
_COLUMNS: Final = ("party", "registry", "health", "entries", "checkpoint", "address")


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"up": _up, "play": _play, "status": _status, "down": _down}
    return Contents(texts, "cli.network", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _up(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.network.up",
        run_up,
        [
            click.Option(["--party", "parties"], multiple=True, metavar="THA"),
            click.Option(["--for", "seconds"], type=Whole(5, _FOR_MAX), default=FOR_SECONDS, metavar="S"),
            click.Option(["--packs"], multiple=True, metavar=texts("cli.place.dir")),
        ],
    )


def _play(texts: Texts) -> Command:
    return Command(
        texts, "cli.network.play", run_play, [click.Option(["--scenario", "ids"], multiple=True, metavar="SC-01")]
    )


def _status(texts: Texts) -> Command:
    return Command(texts, "cli.network.status", run_status)


def _down(texts: Texts) -> Command:
    return Command(texts, "cli.network.down", run_down)


def folder() -> Path:
    """The network's folder: the one that was named, never a registry's from the environment, else the usual one."""
    context = click.get_current_context()
    earlier: Mapping[str, Any] = context.obj or {}
    return Path(context.params.get("directory") or earlier.get("directory") or FOLDER)


def run_up(desk: Desk, *, parties: tuple[str, ...], seconds: int, packs: tuple[str, ...]) -> int:
    """Bring it up, and say where each registry is. One that runs already is only told of."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.network.launching import up
    from counterfoil.entrypoints.network.status import status_of

    screen, path = desk.screen, folder()
    found = up(path, parties, seconds=seconds, packs=packs)
    if isinstance(found, Refusal):
        raise Fault(found, REFUSED)
    standing = status_of(found.network)
    if screen.as_json:
        screen.json({"directory": str(path), "started": found.started, **standing.json()})
        return OK
    key = "cli.network.up.done" if found.started else "cli.network.up.running"
    screen.say(key, registries=standing.healthy, started=found.started, directory=path, until=standing.until)
    _say_registries(screen, standing)
    return OK


def run_play(desk: Desk, *, ids: tuple[str, ...]) -> int:
    """Play every move, or scenarios; the exit status is 1 when one came out otherwise than its file says."""
    return _play_scenarios(desk, ids) if ids else _play_moves(desk)


def _play_moves(desk: Desk) -> int:
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.network.playing import play

    screen = desk.screen
    bar = screen.progress("cli.network.play.progress", 0)
    with bar:
        found = play(folder(), progress=bar.of)
    if isinstance(found, Refusal):
        raise Fault(found, REFUSED)
    if screen.as_json:
        screen.json(found.json())
        return OK if found.right else REFUSED
    for result in found.results:
        _say_result(screen, result)
    screen.line()
    _say_transfers(screen, found.status)
    return OK if found.right else REFUSED


def _play_scenarios(desk: Desk, ids: tuple[str, ...]) -> int:
    """Each in registries of its own, which are gone afterwards."""
    import tempfile

    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.scenario import chosen_scenarios, read_scenarios, say_played
    from counterfoil.entrypoints.network.scenario import play_over_http
    from counterfoil.entrypoints.scenarios.play import Status as Ended
    from counterfoil.entrypoints.scenarios.play import detailed

    played = []
    for each in chosen_scenarios(read_scenarios(), ids, everything=False):
        with tempfile.TemporaryDirectory(prefix="counterfoil-network-") as place:
            found = play_over_http(Path(place) / each.id, each)
        if isinstance(found, Refusal):
            raise Fault(found, REFUSED)
        played.append(found)
    if desk.screen.as_json:
        desk.screen.json(detailed(played))
    else:
        for each_played in played:
            say_played(desk.screen, each_played)
    return REFUSED if any(each.status is Ended.FAILED for each in played) else OK


def run_status(desk: Desk) -> int:
    """The registries, and the transfers between them."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.network.status import status

    screen = desk.screen
    found = status(folder())
    if isinstance(found, Refusal):
        raise Fault(found, REFUSED)
    if screen.as_json:
        screen.json(found.json())
        return OK
    _say_registries(screen, found)
    screen.line()
    _say_transfers(screen, found)
    return OK


def run_down(desk: Desk) -> int:
    """End its processes, and nobody else's."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.network.ending import down

    screen, path = desk.screen, folder()
    ended = down(path)
    if isinstance(ended, Refusal):
        raise Fault(ended, REFUSED)
    if screen.as_json:
        screen.json({"directory": str(path), "orderly": ended.orderly, "forced": ended.forced})
        return OK
    screen.say("cli.network.down.done", orderly=ended.orderly, forced=ended.forced, directory=path)
    return OK


def _say_registries(screen: Screen, standing: "Status") -> None:
    from counterfoil.entrypoints.cli.columns import table

    texts = screen.texts
    rows = [
        [
            each.party,
            each.registry,
            texts(f"network.health.{each.health.value}"),
            f"{each.entries:,}",
            f"{each.checkpoint:,}",
            each.address,
        ]
        for each in standing.standings
    ]
    heads = [texts(f"cli.network.column.{name}") for name in _COLUMNS]
    for line in table([heads, *rows], right=frozenset({3, 4})):
        screen.line(line)


def _say_transfers(screen: Screen, standing: "Status") -> None:
    screen.say("cli.network.transfers", **standing.transfers.states)
    screen.say("cli.network.inconsistencies", count=standing.inconsistencies)
    for transfer in standing.transfers.disagreed:
        screen.say("cli.network.disagreed", transfer=transfer)
    for case in standing.cases:
        screen.say("cli.network.case", case=case)


def _say_result(screen: Screen, result: "Result") -> None:
    """One move: whether it came out as it should, between whom, and how it ended."""
    texts, move = screen.texts, result.move
    mark = "✓" if result.right else "✗"
    ending = texts(f"network.ending.{result.ending.value}")
    told = f"{ending} [{result.code}]" if result.code else ending
    words = move.step.words[texts.language]
    screen.line(f"{mark} {move.source} → {move.target}  {told}  {words}")
    if result.added is not None:
        screen.say("cli.network.play.added", host=move.host, added=result.added)
    if not result.right:
        expected = texts(f"network.ending.{move.expect.value}")
        screen.say("cli.network.play.expected", expected=f"{expected} [{move.code}]" if move.code else expected)
