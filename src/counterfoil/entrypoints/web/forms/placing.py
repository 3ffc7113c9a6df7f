"""Beside which field a refusal belongs: the one that it names, or the one that holds the value it speaks of."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from counterfoil.application.command import CommandFault
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.forms.answering import place_of_missing
from counterfoil.entrypoints.web.forms.reading import Typed
from counterfoil.entrypoints.web.forms.shape import PREFIX, Asked, by_path

_PLACE: Final = re.compile(r"at `\$([\w.\[\]]*)`")
_NAMED: Final = re.compile(r"missing required field `(\w+)`")
_SPEAKING: Final = 3
"""A shorter value stands in too many fields to say which one is meant."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a form: texts by the field's path, and the fault as a whole with the path where it belongs."""

    fields: Mapping[str, str] = field(default_factory=dict)
    fault: Refusal | Outage | None = None
    at: str = ""

    def __bool__(self) -> bool:
        return bool(self.fields) or self.fault is not None


NOTHING_WRONG: Final = Wrong()


def in_order(asked: tuple[Asked, ...], wrong: Mapping[str, str]) -> dict[str, str]:
    """What is wrong in the order in which the form asks it."""
    order = {each.name: number for number, each in enumerate(asked)}
    return dict(sorted(wrong.items(), key=lambda each: order.get(each[0].split(".")[1], len(order))))


def placed(asked: tuple[Asked, ...], typed: Typed, fault: Refusal | Outage) -> Wrong:
    """The fault, and the path of its field where one can be told; else it stands above the form."""
    path = next(_paths(asked, typed, fault), "")
    return Wrong(fault=fault, at=path)


def _paths(asked: tuple[Asked, ...], typed: Typed, fault: Refusal | Outage) -> Iterator[str]:
    facts: Mapping[str, Any] = fault.facts
    if missing := place_of_missing(typed, fault):
        yield missing
    if fault.code in (CommandFault.UNREADABLE, CommandFault.FIELD_UNKNOWN):
        yield from _said(asked, str(facts.get("detail", "")))
    named = facts.get("field")
    if isinstance(named, str) and by_path(asked, f"{PREFIX}.{named}") is not None:
        yield f"{PREFIX}.{named}"
    # The value comes before the name: `account` may be named by a fault about the target of a transfer.
    for name, value in facts.items():
        yield from _holding(typed, name, value)
    for name in facts:
        if by_path(asked, f"{PREFIX}.{name}") is not None:
            yield f"{PREFIX}.{name}"


def _said(asked: tuple[Asked, ...], detail: str) -> Iterator[str]:
    """The place that the reading of JSON names, such as ``$.parts[0].first``."""
    found, missing = _PLACE.search(detail), _NAMED.search(detail)
    steps = [] if found is None else [each for each in re.split(r"[.\[\]]+", found[1]) if each]
    path = ".".join([PREFIX, *steps, *([missing[1]] if missing else [])])
    if path != PREFIX and by_path(asked, path) is not None:
        yield path


def _holding(typed: Typed, name: str, value: Any) -> Iterator[str]:
    text = str(value)
    if len(text) < _SPEAKING or isinstance(value, list | tuple | dict):
        return
    places = [path for path, values in typed.items() if text in values and ":" not in path]
    # Of several that hold the same text, the one with the fact's own name is meant.
    yield from sorted(places, key=lambda path: path.rpartition(".")[2] != name)
