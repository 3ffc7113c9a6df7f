"""What a form sent, as the JSON object of its command; what cannot be read is named by its field.

Nothing is guessed: a number that is none stays beside its field as it was typed, with what to do about it. Whether the
command itself is right is asked afterwards, by the one reading that all entrypoints share (`entrypoints/wire.py`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from counterfoil.domain.policy.facts import FACTS, FactType
from counterfoil.entrypoints.web.forms.shape import PREFIX, Asked, Control

ROWS_MAX: Final = 200
"""Rows of one field in a form; who has more sends them through the API or from a file."""
ID: Final = f"{PREFIX}.id"
EMPTY: Final = ":empty"
"""The tick that says *nothing*, where leaving a field alone says *as it was*."""
GIVEN: Final = ":given"
"""The tick that says a group is meant, though all of it stands as it would by itself."""
_NUMBER: Final = re.compile(r"[+-]?\d{1,30}\Z")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:[,\u00a0\u202f ]\d{3})+\Z")
_NATURAL: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})\Z")
_YES: Final = {"yes": True, "no": False, "true": True, "false": False}
_WHOLE: Final = frozenset({FactType.TONNES, FactType.COUNT, FactType.MONEY, FactType.YEAR})
_SEALED_WHOLE: Final = frozenset({"price", "amount", "proceeds", "fee"})
"""Confidential values that rules reckon with."""

Typed = Mapping[str, tuple[str, ...]]
"""What stands in the fields of a form, by their names; of ticks and lists, several."""


@dataclass(frozen=True, slots=True)
class Read:
    """The JSON of the command, without what stands as it would by itself. `wrong`: fields, with the key of a text."""

    value: dict[str, Any]
    wrong: Mapping[str, str] = field(default_factory=dict)


def typed_of(fields: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The act's own fields of what a form sent."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in fields:
        if name.startswith(f"{PREFIX}."):
            found[name] = (*found.get(name, ()), value.replace("\r\n", "\n"))
    return found


def read(asked: tuple[Asked, ...], typed: Typed) -> Read:
    """The JSON that a form says, beside `command`."""
    wrong: dict[str, str] = {}
    value = _group(asked, typed, PREFIX, wrong)
    identity = _text(typed, ID)
    return Read({"id": identity, **value} if identity else value, wrong)


def rows_of(typed: Typed, path: str) -> list[int]:
    """The numbers of the rows that stand in a form; they keep them when others are removed."""
    found = {int(rest[0]) for name in typed if name.startswith(f"{path}.") and (rest := _rest(name, path))}
    return sorted(found)[:ROWS_MAX]


def _rest(name: str, path: str) -> list[str]:
    first = name[len(path) + 1 :].partition(".")[0]
    return [first] if first.isdecimal() and len(first) <= 6 else []


def _group(asked: tuple[Asked, ...], typed: Typed, path: str, wrong: dict[str, str]) -> dict[str, Any]:
    """The fields of one level. That a required one is missing counts only where anything else of it is said."""
    value: dict[str, Any] = {}
    missing: dict[str, str] = {}
    for each in asked:
        place = f"{path}.{each.name}"
        found = _value(each, typed, place, wrong)
        if found is None and each.required:
            if each.control in _EMPTY_SAYS:
                value[each.name] = {} if each.control is Control.PAIRS else []
            elif each.control is not Control.GROUP:
                missing[place] = "web.form.missing"
        elif found is not None and (each.required or found != each.default):
            value[each.name] = found
    said = any(each not in ([], {}) for each in value.values())
    if said or path == PREFIX:
        wrong.update(missing)
        return value
    return {}


def _value(asked: Asked, typed: Typed, path: str, wrong: dict[str, str]) -> Any:
    """The JSON of one field; None where it says nothing."""
    if asked.clears and f"{path}{EMPTY}" in typed:
        return [] if asked.control in _LISTS else {} if asked.control is Control.PAIRS else ""
    match asked.control:
        case Control.GROUP:
            return _one(asked, typed, path, wrong)
        case Control.ROWS:
            rows = [_group(asked.parts, typed, f"{path}.{number}", wrong) for number in rows_of(typed, path)]
            return [row for row in rows if row] or None
        case Control.PAIRS:
            return _pairs(asked, typed, path, wrong) or None
        case Control.WORDS:
            return [each for each in typed.get(path, ()) if each] or None
        case Control.LINES | Control.NUMBERS:
            return _lines(asked, typed, path, wrong) or None
        case _:
            return _plain(asked, _text(typed, path), path, wrong)


_LISTS: Final = frozenset({Control.ROWS, Control.WORDS, Control.LINES, Control.NUMBERS})
_EMPTY_SAYS: Final = _LISTS | {Control.PAIRS}


def _one(asked: Asked, typed: Typed, path: str, wrong: dict[str, str]) -> Any:
    own: dict[str, str] = {}
    found = _group(asked.parts, typed, path, own)
    if not found and asked.required:
        own.update({f"{path}.{each.name}": "web.form.missing" for each in asked.parts if each.required})
    wrong.update(own)
    if found or f"{path}{GIVEN}" in typed or (asked.required and any(name.startswith(f"{path}.") for name in typed)):
        return found
    return None


def _plain(asked: Asked, text: str, path: str, wrong: dict[str, str]) -> Any:
    if not text:
        return None
    match asked.control:
        case Control.INTEGER:
            return _whole(text, path, wrong)
        case Control.DAY:
            return _day(text, path, wrong)
        case Control.YES | Control.YES_NO:
            return _YES.get(text, text)
        case _:
            return text


def _whole(text: str, path: str, wrong: dict[str, str]) -> Any:
    plain = text.replace("\N{MINUS SIGN}", "-")
    if _GROUPED.match(plain):
        plain = re.sub(r"[^\d+-]", "", plain)
    if _NUMBER.match(plain):
        return int(plain)
    wrong[path] = "web.form.not_whole"
    return text


def _day(text: str, path: str, wrong: dict[str, str]) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        wrong[path] = "web.form.not_a_day"
        return text


def _lines(asked: Asked, typed: Typed, path: str, wrong: dict[str, str]) -> list[Any]:
    texts = [line.strip() for value in typed.get(path, ()) for line in value.split("\n") if line.strip()]
    if asked.control is Control.LINES:
        return texts
    # Years are often written in one line.
    return [_whole(text, path, wrong) for line in texts for text in re.split(r"[\s,;、，]+", line) if text]


def _pairs(asked: Asked, typed: Typed, path: str, wrong: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number in rows_of(typed, path):
        place = f"{path}.{number}"
        name, text = _text(typed, f"{place}.key"), _text(typed, f"{place}.value")
        if name and text:
            found[name] = _pair_value(asked, name, text, f"{place}.value", wrong)
    return found


def _pair_value(asked: Asked, name: str, text: str, path: str, wrong: dict[str, str]) -> Any:
    if asked.integers:
        return _whole(text, path, wrong)
    if asked.free:
        return _fact(name, text, path, wrong)
    if asked.name == "confidential" and name in _SEALED_WHOLE and _NATURAL.match(text):
        return int(text)
    return text


def _fact(name: str, text: str, path: str, wrong: dict[str, str]) -> Any:
    """An answer to the law: as its fact is written. A fact of a pack's own is told by what stands there."""
    known = FACTS.get(name)
    if known is None:
        return _YES[text] if text in _YES else int(text) if _NATURAL.match(text) else text
    if known.type is FactType.YES_NO:
        return _YES.get(text, text)
    if known.type in _WHOLE:
        return _whole(text, path, wrong)
    if known.type is FactType.WORDS:
        return [each.strip() for each in re.split(r"[,;、，\n]", text) if each.strip()]
    return text


def _text(typed: Typed, path: str) -> str:
    values = typed.get(path, ())
    return values[-1].strip() if values else ""
