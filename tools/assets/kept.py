"""Which files are kept of the fetched packages, where they go, and the list with their SHA-256 that says all are there.

Three folders, all ignored by git: fonts and web files go into built packages, the checker of pages only to tests.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from tools.assets.npm import ROOT, CannotFetch
from tools.assets.world import countries

COMPLETE: Final = "complete.txt"
"""Written last, so that a set-up that was cut short begins again. `sha256sum --check complete.txt` reads it."""
STATIC: Final = ROOT / "src" / "counterfoil" / "static"
MODULES: Final = Path("node_modules")
NOTO: Final = MODULES / "@expo-google-fonts"
ATLAS: Final = MODULES / "world-atlas"
MAPLIBRE: Final = MODULES / "maplibre-gl"
PUBLIC_DOMAIN: Final = (
    "The shapes are made from Natural Earth (naturalearthdata.com), which is in the public domain.\n\n"
)
BUNDLED: Final = "maplibre-gl.js and maplibre-gl-worker.js contain parts of the packages below."

Made: TypeAlias = Path | Callable[[Path], bytes]
"""Where a file lies in the fetched folder, or what makes it from that folder."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One folder of kept files."""

    place: Path
    files: Mapping[str, Made]


def coarse(folder: Path) -> bytes:
    """The world on one screen; nothing is left out of what the source draws at 1:110 million."""
    return countries((folder / ATLAS / "countries-110m.json").read_bytes(), within=0, decimals=2)


def fine(folder: Path) -> bytes:
    """A map that a visitor zooms; within 0.02 degrees (about 2 km), a pixel at the fifth zoom.

    The source at 1:50 million leaves out Tuvalu and other small places; they come from 1:10 million.
    """
    finer = (folder / ATLAS / "countries-10m.json").read_bytes()
    return countries((folder / ATLAS / "countries-50m.json").read_bytes(), within=0.02, decimals=3, gaps_from=finer)


def atlas_licence(folder: Path) -> bytes:
    return PUBLIC_DOMAIN.encode() + (folder / ATLAS / "LICENSE").read_bytes()


def maplibre_licence(folder: Path) -> bytes:
    """The map's own licence, then that of each package that its build has taken in."""
    texts = [(folder / MAPLIBRE / "LICENSE.txt").read_text("utf-8").strip(), BUNDLED]
    for name in sorted(taken_in(folder, "maplibre-gl")):
        package = folder / MODULES / name
        told = json.loads((package / "package.json").read_text("utf-8"))
        texts.append(f"{'-' * 80}\n{name} {told['version']} ({told.get('license', 'see below')})")
        texts.extend(each.read_text("utf-8").strip() for each in licences(package))
    return ("\n\n".join(texts) + "\n").encode()


def taken_in(folder: Path, name: str) -> set[str]:
    """What a package depends on, and what that depends on."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        told = json.loads((folder / MODULES / waiting.pop() / "package.json").read_text("utf-8"))
        new = {each for each in told.get("dependencies", {}) if (folder / MODULES / each).is_dir()} - found
        found |= new
        waiting.extend(new)
    return found


def licences(package: Path) -> list[Path]:
    return sorted(each for each in package.iterdir() if each.is_file() and each.name.lower().startswith("licen"))


FONTS: Final = Shelf(
    STATIC / "fonts",
    {
        "NotoSans-Regular.ttf": NOTO / "noto-sans/400Regular/NotoSans_400Regular.ttf",
        "NotoSans-Bold.ttf": NOTO / "noto-sans/700Bold/NotoSans_700Bold.ttf",
        "NotoSans-LICENSE.txt": NOTO / "noto-sans/LICENSE_FONT",
        "NotoSansTC-Regular.ttf": NOTO / "noto-sans-tc/400Regular/NotoSansTC_400Regular.ttf",
        "NotoSansTC-Bold.ttf": NOTO / "noto-sans-tc/700Bold/NotoSansTC_700Bold.ttf",
        "NotoSansTC-LICENSE.txt": NOTO / "noto-sans-tc/LICENSE_FONT",
    },
)
WEB: Final = Shelf(
    STATIC / "web",
    {
        "htmx.min.js": MODULES / "htmx.org/dist/htmx.min.js",
        "htmx-LICENSE.txt": MODULES / "htmx.org/LICENSE",
        # Modules end in .js here, so that a server needs to know one ending of scripts.
        "maplibre-gl.js": MAPLIBRE / "dist/maplibre-gl.mjs",
        "maplibre-gl-worker.js": MAPLIBRE / "dist/maplibre-gl-worker.mjs",
        "maplibre-gl.css": MAPLIBRE / "dist/maplibre-gl.css",
        "maplibre-gl-LICENSE.txt": maplibre_licence,
        "countries-110m.json": coarse,
        "countries-50m.json": fine,
        "countries-LICENSE.txt": atlas_licence,
    },
)
CHECKER: Final = Shelf(
    ROOT / "var" / "assets",
    {
        "axe.min.js": MODULES / "axe-core/axe.min.js",
        "axe-LICENSE.txt": MODULES / "axe-core/LICENSE",
    },
)
SHELVES: Final = (FONTS, WEB, CHECKER)


def kept(folder: Path, shelf: Shelf) -> None:
    """Put the files of a shelf in place, and say last that all are there. A file that stays the same is not touched."""
    made = {name: content(folder, name, source) for name, source in shelf.files.items()}
    shelf.place.mkdir(parents=True, exist_ok=True)
    (shelf.place / COMPLETE).unlink(missing_ok=True)
    for stranger in strangers(shelf):
        stranger.unlink()
    for name, body in made.items():
        put(shelf.place / name, body)
    listed = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in made.items())
    put(shelf.place / COMPLETE, listed.encode())


def content(folder: Path, name: str, source: Made) -> bytes:
    try:
        return (folder / source).read_bytes() if isinstance(source, Path) else source(folder)
    except OSError as error:
        raise CannotFetch(f"the packages hold no {name}") from error


def put(place: Path, body: bytes) -> None:
    """Whole or not at all: a program that starts meanwhile reads the former file or this one."""
    if place.is_file() and place.read_bytes() == body:
        return
    draft = place.with_name(f"{place.name}.{os.getpid()}")
    draft.write_bytes(body)
    draft.replace(place)


def strangers(shelf: Shelf) -> Iterator[Path]:
    for each in shelf.place.iterdir():
        if each.is_file() and each.name not in shelf.files and each.name != COMPLETE:
            yield each


def stands(shelf: Shelf, since: float) -> bool:
    """Whether a shelf was filled after `since` (seconds, as the file system counts)."""
    complete = shelf.place / COMPLETE
    return complete.is_file() and complete.stat().st_mtime >= since
