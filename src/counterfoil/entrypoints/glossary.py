"""The terms of the field in both languages, as `glossary.toml` has them; the package carries the file."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

NAME: Final = "glossary.toml"


@cache
def glossary() -> Mapping[str, Mapping[str, Any]]:
    """Every term by its key, in the order of the file."""
    packed = resources.files("counterfoil") / "catalogue" / NAME
    # In a working tree the file stands beside the source; a built package has it in its catalogue.
    found = packed.read_text("utf-8") if packed.is_file() else (Path(__file__).parents[3] / NAME).read_text("utf-8")
    return tomllib.loads(found)
