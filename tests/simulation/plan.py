"""What one run is like: drawn from its seed alone, before anything happens."""

from dataclasses import dataclass
from random import Random
from typing import Final

from tests.simulation.founding import PARTIES

ACTS: Final = 28
"""Acts that somebody tries in an everyday run; messages, repetitions and crashes come on top."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The faults of a run. Shares are of a thousand."""

    seed: int
    parties: tuple[str, ...]
    acts: int
    lost: int
    repeated: int
    late: int
    crashing: int
    failing: int
    partitions: int
    restored: str | None
    liar: str | None
    counterfeits: bool = False
    by_hand: bool = False

    @property
    def honest(self) -> tuple[str, ...]:
        return tuple(party for party in self.parties if party != self.liar)

    @property
    def words(self) -> str:
        """What the replay is to be told."""
        said = [str(self.seed)]
        said += [f"--acts {self.acts}"] if self.acts != ACTS else []
        said += ["--restored"] if self.restored is not None else []
        said += ["--counterfeits"] if self.counterfeits else []
        return " ".join([*said, *(["--by-hand"] if self.by_hand else [])])

    def __str__(self) -> str:
        named = {
            "acts": self.acts,
            "lost": self.lost,
            "repeated": self.repeated,
            "late": self.late,
            "crashing": self.crashing,
            "failing": self.failing,
            "partitions": self.partitions,
            "restored": self.restored or "-",
            "liar": self.liar or "-",
            "by_hand": self.by_hand,
        }
        return f"seed {self.seed}: {' '.join(self.parties)}; " + ", ".join(
            f"{name} {is_}" for name, is_ in named.items()
        )


def plan_of(
    seed: int, *, acts: int = ACTS, restored: bool = False, counterfeits: bool = False, by_hand: bool = False
) -> Plan:
    """The plan of a seed. A third of the runs have a liar.

    Args:
        restored: Whether one registry comes back from its backup.
        counterfeits: Whether the liar, which is there then, makes up units that others hold.
        by_hand: Whether over half of the links a person decides on what comes.
    """
    chance = Random(f"plan {seed}")
    parties = PARTIES[: chance.choice((3, 3, 3, 4, 4, 5))]
    liar = chance.choice(parties) if chance.random() < 1 / 3 or counterfeits else None
    honest = [party for party in parties if party != liar]
    calm = chance.random() < 1 / 8
    return Plan(
        seed=seed,
        parties=parties,
        acts=acts,
        lost=0 if calm else chance.choice((0, 50, 200, 400)),
        repeated=0 if calm else chance.choice((0, 100, 300)),
        late=0 if calm else chance.choice((0, 50, 200)),
        crashing=0 if calm else chance.choice((0, 20, 80)),
        failing=0 if calm else chance.choice((0, 20)),
        partitions=0 if calm else chance.choice((0, 1, 3)),
        restored=chance.choice(honest) if restored else None,
        liar=liar,
        counterfeits=counterfeits,
        by_hand=by_hand,
    )
