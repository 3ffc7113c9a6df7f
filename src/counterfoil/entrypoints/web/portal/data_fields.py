"""What the fields of the public lists mean: their names in both languages, their types, and the term of the glossary.

The types come from the records' own dataclasses; a list without one is described by what stands in it.
"""

import dataclasses
import types
import typing
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Final

from counterfoil.application.commands.abroad import TransferRecord
from counterfoil.domain.accounting.inventory import Inventory
from counterfoil.domain.accounting.ndc import Ndc
from counterfoil.domain.activities.activity import Activity, CooperativeApproach
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.quota import Quota
from counterfoil.domain.federation.link import Partner
from counterfoil.domain.reporting.filing import Filing
from counterfoil.domain.reporting.review import ReviewAnswer, ReviewFinding
from counterfoil.entrypoints.glossary import glossary
from counterfoil.entrypoints.language import LANGUAGES, Texts, said

RECORDS: Final[Mapping[str, type]] = {
    "activities": Activity,
    "approaches": CooperativeApproach,
    "authorizations": Authorization,
    "transfers": TransferRecord,
    "partners": Partner,
    "ndcs": Ndc,
    "inventories": Inventory,
    "quotas": Quota,
    "reports-filed": Filing,
    "reports-versions": Filing,
    "review-findings": ReviewFinding,
    "review-answers": ReviewAnswer,
}
"""The lists whose records have a dataclass."""
OTHER: Final = "other"
"""The last column: fields that the list's description does not have, as JSON, so that nothing is left out."""


class FieldType(StrEnum):
    """What stands in a field. Lists and objects stand in tables as JSON."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    DAY = "day"
    LIST = "list"
    OBJECT = "object"


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One field of a list. `sure` fields hold their type in every row, so a file may be typed by it."""

    name: str
    type: FieldType
    sure: bool = False

    def label(self, texts: Texts) -> str:
        return texts.known(f"field.{self.name}") or self.name

    def meaning(self, of: str, texts: Texts) -> str:
        """What the field says in a list, in one sentence; where it is a term of the glossary, that one's definition."""
        own = texts.known(f"meaning.{self.name}.{of}")
        term = None if own else glossary().get(self.name)
        if term is not None:
            return str(said(term["definition"], texts.language))
        return own or texts.known(f"meaning.{self.name}") or ""


def fields_of(name: str, sample: Iterable[Mapping[str, Any]]) -> list[Field]:
    """The fields of a list in their order: key, those of its dataclass, and those that only the rows have."""
    found = {"key": Field("key", FieldType.TEXT, sure=True)}
    cls = RECORDS.get(name)
    if cls is not None:
        found |= {field.name: field for field in _declared(cls)}
    for row in sample:
        for key, value in row.items():
            known = found.get(key)
            if known is None or (known.type is FieldType.TEXT and not known.sure and value is not None):
                found[key] = Field(key, _type_of(value))
    return list(found.values())


@cache
def _declared(cls: type) -> tuple[Field, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(Field(field.name, _type_for(hints[field.name]), sure=True) for field in dataclasses.fields(cls))


def _type_for(annotation: Any) -> FieldType:
    """The type of an annotation; of `X | None` that of X."""
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        annotation = next(each for each in typing.get_args(annotation) if each is not type(None))
    origin = typing.get_origin(annotation) or getattr(annotation, "__supertype__", annotation)
    for kind, told in ((bool, FieldType.YES_NO), (int, FieldType.NUMBER), (date, FieldType.DAY), (str, FieldType.TEXT)):
        if isinstance(origin, type) and issubclass(origin, kind):
            return told
    return FieldType.LIST if isinstance(origin, type) and issubclass(origin, tuple | list) else FieldType.OBJECT


def _type_of(value: Any) -> FieldType:
    match value:
        case bool():
            return FieldType.YES_NO
        case int():
            return FieldType.NUMBER
        case list() | tuple():
            return FieldType.LIST
        case Mapping():
            return FieldType.OBJECT
        case _:
            return FieldType.TEXT


def described(field: Field, of: str) -> dict[str, Any]:
    """A field of a list in the dictionary for programs, in both languages."""
    return {
        "name": field.name,
        "type": field.type.value,
        "label": {language: field.label(Texts(language)) for language in LANGUAGES},
        "meaning": {language: field.meaning(of, Texts(language)) for language in LANGUAGES},
    }
