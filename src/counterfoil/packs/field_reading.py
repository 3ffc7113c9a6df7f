"""From TOML to the fields of a rule kind, by their annotations: units fit, names exist, no key is left over."""

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.policy.basis import Text
from counterfoil.domain.policy.content import ANY, CODE, FACT, In, Names
from counterfoil.domain.policy.facts import FACTS, Fact
from counterfoil.domain.policy.figure import Figure, fits, quantity
from counterfoil.packs.likeness import as_name, near
from counterfoil.packs.pack_fault import PackFault
from counterfoil.packs.toml_file import Place, TomlFile

LANGUAGES: Final = ("en", "zh-Hant")
TEXT_MAX: Final = 2_000
ITEMS_MAX: Final = 500
REQUIREMENT: Final = re.compile(r"R-[A-Z][A-Z0-9]{2}-[0-9]{2}\Z", re.ASCII)


class Unread(Exception):
    """A field could not be read; the problem is kept already."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A key of a file. Its reader keeps a problem there, and then raises `Unread`."""

    file: TomlFile
    place: Place

    @property
    def key(self) -> str:
        return str(self.place[-1]) if self.place else ""

    def below(self, key: str | int) -> "Spot":
        return Spot(self.file, (*self.place, key))

    def wrong(self, fault: StrEnum, /, **facts: JSON) -> Unread:
        """Keep the problem; raise what comes back, to give the field up."""
        self.file.wrong(fault, self.place, **facts)
        return Unread()


@dataclass(frozen=True, slots=True)
class Expected:
    """What a field holds beyond its type."""

    unit: str = ANY
    names: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The names that the words of a pack may mean. `values`: each value's unit."""

    values: Mapping[str, str]
    facts: Mapping[str, Fact]
    jurisdictions: frozenset[str]

    def has_fact(self, name: str) -> bool:
        return name in FACTS or name in self.facts


def read_content(cls: type, raw: Mapping[str, Any], spot: Spot, known: Known) -> Any:
    """The content of one version of a rule, or None with every problem kept."""
    hints = typing.get_type_hints(cls, include_extras=True)
    fields: dict[str, Any] = {}
    sound = True
    for field in dataclasses.fields(cls):
        try:
            if field.name in raw:
                hint, expected = _unwrapped(hints[field.name])
                fields[field.name] = _value(hint, raw[field.name], spot.below(field.name), known, expected)
            elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                raise spot.wrong(PackFault.KEY_MISSING, key=field.name)
        except Unread:
            sound = False
    for key in raw:
        if key not in hints:
            spot.below(key).wrong(PackFault.KEY_UNKNOWN, key=key, known=", ".join(hints))
            sound = False
    return cls(**fields) if sound else None


def _unwrapped(hint: Any) -> tuple[Any, Expected]:
    marks: tuple[Any, ...] = ()
    if typing.get_origin(hint) is typing.Annotated:
        hint, *rest = typing.get_args(hint)
        marks = tuple(rest)
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    unit = next((mark.unit for mark in marks if isinstance(mark, In)), ANY)
    return hint, Expected(unit, next((mark.what for mark in marks if isinstance(mark, Names)), ""))


def _value(hint: Any, raw: Any, spot: Spot, known: Known, expected: Expected) -> Any:
    origin = typing.get_origin(hint)
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_value(inner, item, spot, known, expected) for item in shaped(list, raw, spot)[:ITEMS_MAX])
    if origin is not None and issubclass(origin, Mapping):
        inner = typing.get_args(hint)[1]
        table = shaped(dict, raw, spot)
        for key in table:
            _named(expected.names, key, spot.below(key), known)
        below = Expected(expected.unit)
        return {key: _value(inner, item, spot.below(key), known, below) for key, item in table.items()}
    if hint is Figure:
        return _figure(raw, spot, known, expected.unit)
    if hint is Text:
        return read_text(raw, spot)
    if hint is date:
        return read_day(raw, spot)
    if issubclass(hint, StrEnum):
        return choice(hint, raw, spot)
    word = shaped(hint, raw, spot)
    if hint is str:
        _named(expected.names, word, spot, known)
    return word


def shaped(shape: type, raw: Any, spot: Spot) -> Any:
    """What was written, when it has the shape that is expected here."""
    is_bool = isinstance(raw, bool) and shape is int
    if not isinstance(raw, shape) or is_bool or (isinstance(raw, str) and not 0 < len(raw) <= TEXT_MAX):
        words = {list: '["...", "..."]', dict: "{ ... = ... }", str: '"..."', bool: "true", int: "1"}
        raise spot.wrong(PackFault.SHAPE_WRONG, key=spot.key, expected=f"{spot.key} = {words[shape]}")
    return raw


