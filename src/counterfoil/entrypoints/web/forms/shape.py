"""What the form of a command asks, told from the types of its fields: the tree that reading, filling and drawing share.

A field of a form is named by its path from the command, such as `f.units.first` or `f.parts.0.last`.
"""

import dataclasses
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import EnumType, StrEnum
from functools import cache
from typing import Any, Final

import msgspec

from counterfoil.application.command import Command
from counterfoil.application.commands.table import BY_NAME
from counterfoil.domain.kernel import canonical
from counterfoil.entrypoints.language import LANGUAGES

PREFIX: Final = "f"
"""Fields of the act, apart from those of the page such as its token and its step."""
DEPTH_MAX: Final = 6
_LONG: Final = frozenset(
    {"answer", "outcome", "recommendation", "text", "adjustment_commitment", "change_circumstances"}
)
_LONG_TOO: Final = frozenset({"change_process", "oimp_detail", "initial_report_justification", "lesson"})
_BY_LANGUAGE: Final = frozenset({"text", "full_text"})
_CHANGING: Final = frozenset({"ChangeActivity", "ChangeAuthorization", "CompleteAuthorization", "ChangeLink"})
"""Commands in which a field that is left alone stays as it was, so that emptying it must be said."""
HIDDEN: Final = frozenset({"id"})


class Control(StrEnum):
    """With what somebody fills a field in."""

    TEXT = "text"
    LONG = "long"
    INTEGER = "integer"
    DAY = "day"
    WORD = "word"
    """One of few words."""
    WORDS = "words"
    """Any of few words."""
    YES = "yes"
    """A tick. What is not ticked is no."""
    YES_NO = "yes_no"
    """Yes, no, or not said."""
    LINES = "lines"
    """Texts, one on each line."""
    NUMBERS = "numbers"
    """Whole numbers, one on each line."""
    GROUP = "group"
    """Fields that belong together."""
    ROWS = "rows"
    """Such groups, as many as wanted."""
    PAIRS = "pairs"
    """Names with values, as many as wanted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field. `default` is the JSON that it holds when nothing is said; `clears` that nothing and empty differ.

    `words` are the choices and `vocabulary` the name of their enumeration. `parts` are the fields of a group or row;
    `names` those of pairs that are always asked, `integers` whether their values are whole numbers, `free` whether
    the values may be of any kind.
    """

    name: str
    control: Control
    required: bool = True
    default: Any = None
    clears: bool = False
    words: tuple[str, ...] = ()
    vocabulary: str = ""
    parts: "tuple[Asked, ...]" = ()
    names: tuple[str, ...] = ()
    integers: bool = False
    free: bool = False
    owner: str = ""
    """The command or part to which it belongs."""


@cache
def shape(command: str) -> tuple[Asked, ...]:
    """The fields of a command in the order of its dataclass, its own before those that every command has."""
    cls = BY_NAME[command]
    common = {each.name for each in dataclasses.fields(Command)}
    asked = tuple(_fields(cls, 0))
    own = [each for each in asked if each.name not in common]
    return (*own, *(each for each in asked if each.name in common and each.name not in HIDDEN))


def by_path(asked: tuple[Asked, ...], path: str) -> Asked | None:
    """The field of a path such as `f.parts.0.last`; row numbers are passed over."""
    found: Asked | None = None
    level = asked
    for step in path.split(".")[1:]:
        if step.isdecimal():
            continue
        found = next((each for each in level if each.name == step), None)
        if found is None:
            return None
        level = found.parts
    return found


def _fields(cls: type[Any], depth: int) -> Iterator[Asked]:
    assert depth < DEPTH_MAX, "no command is that deep"
    # The JSON alias refers to itself by name, which is only known where it is defined.
    hints = typing.get_type_hints(cls, {**vars(canonical), **vars(sys.modules[cls.__module__])})
    for each in dataclasses.fields(cls):
        yield _asked(cls, each, hints[each.name], depth)


