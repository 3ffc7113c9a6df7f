"""Plain JSON values as text for people: pairs, tables and short lines, whatever the query's answer holds.

Labels are looked up by `field.<name>` and words of closed choices by `value.<word>`; what has no text stands as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from counterfoil.entrypoints.cli.columns import padded, table, width, wrapped
from counterfoil.entrypoints.language import Texts

ASSUMED: Final = "assumed · 假定"
"""The mark of an assumed value, in both languages everywhere, because a screen may be copied to any reader."""

_AMOUNTS: Final = frozenset(
    "quantity units issued left first_transferred added subtracted net awaiting_use amount authorized_quantity entries"
    " checkpoints blocks oimp omge unused".split()
)
_WORDS: Final = frozenset("state status role direction mitigation_type mitigation signature".split())
_UNKNOWN_COUNTS: Final = frozenset({"quantity"})
"""Fields that stay in sight when they are None: unknown is not zero, and not nothing."""
_OF_AMOUNTS: Final = frozenset({"totals"})
"""Mappings whose every value is an amount, whatever its name."""
_VERBATIM: Final = frozenset({"sealed", "confidential"})
"""Mappings whose names are the reader's own, to be typed again: they are never made prettier."""
_FIRST: Final = (
    *("identifier", "key", "account", "registry", "party", "partner", "name", "title", "holder"),
    *("direction", "state", "status", "role", "vintage", "quantity"),
)
"""What is read first. The rest keeps the order of the answer."""