def _named(names: str, word: str, spot: Spot, known: Known) -> None:
    if names == FACT and not known.has_fact(word):
        raise spot.wrong(PackFault.FACT_UNKNOWN, **fact_unknown(word, known.facts))
    if names == CODE and word not in known.jurisdictions:
        raise spot.wrong(PackFault.JURISDICTION_UNKNOWN, jurisdiction=word)


def fact_unknown(word: str, declared: Mapping[str, Fact]) -> dict[str, JSON]:
    """What is told of a fact that nobody declared: also those spelt nearly alike, and the name to declare it by."""
    return {"fact": word[:80], "near": near(word, (*FACTS, *declared)), "declared": as_name(word[:60])}


def _figure(raw: Any, spot: Spot, known: Known, unit: str) -> Figure:
    """A number with its unit, or the name of a value whose unit fits."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        raise spot.wrong(PackFault.VALUE_WITHOUT_UNIT, key=spot.key, value=str(raw), unit=_shown(unit))
    text = shaped(str, raw, spot)
    if text in known.values:
        _fitting(known.values[text], unit, text, spot)
        return Figure(None, named=text)
    written = quantity(text)
    if written is not None:
        _fitting(written.unit, unit, text, spot)
        return Figure(written)
    if re.fullmatch(r"[0-9.,/ ]+", text):
        raise spot.wrong(PackFault.VALUE_WITHOUT_UNIT, key=spot.key, value=text, unit=_shown(unit))
    if text[:1].isalpha():
        raise spot.wrong(PackFault.VALUE_UNKNOWN, value=text, known=", ".join(known.values) or "-")
    raise spot.wrong(PackFault.VALUE_UNREADABLE, key=spot.key, value=text, unit=_shown(unit))


def _fitting(unit: str, expected: str, text: str, spot: Spot) -> None:
    if expected != ANY and not any(fits(unit, each) for each in expected.split("|")):
        raise spot.wrong(PackFault.UNIT_UNFIT, key=spot.key, value=text, unit=_shown(expected))


_WRITTEN_SO: Final = {
    "share": "5 %",
    "ratio": "1:1",
    "money": "500 SGD",
    "money/t": "45 SGD/t",
    "t": "100,000 t",
    "t|MW": "100,000 t | 25 MW",
}


def _shown(unit: str) -> str:
    """A number of the expected sort as it is written, so that the whole of it can be taken over."""
    return _WRITTEN_SO.get(unit, unit.replace("|", " | "))


def choice(kinds: type[StrEnum], raw: Any, spot: Spot) -> Any:
    """One of a closed list of words."""
    if not isinstance(raw, str) or raw not in set(kinds):
        known = ", ".join(kinds)
        raise spot.wrong(PackFault.CHOICE_UNKNOWN, key=spot.key, value=str(raw)[:80], known=known)
    return kinds(raw)


def read_text(raw: Any, spot: Spot) -> Text:
    """A text in both languages."""
    texts = raw if isinstance(raw, dict) else {}
    for language in LANGUAGES:
        if not isinstance(texts.get(language), str) or not 0 < len(texts[language].strip()) <= TEXT_MAX:
            raise spot.wrong(PackFault.LABEL_MISSING, key=spot.key, language=language)
    if extra := [key for key in texts if key not in LANGUAGES]:
        raise spot.wrong(PackFault.KEY_UNKNOWN, key=extra[0], known=", ".join(LANGUAGES))
    return Text(texts["en"], texts["zh-Hant"])


def read_requirements(raw: Mapping[str, Any], spot: Spot) -> tuple[str, ...]:
    """The ids of requirements under the key `requirements`; none where it is left out."""
    spot = spot.below("requirements")
    ids = shaped(list, raw.get("requirements", []), spot)
    for each in ids:
        if not isinstance(each, str) or not REQUIREMENT.match(each):
            raise spot.wrong(PackFault.REQUIREMENT_UNFIT, value=str(each)[:80])
    return tuple(ids[:ITEMS_MAX])


def read_day(raw: Any, spot: Spot) -> date:
    """A day, written without quotes."""
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise spot.wrong(PackFault.SHAPE_WRONG, key=spot.key, expected=f"{spot.key} = 2026-01-31")
    return raw
