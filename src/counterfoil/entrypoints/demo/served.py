"""What is told of a demonstration that is served, and where its world stands on the disk.

Read next: `world.py`.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from counterfoil import __version__
from counterfoil.entrypoints.bootstrap import Folder, stored_format

VARIABLE: Final = "COUNTERFOIL_DATA"
PROJECTS: Final = ("cdm", "cdm_projects.csv")
STAMP: Final = "served.json"
WORLD: Final = 2
"""Raised when the world is made in another way, so that older ones are made anew."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The registry of a partner Party that is served beside a demonstration, so that both sides of a link can be seen.

    `people` are pseudonyms by the key of their role; `address` is where it listens, empty while nobody serves it.
    """

    party: str
    people: Mapping[str, str]
    address: str = ""


@dataclass(frozen=True, slots=True)
class ServedDemo:
    """What a server tells of the demonstration that it serves.

    `activities` came from the CDM's list, or were `generated`; `people` are pseudonyms by the key of their role.
    """

    party: str
    activities: int
    generated: bool
    people: Mapping[str, str]
    neighbour: Neighbour | None = None

    def beside(self, address: str) -> "ServedDemo":
        """What the neighbour's own server tells; this demonstration, at that address, is the neighbour of it."""
        assert self.neighbour is not None
        own = Neighbour(self.party, {}, address)
        return ServedDemo(self.neighbour.party, 0, generated=False, people=self.neighbour.people, neighbour=own)


def projects_file() -> Path | None:
    """The CDM's project list in the folder of public data sets, where there is one."""
    named = os.environ.get(VARIABLE, "")
    path = Path(named, *PROJECTS)
    return path if named and path.is_file() else None


def _version() -> dict[str, Any]:
    return {"version": __version__, "world": WORLD}


def known_demo(world: Path, folder: Folder) -> ServedDemo | None:
    """The world that is there; None where it is missing, of another version, or generated while the list is at hand."""
    try:
        told = json.loads((world / STAMP).read_text("utf-8"))
        known = told["neighbour"]
        neighbour = None if known is None else Neighbour(known["party"], known["people"])
        made = ServedDemo(told["party"], told["activities"], told["generated"], told["people"], neighbour)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not folder.founded or any(told.get(name) != value for name, value in _version().items()):
        return None
    store = stored_format(folder)
    stale = made.generated and projects_file() is not None
    return made if store.now() == store.newest and not stale else None


def stamp(world: Path, made: ServedDemo) -> None:
    """Say that a world is finished. Written last: one without it is made anew."""
    (world / STAMP).write_text(json.dumps({**_version(), **asdict(made)}, indent=2) + "\n", "utf-8")
