"""Dataclasses to JSON and back, by their annotations: how records stand in the journal and commands on the wire.

Only what the house uses: str, int, bool, date, enums, NewTypes, tuples, mappings, nested dataclasses, and `X | None`.
"""

import dataclasses
import typing
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar

from counterfoil.domain.kernel.canonical import JSON

T = TypeVar("T")
_PLAIN: Final = frozenset((str, int, bool, type(None)))


def to_json(value: object) -> JSON:
    """The JSON form of a record: dates as ISO 8601, enums by value, dataclasses as objects with every field."""
    kind: Any = type(value)
    return _writer(kind)(value)


def from_json(cls: type[T], value: JSON) -> T:
    """The record again.

    Raises:
        ValueError or TypeError: when the JSON does not have the shape of `cls`; journal leaves always have it.
    """
    return typing.cast(T, _reader(typing.cast(Any, cls))(value))


@cache
def _writer(kind: Any) -> Callable[[Any], JSON]:
    if issubclass(kind, Enum):
        return _value_of
    if kind is type(None) or issubclass(kind, str | int):
        return _same
    if issubclass(kind, date):
        return kind.isoformat  # type: ignore[no-any-return]
    if issubclass(kind, tuple | list):
        return _listed
    if issubclass(kind, Mapping):
        return _named
    if dataclasses.is_dataclass(kind):
        return _members_of(kind)
    raise TypeError(f"{kind.__name__} has no record form")


def _value_of(value: Any) -> Any:
    return value.value


def _listed(values: Any) -> JSON:
    return [to_json(item) for item in values]


def _named(values: Any) -> JSON:
    return {str(name): to_json(item) for name, item in values.items()}


def _members_of(cls: Any) -> Callable[[Any], JSON]:
    names = [field.name for field in dataclasses.fields(cls)]

    def members(value: Any) -> JSON:
        found: dict[str, JSON] = {}
        for name in names:
            member = getattr(value, name)
            kind: Any = type(member)
            found[name] = member if kind in _PLAIN else _writer(kind)(member)
        return found

    return members


@cache
def _reader(annotation: Any) -> Callable[[Any], Any]:
    origin = typing.get_origin(annotation)
    if isinstance(annotation, typing.NewType):
        return _reader(annotation.__supertype__)
    parts = typing.get_args(annotation)
    if type(None) in parts:
        inner = [part for part in parts if part is not type(None)]
        return _optional(_reader(inner[0])) if len(inner) == 1 else _same
    if origin is tuple:
        return _tuple_of(_reader(typing.get_args(annotation)[0]))
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        return _dataclass_of(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return annotation
    return date.fromisoformat if annotation is date else _same


def _same(value: Any) -> Any:
    return value


def _optional(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def _tuple_of(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda values: tuple(read(value) for value in values)


def _dataclass_of(cls: type[Any]) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(cls)
    readers = {field.name: _reader(hints[field.name]) for field in dataclasses.fields(cls)}
    plain = frozenset(name for name, reader in readers.items() if reader is _same)
    if len(plain) == len(readers):
        readers = {}

    def read(value: Mapping[str, Any]) -> Any:
        if not isinstance(value, Mapping):
            raise TypeError(f"a {cls.__name__} is an object, not {type(value).__name__}")
        if not readers:
            return cls(**value)  # what stands in it is what it is made of
        return cls(**{name: item if name in plain else readers[name](item) for name, item in value.items()})

    return read
