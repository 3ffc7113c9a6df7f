"""Where packs stand: inside this package, in outside packages, and in folders that the operator names.

Outside packages name a folder by the entry-point group `counterfoil.packs`; the package is found, never run.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.pack import Pack
from counterfoil.packs.loader import FORMATS, read_table
from counterfoil.packs.pack_fault import PackFault
from counterfoil.packs.pack_folder import read_pack

GROUP: Final = "counterfoil.packs"
ROOMS: Final = ("jurisdictions", "rulebooks", "mechanisms", "programmes", "lists")
PACKS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Shelf:
    """Sound packs by id, and what is wrong with the others, by the name of their folder."""

    packs: Mapping[str, Pack]
    problems: Mapping[str, Sequence[Refusal]]


@cache
def jurisdictions() -> frozenset[str]:
    """The codes of ISO 3166-1 alpha-3, and those that it leaves to its users, as for examples."""
    vocabulary = read_table(files(__package__) / FORMATS / "aef" / "cma6" / "vocabulary.toml")
    left = {f"X{a}{b}" for a, b in product(ascii_uppercase, repeat=2)}
    left |= {f"Q{a}{b}" for a, b in product("MNOPQRSTUVWXYZ", ascii_uppercase)}
    return frozenset(vocabulary["lists"]["parties"]["values"]) | left


def open_shelf(folders: Sequence[Path] = (), *, with_cases: bool = False) -> Shelf:
    """Every pack that can be found. Two packs of one id are a problem of the later one."""
    packs: dict[str, Pack] = {}
    problems: dict[str, Sequence[Refusal]] = {str(folder): [gone] for folder, gone in absent(folders)}
    codes = jurisdictions()
    for place in places(folders):
        pack = read_pack(place, codes, with_cases=with_cases)
        if not isinstance(pack, Pack):
            problems[place.name] = pack
        elif pack.id in packs:
            problems[str(place)] = [Refusal(PackFault.ID_TWICE, {"id": pack.id, "file": str(place), "line": 1})]
        else:
            packs[pack.id] = pack
    return Shelf(packs, problems)


def open_pack(name: str, folders: Sequence[Path] = (), *, with_cases: bool = False) -> Pack | list[Refusal]:
    """One pack by its id or its jurisdiction's code, or by its folder."""
    if gone := [refusal for _, refusal in absent(folders)]:
        return gone
    known = list(places(folders))
    for place in known:
        if place.name == name.lower():
            return read_pack(place, jurisdictions(), with_cases=with_cases)
    if (Path(name) / "pack.toml").is_file():
        return read_pack(Path(name).resolve(), jurisdictions(), with_cases=with_cases)
    return [Refusal(PackFault.ABSENT, {"pack": name[:80], "known": ", ".join(place.name for place in known)})]


def absent(folders: Sequence[Path]) -> Iterator[tuple[Path, Refusal]]:
    """Folders that the operator names and that are not there: packs must never be missing in silence."""
    for folder in folders:
        if not folder.is_dir():
            yield folder, Refusal(PackFault.FOLDER_ABSENT, {"folder": str(folder)})


def places(folders: Sequence[Path] = ()) -> Iterator[Traversable]:
    """The folders of all packs: ours first, then those of outside packages, then the operator's."""
    rooms = [files(__package__), *outside(), *folders]
    found = (place for room in rooms for place in packs_in(room))
    for _, place in zip(range(PACKS_MAX), found, strict=False):
        yield place


def packs_in(room: Traversable) -> Iterator[Traversable]:
    """A pack's own folder, the packs in a folder, or those in its rooms such as `jurisdictions`."""
    if (room / "pack.toml").is_file():
        yield room
        return
    for inside in (room, *(room / name for name in ROOMS)):
        if inside.is_dir():
            below = sorted((place for place in inside.iterdir() if place.is_dir()), key=lambda place: place.name)
            yield from (place for place in below if (place / "pack.toml").is_file())


def outside() -> Iterator[Path]:
    """Folders of installed packages that offer packs. The package is located, and none of its code runs."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        top, _, below = point.module.partition(".")
        spec = find_spec(top)
        for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
            yield Path(folder, *below.split(".")) if below else Path(folder)
