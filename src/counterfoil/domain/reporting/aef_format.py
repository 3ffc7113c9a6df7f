"""What one version and profile of the agreed electronic format looks like, as a value.

The facts (labels, types, code lists, spacer columns, spellings) are data in `packs/formats/aef/<version>/`; this module
gives them a shape, so that layout, reading and checks iterate over the field list and never name a column by position.

Source: 4/CMA.6 annex II; 6/CMA.4 main para. 17(j).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

Shown = str | int | Fraction | date | None
"""What a cell can show."""


class FieldType(StrEnum):
    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"


class Need(StrEnum):
    """Whether a field must be filled: always, by the reporter's choice, when it applies, or by the CARP only."""

    REQUIRED = "R"
    OPTIONAL = "o"
    CONDITIONAL = "c"
    CARP = "K"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """A closed (or open) list of words. `aliases` are accepted spellings, `emit` the spelling that a profile writes,
    `also` a pattern of words that are in the list without standing there."""

    values: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    emit: Mapping[str, str] = field(default_factory=dict)
    open: bool = False
    also: str = ""

    def canonical(self, text: str) -> str | None:
        """The listed word for an exact or an alias spelling; None when the list does not know it."""
        if text in self.values or (self.also and re.fullmatch(self.also, text, re.ASCII)):
            return text
        return self.aliases.get(text, text if self.open else None)

    def meant(self, text: str) -> str | None:
        """The listed word that differs in capitals only, so that later checks still run on the row."""
        folded = text.casefold()
        return next((value for value in self.values if value.casefold() == folded), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field of the format.

    `attribute` names the field of the row value ("" for fields of the CARP), `absent` what is written when the row has
    no value, `names` a list whose aliases are read in place of a code, `many` a comma-separated list. `pattern` must
    match the whole text.
    """

    label: str
    technical_name: str
    attribute: str
    type: FieldType
    need: Need
    pattern: str = ""
    code_list: str = ""
    names: str = ""
    many: bool = False
    absent: str = ""
    may_be_blank: bool = False
    placeholder: str = ""
    spacer_after: bool = False
    width: int = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """One table: its sheet, its title and its fields in order. Table 1 is vertical, the others horizontal."""

    number: int
    sheet: str
    title: str
    vertical: bool
    fields: tuple[FieldSpec, ...]

    def field_of(self, attribute: str) -> FieldSpec:
        return next(spec for spec in self.fields if spec.attribute == attribute)


@dataclass(frozen=True, slots=True, kw_only=True)
class AefFormat:
    """One version of the format under one profile."""

    id: str
    profile: str
    sheets: tuple[str, ...]
    tables: tuple[TableSpec, ...]
    lists: Mapping[str, CodeList]
    placeholders: tuple[str, ...]
    texts: Mapping[str, str]
    subtypes_by_type: Mapping[str, tuple[str, ...]]
    purposes: Mapping[str, frozenset[str]]
    plain_serials: bool = False
    """Whether first and last id are serials alone instead of full identifiers."""
    confidential: frozenset[str] = frozenset()
    """Attributes of an action that a Party may give as confidential. Source: 2/CMA.3 annex para. 24."""
    confidential_mark: str = ""
    """What stands in the public copy for a confidential value."""
    moments_as_text: bool = False
    """Whether the date of an action is a text in UTC; midnight then stands for "only the day is known"."""

    def table(self, number: int) -> TableSpec:
        return self.tables[number - 1]

    def shown(self, spec: FieldSpec, value: object) -> Shown:
        """The cell for one value: its list spelling, a comma-separated list, or what stands for "no value"."""
        if spec.need is Need.CARP:
            return spec.placeholder or None
        if value is None or value == ():
            return spec.absent or None
        if isinstance(value, tuple):
            return ", ".join(self._spelling(spec, part) for part in value)
        if isinstance(value, str):
            return self._spelling(spec, value)
        assert isinstance(value, int | Fraction | date), (spec.technical_name, value)
        return value

    def _spelling(self, spec: FieldSpec, value: str) -> str:
        return self.lists[spec.code_list].emit.get(value, value) if spec.code_list else value