def _asked(cls: type[Any], field: "dataclasses.Field[Any]", hint: Any, depth: int) -> Asked:
    value = field.default
    if value is dataclasses.MISSING and field.default_factory is not dataclasses.MISSING:
        value = field.default_factory()
    required = value is dataclasses.MISSING
    default = None if required else _lists(msgspec.to_builtins(value))
    plain, optional = _plain(hint)
    made = Asked(field.name, Control.TEXT, required and not optional, default, owner=cls.__name__)
    empty_says = (
        optional and cls.__name__ in _CHANGING and not (isinstance(plain, EnumType) or plain in (int, bool, date))
    )
    return dataclasses.replace(_typed(made, plain, depth), clears=empty_says)


def _plain(hint: Any) -> tuple[Any, bool]:
    """The type without `None` and without its new name, and whether `None` was among it."""
    optional = False
    while True:
        origin = typing.get_origin(hint)
        if origin in (types.UnionType, typing.Union):
            found = [each for each in typing.get_args(hint) if each is not types.NoneType]
            optional = optional or len(found) < len(typing.get_args(hint))
            if len(found) != 1:
                return str, optional
            hint = found[0]
        elif isinstance(hint, typing.NewType):
            hint = hint.__supertype__
        else:
            return hint, optional


def _typed(asked: Asked, hint: Any, depth: int) -> Asked:
    origin = typing.get_origin(hint)
    if origin is tuple:
        return _several(asked, _plain(typing.get_args(hint)[0])[0], depth)
    if origin is not None and issubclass(origin, Mapping):
        return _pairs(asked, typing.get_args(hint)[1])
    if dataclasses.is_dataclass(hint):
        return dataclasses.replace(
            asked, control=Control.GROUP, parts=tuple(_fields(typing.cast(Any, hint), depth + 1))
        )
    if isinstance(hint, EnumType):
        return dataclasses.replace(asked, control=Control.WORD, words=_words(hint), vocabulary=hint.__name__)
    if hint is bool:
        sure = not asked.required and asked.default is not None
        return dataclasses.replace(asked, control=Control.YES if sure else Control.YES_NO)
    if hint is int:
        return dataclasses.replace(asked, control=Control.INTEGER)
    if hint is date:
        return dataclasses.replace(asked, control=Control.DAY)
    return dataclasses.replace(asked, control=Control.LONG if asked.name in _LONG | _LONG_TOO else Control.TEXT)


def _several(asked: Asked, hint: Any, depth: int) -> Asked:
    if dataclasses.is_dataclass(hint):
        return dataclasses.replace(asked, control=Control.ROWS, parts=tuple(_fields(typing.cast(Any, hint), depth + 1)))
    if isinstance(hint, EnumType):
        return dataclasses.replace(asked, control=Control.WORDS, words=_words(hint), vocabulary=hint.__name__)
    if hint is int:
        return dataclasses.replace(asked, control=Control.NUMBERS)
    if typing.get_origin(hint) is not None:
        # Objects of any shape are named by partners' messages only, which no hand fills in.
        return dataclasses.replace(asked, control=Control.LONG)
    return dataclasses.replace(asked, control=Control.LINES)


def _pairs(asked: Asked, value: Any) -> Asked:
    names = LANGUAGES if asked.name in _BY_LANGUAGE else ()
    return dataclasses.replace(
        asked,
        control=Control.PAIRS,
        names=names,
        integers=value is int,
        free=typing.get_origin(value) is None and value is Any,
    )


def _lists(value: Any) -> Any:
    """As JSON has it: lists, where a dataclass has tuples."""
    if isinstance(value, dict):
        return {name: _lists(each) for name, each in value.items()}
    return [_lists(each) for each in value] if isinstance(value, list | tuple) else value


def _words(hint: EnumType) -> tuple[str, ...]:
    return tuple(str(each.value) for each in typing.cast(Any, hint))
