"""Begin, or bring up to date, the one file of a further language: `python -m tools.language th`.

Every key of the two languages stands in it with the English text as a comment, and the texts of faults and the names of
countries, which our two languages have in tables. What is translated already is kept; what has no key any more goes.
"""

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1] / "src" / "counterfoil"
FILE = Path("LC_MESSAGES", "counterfoil.po")


def wanted() -> Mapping[str, str]:
    """Every key that a further language may fill, with its English text."""
    with (ROOT / "locale" / "en" / FILE).open("rb") as file:
        found = {str(entry.id): str(entry.string) for entry in read_po(file, locale="en") if entry.id}
    faults = tomllib.loads((ROOT / "catalogue" / "faults.toml").read_text("utf-8"))
    for code, text in faults.items():
        found |= {f"fault.{code}.{part}": text[part]["en"] for part in ("message", "fix")}
    names = tomllib.loads((ROOT / "catalogue" / "country_names.toml").read_text("utf-8"))
    return found | {f"country.{code}": row["en"] for code, row in names.items() if isinstance(row, dict)}


def kept(path: Path, locale: str) -> Mapping[str, str]:
    """What the file says already."""
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file, locale=locale) if entry.id and entry.string}


def write(name: str, root: Path = ROOT) -> tuple[Path, int, int]:
    """Write the file of a language by its tag: where it is, how many texts it has, how many it could have."""
    locale = str(Locale.parse(name.replace("-", "_")))
    path = root / "locale" / locale / FILE
    old, keys = kept(path, locale), wanted()
    catalogue = Catalog(locale=locale, project="counterfoil", fuzzy=False)
    for key, english in keys.items():
        catalogue.add(key, old.get(key, ""), auto_comments=english.splitlines())
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=False)
    return path, sum(key in old for key in keys), len(keys)


if __name__ == "__main__":
    made, done, all_of = write(sys.argv[1])
    print(f"{made}: {done} of {all_of} texts are there; the rest is said in English")
