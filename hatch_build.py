"""Compile the gettext catalogues when a wheel or an editable install is built, and pack the demonstration's facts.

The `.po` files are the source and are reviewed; the `.mo` files are made from them and never committed.
`python hatch_build.py` does the same without a build, for the Makefile.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALE = Path("src", "counterfoil", "locale")
FACTS = {f"examples/{name}": f"counterfoil/examples/{name}" for name in ("demo", "ndc", "scenarios")}

STATIC = Path("src", "counterfoil", "static")
ASSETS = [STATIC / folder / "complete.txt" for folder in ("fonts", "web")]
NO_ASSETS = """A built package carries fonts and web files, and they are not here yet: run "make setup" first.
建置套件需包含字型與網頁檔案，但目前尚未取得：請先執行「make setup」。"""


def compile_catalogues(root: Path) -> list[Path]:
    """Write a `.mo` beside every `.po` below `root`, and return what was written."""
    written = []
    for source in sorted((root / LOCALE).glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        with source.open("rb") as po:
            catalogue = read_po(po, locale=source.parts[-3], abort_invalid=True)
        # Put in its place whole: a program that starts meanwhile reads the former texts or these, and no half.
        draft = target.with_suffix(f".mo.{os.getpid()}")
        with draft.open("wb") as mo:
            write_mo(mo, catalogue)
        draft.replace(target)
        written.append(target)
    return written


class CatalogueHook(BuildHookInterface[Any]):
    """Hatchling calls this before it collects the files of a wheel, an editable one included."""

    PLUGIN_NAME = "catalogues"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_catalogues(Path(self.root))
        if version == "standard" and not all((Path(self.root) / each).is_file() for each in ASSETS):
            raise RuntimeError(NO_ASSETS)
        # An editable install and a source archive have the facts where they are written.
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"].update(FACTS)


if __name__ == "__main__":
    for path in compile_catalogues(Path(__file__).parent):
        print(f"compiled {path.name} for {path.parts[-3]}")
