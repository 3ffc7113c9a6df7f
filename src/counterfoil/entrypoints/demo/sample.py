"""The many activities of a served demonstration: the CDM's project list where it is at hand, else generated ones.

They come in before the first report is filed, because the acts of such a list lie in years that a report closes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random  # noqa: TID251  seeded: every sample is the same
from typing import Final

from counterfoil.application.command import Command
from counterfoil.application.commands.register import RegisterActivity
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import BATCH_MAX, Submission
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.cdm.activity_rows import read_projects
from counterfoil.entrypoints.cdm.csv_file import Faults
from counterfoil.entrypoints.demo.acts import Scene
from counterfoil.entrypoints.demo.script import Script
from counterfoil.entrypoints.demo.stage import BY, Stage

BEFORE_REPORT: Final = timedelta(days=30)
GENERATED: Final = 400
GENERATED_MARK: Final = "generated · 產生之示例"
_SECTORS: Final = ("Forestry", "Agriculture", "Transport", "Energy generation", "Waste")
_WORDS: Final = ("solar", "roof", "forest", "rice", "field", "north", "river", "bus", "landfill", "stove", "peat")


@dataclass(slots=True)
class Sample:
    """What was loaded: from the CDM's list, or generated; how many were accepted and how many not."""

    generated: bool
    accepted: int = 0
    refused: int = 0


def sample_scene(stage: Stage, script: Script, party: str, sample: Sample, path: Path | None) -> Scene:
    """The scene that fills the register of a Party. `sample` is told how many came in."""
    first_report: date = script.reported_on(script.reported_years()[0])

    def fill() -> None:
        commands = list(_generated(Random(7))) if path is None else _listed(path)  # noqa: S311  no secret
        for start in range(0, len(commands), BATCH_MAX):
            _taken(stage, party, commands[start : start + BATCH_MAX], sample)

    return Scene(first_report - BEFORE_REPORT, 0, f"{party}: activities of the sample", fill)


def _taken(stage: Stage, party: str, commands: Sequence[Command], sample: Sample) -> None:
    """Rows that the books refuse are counted and left out: a public list has some."""
    outcomes = stage.registries[party].driver.do([Submission(command, BY) for command in commands])
    accepted = sum(isinstance(outcome, Receipt) for outcome in outcomes)
    sample.accepted += accepted
    sample.refused += len(outcomes) - accepted


def _listed(path: Path) -> list[Command]:
    """The rows that can be read, under ids of their own."""
    rows = read_projects(path, Faults())
    return [replace(row.command, id=f"cdm-sample:a:{row.line}") for row in rows if row.refusal is None]


def _generated(chance: Random) -> Iterator[Command]:
    for number in range(1, GENERATED + 1):
        words = " ".join(chance.sample(_WORDS, 3)).capitalize()
        yield RegisterActivity(
            activity=ActivityId(f"SAMPLE-{number:04d}"),
            title=f"{words} ({GENERATED_MARK})",
            mitigation_type=MitigationType.REDUCTION,
            sector=chance.choice(_SECTORS),
            activity_type="Sample",
            methodology=f"S-{chance.randrange(40)}",
            assumed=("the whole activity",),
        )
