"""What a network plays, as data: acts that come before, and transfers with what must come of each (`plays.toml`)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import resources
from typing import Any, Final

from counterfoil.entrypoints.scenarios.script import LANGUAGES, Step, Words

PROPOSE: Final = "ProposeTransfer"


class Ending(StrEnum):
    """How a move ends. `not_begun`: its own registry refused it. `forged`: it never was one of that registry's."""

    FINAL = "final"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    NOT_BEGUN = "not_begun"
    FORGED = "forged"
    IN_FLIGHT = "in_flight"


@dataclass(frozen=True, slots=True)
class Move:
    """A transfer that is tried.

    Attributes:
        step: The proposal, in the words of a scenario; its day is the day of the play.
        expect: How it must end.
        code: The code of the refusal, where it must be one.
        paused: A registry that stands still meanwhile; empty for none.
        expires_in_s: Seconds after which the proposal expires; 0 for what the link says.
        host: The Party whose own book must add the units, where its registry is neither source nor target.
    """

    number: int
    step: Step
    expect: Ending
    code: str = ""
    paused: str = ""
    expires_in_s: int = 0
    host: str = ""

    @property
    def parties(self) -> frozenset[str]:
        return frozenset({self.source, self.target, self.host} - {""})

    @property
    def source(self) -> str:
        return self.step.registry

    @property
    def target(self) -> str:
        return str(self.step.fields["partner"])


@dataclass(frozen=True, slots=True)
class Before:
    """An act that comes before the moves.

    Attributes:
        needs: Further registries without which it cannot be done.
        told: Whether the play waits until the partners have taken what it tells them.
    """

    step: Step
    needs: frozenset[str] = frozenset()
    told: bool = False


@dataclass(frozen=True, slots=True)
class Plays:
    """The acts before, in order of their days, and the moves."""

    before: tuple[Before, ...]
    moves: tuple[Move, ...]

    def among(self, parties: Sequence[str]) -> "Plays":
        """What registries of these Parties can play."""
        there = frozenset(parties)
        return Plays(
            tuple(each for each in self.before if {each.step.registry, *each.needs} <= there),
            tuple(move for move in self.moves if move.parties <= there),
        )

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(each.step for each in self.before)


def plays(on: date) -> Plays:
    """The plays of this package, read anew. Moves are proposed on the day that is given."""
    told = tomllib.loads((resources.files(__package__) / "plays.toml").read_text("utf-8"))
    before = tuple(
        Before(_step(row, number, row["do"]), frozenset(row.get("needs", ())), bool(row.get("told", False)))
        for number, row in enumerate(told["step"], 1)
    )
    return Plays(before, tuple(_move({**row, "on": on}, number) for number, row in enumerate(told["move"], 1)))


def _step(row: Mapping[str, Any], number: int, do: str) -> Step:
    words: Words = {language: str(row[language]) for language in LANGUAGES}
    return Step(words, row["on"], row["registry"], do, row.get("with", {}), row.get("expect", "accepted"), number)


def _move(row: Mapping[str, Any], number: int) -> Move:
    return Move(
        number=number,
        step=_step(row, number, PROPOSE),
        expect=Ending(row["expect"]),
        code=row.get("code", ""),
        paused=row.get("paused", ""),
        expires_in_s=row.get("expires_in_s", 0),
        host=row.get("host", ""),
    )
