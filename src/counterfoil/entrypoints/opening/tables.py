"""The tables of an opening book, from `catalogue/opening_tables.toml`: columns by their names in both languages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources


class ColumnKind(StrEnum):
    TEXT = "text"
    WHOLE = "whole"
    DAY = "day"
    LIST = "list"
    YEARS = "years"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `labels` and `notes` are by language; `choices` gives the Chinese word for each value."""

    name: str
    labels: Mapping[str, str]
    kind: ColumnKind = ColumnKind.TEXT
    required: bool = False
    notes: Mapping[str, str] | None = None
    choices: Mapping[str, str] | None = None

    def is_named(self, text: str) -> bool:
        """Whether a heading of a file means this column: its name or a label, whatever the case and the spaces."""
        return folded(text) in {folded(self.name), *(folded(label) for label in self.labels.values())}


@dataclass(frozen=True, slots=True)
class OpeningTable:
    """One table, whose rows become commands of one kind."""

    name: str
    command: str
    labels: Mapping[str, str]
    columns: tuple[Column, ...]

    def is_named(self, text: str) -> bool:
        return folded(text) in {folded(self.name), *(folded(label) for label in self.labels.values())}

    def column(self, heading: str) -> Column | None:
        return next((column for column in self.columns if column.is_named(heading)), None)

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.required)


def folded(text: str) -> str:
    """A heading without what people type differently: case, spaces, a mark for what is required.

    >>> folded(" First  serial* ")
    'first serial'
    """
    return " ".join(text.replace("*", " ").replace("_", " ").split()).casefold()


@cache
def opening_tables() -> tuple[OpeningTable, ...]:
    """The tables, in the order in which they come in."""
    text = (resources.files("counterfoil") / "catalogue" / "opening_tables.toml").read_text("utf-8")
    return tuple(
        OpeningTable(
            name,
            said["command"],
            said["label"],
            tuple(
                Column(
                    column,
                    each["label"],
                    ColumnKind(each.get("kind", "text")),
                    each.get("required", False),
                    each.get("note"),
                    each.get("choices"),
                )
                for column, each in said["column"].items()
            ),
        )
        for name, said in tomllib.loads(text).items()
    )
