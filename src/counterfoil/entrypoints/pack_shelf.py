"""Opens packs for the entrypoints: beside the bootstrap, the only module that does.

`COUNTERFOIL_PACKS` names folders with further packs, parted as in a search path.
Nothing of the packs is imported before one of them is opened: a server starts without them.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.pack import Pack

if TYPE_CHECKING:
    from counterfoil.packs import shelf
    from counterfoil.packs.shelf_laws import ShelfLaws

    Shelf = shelf.Shelf

VARIABLE: Final = "COUNTERFOIL_PACKS"


def folders(named: Sequence[str] = (), environ: Mapping[str, str] = os.environ) -> list[Path]:
    """The operator's folders: those named, then those of the environment."""
    return [Path(place) for place in (*named, *environ.get(VARIABLE, "").split(os.pathsep)) if place]


def open_shelf(named: Sequence[str] = (), *, with_cases: bool = False) -> "Shelf":
    """Every pack that can be found, and what is wrong with the rest."""
    from counterfoil.packs import shelf

    return shelf.open_shelf(folders(named), with_cases=with_cases)


def open_pack(name: str, named: Sequence[str] = (), *, with_cases: bool = False) -> Pack | list[Refusal]:
    """One pack by its id, its jurisdiction's code or its folder, or every problem that it has."""
    from counterfoil.packs import shelf

    return shelf.open_pack(name, folders(named), with_cases=with_cases)


def open_versions(name: str, named: Sequence[str] = ()) -> list[tuple[str, Pack]]:
    """Every sound pack of one id that lies anywhere, the one that is used first, each with the place where it lies."""
    from counterfoil.packs import shelf
    from counterfoil.packs.pack_folder import read_pack

    places = [place for place in shelf.places(folders(named)) if place.name == name]
    found = ((place, read_pack(place, shelf.jurisdictions(), with_cases=False)) for place in places)
    return [(str(place), pack) for place, pack in found if isinstance(pack, Pack)]


def new_pack(code: str, out: Path) -> Path | Refusal:
    """A commented skeleton for a jurisdiction, written below a folder that exists or can be made."""
    from counterfoil.packs import shelf, skeleton

    if code not in shelf.jurisdictions():
        return skeleton.unknown(code)
    return skeleton.write(code, out)


def laws(named: Sequence[str] = ()) -> "ShelfLaws":
    """The laws that a registry may adopt: those of this package, of outside packages, and of the operator's folders."""
    from counterfoil.packs.shelf_laws import ShelfLaws

    return ShelfLaws(folders(named))
