"""What the accounts are measured against: the NDC, the inventories and the method of each Party that has such a file.

The files are those of `examples/ndc`; every value in them has a source. An NDC is recorded when it was communicated,
and totals on the day on which they were read: no act of the play knows what was not known on its day.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from counterfoil.application.command import Command
from counterfoil.application.commands.record_inventory import RecordInventory
from counterfoil.application.commands.record_ndc import RecordNdc
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.demo.acts import Scene
from counterfoil.entrypoints.demo.script import Script
from counterfoil.entrypoints.demo.stage import PlayFailed, Stage
from counterfoil.entrypoints.ndc_file import read_ndc_file


def account_scenes(
    stage: Stage, script: Script, *, first_day: date, recorded: Callable[[str, date], None]
) -> list[Scene]:
    """For every file one scene of its NDC with the method chosen under it, and one of its inventories.

    Args:
        first_day: The day on which the registries are founded; an older NDC is recorded then.
        recorded: Told the Party and the day once its NDC is recorded.
    """
    scenes: list[Scene] = []
    for path in script.ndc_files:
        party = path.stem
        commands = _read(path)
        inventories = [command for command in commands if isinstance(command, RecordInventory)]
        others = [command for command in commands if not isinstance(command, RecordInventory)]
        on = max(first_day, *(each.communicated_on or first_day for each in others if isinstance(each, RecordNdc)))
        scenes.append(Scene(on, 1, f"{party}: NDC recorded, method chosen", partial(_do, stage, party, others)))
        scenes.append(Scene(on, 8, f"{party}: what waited for the NDC", partial(recorded, party, on)))
        for inventory in inventories:
            read_on = inventory.source.read_on or first_day
            scenes.append(Scene(read_on, 1, f"{party}: inventory recorded", partial(_do, stage, party, [inventory])))
    return scenes


def assumed_in_ndcs(script: Script) -> list[tuple[str, str]]:
    """What the files suppose about each Party, as pairs of Party and words."""
    return [(path.stem, text) for path in script.ndc_files for command in _read(path) for text in command.assumed]


def _do(stage: Stage, party: str, commands: Sequence[Command]) -> None:
    stage.do(party, *commands)


def _read(path: Path) -> list[Command]:
    commands = read_ndc_file(path.read_bytes(), path.name)
    if isinstance(commands, Refusal):
        raise PlayFailed(commands)
    return commands
