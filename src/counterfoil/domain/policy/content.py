"""How the fields of a rule kind say what they hold, beyond their type: the unit of a figure, or whose name a word is.

Written as `Annotated[Figure, In("share")]` or `Annotated[tuple[str, ...], Names(FACT)]`; the reader of packs obeys it.
"""

from dataclasses import dataclass
from typing import Final

FACT: Final = "fact"
CODE: Final = "jurisdiction"
CONVERSION: Final = "conversion"
ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class In:
    """The unit of a figure, or several parted by a bar; `any` takes every unit."""

    unit: str


@dataclass(frozen=True, slots=True)
class Names:
    """Words that are names of facts, jurisdictions or conversions."""

    what: str