class Renderer:
    """Renders in one language and one width."""

    def __init__(self, texts: Texts, columns: int) -> None:
        self._texts = texts
        self._columns = columns

    def label(self, name: str) -> str:
        return self._texts.known(f"field.{name}") or name.replace("_", " ")

    def value(self, name: str, value: Any) -> str:
        """A value in one line."""
        match value:
            case None:
                return self._texts("value.unknown") if name in _UNKNOWN_COUNTS else "–"
            case bool():
                return self._texts("value.yes" if value else "value.no")
            case int():
                return f"{value:,}" if name in _AMOUNTS else str(value)
            case str():
                return self._word(name, value)
            case {"vintage": vintage, "quantity": int(quantity), **rest} if not rest:
                return f"{vintage}: {quantity:,}"
            case Mapping():
                shown = {key: item for key, item in value.items() if not _absent(key, item)}
                return ", ".join(f"{self.label(key)} {self.value(key, item)}" for key, item in shown.items())
            case list() | tuple():
                return "; ".join(self.value(name, item) for item in value)
            case _:
                return str(value)

    def _word(self, name: str, value: str) -> str:
        if name in ("act", "last_act"):
            return self._texts.known(f"act.{value}") or value
        return (self._texts.known(f"value.{value}") or value) if name in _WORDS else value

    def mapping(self, view: Mapping[str, Any], *, indent: int = 0) -> Iterator[str]:
        """Single values as aligned pairs, then each nested value under its name."""
        assumed = assumed_fields(view)
        shown = {name: view[name] for name in _ordered(view) if not _absent(name, view[name]) and name != "assumed"}
        left_over = [text for name, text in assumed.items() if name not in shown]
        if left_over:
            shown["assumed"] = left_over
        yield from self._pairs({name: value for name, value in shown.items() if not _nested(value)}, assumed, indent)
        for name, value in shown.items():
            if _nested(value):
                yield from self._under(name, value, indent)

    def _pairs(self, pairs: Mapping[str, Any], assumed: Mapping[str, str], indent: int) -> Iterator[str]:
        labels = {name: ASSUMED if name == "assumed" else self.label(name) for name in pairs}
        places = max((width(label) for label in labels.values()), default=0)
        hanging = indent + places + 2
        for name, value in pairs.items():
            text = self.value(name, value) + (f"  ({ASSUMED})" if name in assumed else "")
            first, *rest = wrapped(text.replace("\n", " "), max(20, self._columns - hanging))
            yield " " * indent + padded(labels[name], places) + "  " + first
            yield from (" " * hanging + line for line in rest)

    def _under(self, name: str, value: Any, indent: int) -> Iterator[str]:
        yield " " * indent + self.label(name)
        match value:
            case str():
                yield from ((" " * (indent + 2) + line).rstrip() for line in value.splitlines())
            case Mapping() if name in _OF_AMOUNTS:
                rows = [[key, self.value("amount", amount)] for key, amount in value.items()]
                yield from table(rows, indent=indent + 2, right=frozenset({1}))
            case Mapping() if name in _VERBATIM:
                rows = [[key, self.value(key, item)] for key, item in value.items()]
                yield from table(rows, indent=indent + 2)
            case Mapping() if _grid(value):
                yield from self.rows([{"": key, **row} for key, row in value.items()], indent=indent + 2)
            case Mapping():
                yield from self.mapping(value, indent=indent + 2)
            case _:
                yield from self.rows(value, indent=indent + 2)

    def rows(self, items: Sequence[Any], *, indent: int = 0) -> Iterator[str]:
        """Mappings as a table; as pairs one below the other where the table would be wider than the screen."""
        if not all(isinstance(item, Mapping) for item in items):
            yield from (" " * indent + self.value("", item) for item in items)
            return
        lines = self._table(items, _columns(items), indent)
        if max(map(width, lines)) <= self._columns:
            yield from lines
            return
        for number, item in enumerate(items):
            if number:
                yield ""
            yield from self.mapping(item, indent=indent)

    def overview(self, items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Mappings as a table of single values, with as many columns as the screen has room for."""
        names = [name for name in _columns(items) if not any(_nested(item.get(name)) for item in items)]
        while len(names) > 1 and max(map(width, lines := self._table(items, names, 0))) > self._columns:
            names.pop()
        yield from lines if len(names) > 1 else self._table(items, names, 0)

    def _table(self, items: Sequence[Mapping[str, Any]], names: Sequence[str], indent: int) -> list[str]:
        cells = [[self.value(name, item[name]) if name in item else "" for name in names] for item in items]
        numbers = {name for name in names if all(_is_number(item.get(name)) for item in items)}
        right = frozenset(place for place, name in enumerate(names) if name in numbers)
        return table([[self.label(name) for name in names], *cells], indent=indent, right=right)


def assumed_fields(record: Mapping[str, Any]) -> dict[str, str]:
    """What a record says is assumed, by the field that it means: `activity type = Transport` means `activity_type`."""
    fields: dict[str, str] = {}
    for text in map(str, record.get("assumed") or ()):
        name = text.partition(" = ")[0].replace(" ", "_")
        fields[text if name in fields else name] = text
    return fields


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _absent(name: str, value: Any) -> bool:
    """Nothing to show. A quantity that is None is unknown, and shown so."""
    return value in ("", [], {}, ()) or (value is None and name not in _UNKNOWN_COUNTS)


def _nested(value: Any) -> bool:
    match value:
        case str():
            return "\n" in value.rstrip("\n")
        case Mapping():
            return bool(value)
        case list() | tuple():
            return any(isinstance(item, Mapping) and set(item) != {"vintage", "quantity"} for item in value)
        case _:
            return False


def _grid(value: Mapping[str, Any]) -> bool:
    """A mapping of flat mappings with the same names: rows with their key in front."""
    rows = list(value.values())
    return all(
        isinstance(row, Mapping) and set(row) == set(rows[0]) and not any(map(_nested, row.values())) for row in rows
    )


def _ordered(view: Mapping[str, Any]) -> list[str]:
    """The names in reading order, without an id or code that only repeats the key in front of it."""
    names = [name for name in _FIRST if name in view]
    names += [name for name in view if name not in names]
    said = {view.get("key"), view.get("account")}
    return [name for name in names if name not in ("id", "code") or view[name] not in said]


def _columns(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Names that hold something in some row, without those that an identifier beside them says already."""
    names = list(dict.fromkeys(name for item in items for name in _ordered(item)))
    names = [name for name in names if any(not _absent(name, item.get(name)) for item in items)]
    said = {"unit_class", "first", "last", "place"} if {"first_id", "last_id"} <= set(names) else {"place"}
    return [name for name in names if name not in said]
