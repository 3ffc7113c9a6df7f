"""One TOML file of a pack: its content, the line of every key, and the problems found in it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources.abc import Traversable
from typing import Any, Final, TypeAlias

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.packs.likeness import likeliest_first
from counterfoil.packs.pack_fault import PackFault

Place: TypeAlias = "tuple[str | int, ...]"
"""The way to a key: names of tables and keys, and places in arrays of tables."""

FILE_BYTES_MAX: Final = 256 * 1024
_KEY: Final = r"(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')"
_TABLE: Final = re.compile(rf"\s*(\[\[?)\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*\]\]?\s*(?:#.*)?\Z")
_ENTRY: Final = re.compile(rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*=")
_DEEP: Final = re.compile(r"(?<![\w\"'-])(?:(?:[\w-]++|\"[^\"\n]*\"|'[^'\n]*')[ \t]*+\.[ \t]*+){40}")
"""A name of more parts than any pack has; the reader of TOML takes the square of their number."""
_AT_END: Final = "at end of document"
_POSITION: Final = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(slots=True)
class Problems:
    """What was found so far, in the order in which it was found."""

    found: list[Refusal] = field(default_factory=list)

    def add(self, fault: StrEnum, file: str, line: int, facts: Mapping[str, JSON]) -> None:
        refusal = Refusal(fault, {"file": file, "line": line, **facts})
        if refusal not in self.found:
            self.found.append(refusal)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """`name` is the path inside the pack with the pack's folder before it, such as `idn/law/export.toml`."""

    name: str
    content: Mapping[str, Any]
    lines: Mapping[Place, int]
    problems: Problems

    def wrong(self, fault: StrEnum, place: Place, /, **facts: JSON) -> None:
        """Keep a problem at a key, or at the nearest table around it that has a line of its own."""
        known = facts.get("known")
        if isinstance(known, str):
            word = str(facts.get("value", facts.get("key", "")))
            facts["known"] = ", ".join(likeliest_first(word, known.split(", ")))
        self.problems.add(fault, self.name, self.line(place), facts)

    def line(self, place: Place) -> int:
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place[:-1]
        return 1


def read_toml(path: Traversable, name: str, problems: Problems) -> TomlFile | None:
    """The file, or None with the problem kept."""
    if not path.is_file():
        problems.add(PackFault.FILE_MISSING, name, 1, {})
        return None
    raw = path.read_bytes()
    if len(raw) > FILE_BYTES_MAX:
        problems.add(PackFault.FILE_TOO_LARGE, name, 1, {"bytes_max": FILE_BYTES_MAX})
        return None
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")  # some editors write a mark in front; it says nothing
    except UnicodeDecodeError as error:
        problems.add(PackFault.NOT_UTF8, name, raw[: error.start].count(b"\n") + 1, {})
        return None
    if deep := _DEEP.search(text):
        problems.add(PackFault.KEY_TOO_DEEP, name, text.count("\n", 0, deep.start()) + 1, {"written": deep[0][:60]})
        return None
    try:
        return TomlFile(name, tomllib.loads(text), dict(key_lines(text)), problems)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        _broken(name, text, str(error), problems)
        return None


def _broken(name: str, text: str, error: str, problems: Problems) -> None:
    """Keep what the reader of TOML says, with the line as it is written: its words alone mean little to a lawyer."""
    lines = text.rstrip("\n").split("\n")
    position = _POSITION.search(error)
    number = min(int(position[1]), len(lines)) if position else len(lines) if _AT_END in error else 1
    facts = {"written": lines[number - 1].strip()[:120] or "-", "detail": _POSITION.sub("", error)[:200]}
    problems.add(PackFault.TOML_BROKEN, name, number, facts)


def key_lines(text: str) -> Iterator[tuple[Place, int]]:
    """Every table and key with its line. Keys inside `{ }` have the line of the key that holds them.

    >>> dict(key_lines("a = 1\\n[[t]]\\nb = 2"))
    {('a',): 1, ('t',): 2, ('t', 0): 2, ('t', 0, 'b'): 3}
    """
    table: Place = ()
    counts: dict[Place, int] = {}
    begun: set[Place] = set()
    quoted = ""
    for number, line in enumerate(text.split("\n"), 1):
        inside, quoted = bool(quoted), _quoted_after(line, quoted)
        if inside:
            continue
        if found := _TABLE.match(line):
            named = _resolved(_parts(found[2]), counts)
            for end in range(1, len(named)):  # a table that is only implied has the line of what implies it
                if named[:end] not in begun:
                    begun.add(named[:end])
                    yield named[:end], number
            begun.add(named)
            yield named, number
            if found[1] == "[[":
                counts[named] = counts.get(named, -1) + 1
                named = (*named, counts[named])
                yield named, number
            table = named
        elif found := _ENTRY.match(line):
            keys = _parts(found[1])
            for end in range(1, len(keys) + 1):
                yield (*table, *keys[:end]), number


def _resolved(keys: Place, counts: Mapping[Place, int]) -> Place:
    """A table's place: below an array of tables it stands in the last element."""
    place: Place = ()
    for key in keys[:-1]:
        place = (*place, key)
        place = (*place, counts[place]) if place in counts else place
    return (*place, keys[-1])


def _parts(keys: str) -> Place:
    return tuple(found.strip("\"'") for found in re.findall(_KEY, keys))


def _quoted_after(line: str, quoted: str) -> str:
    """The triple quote that is open after a line."""
    for mark in re.findall(r"\"\"\"|'''", line):
        if not quoted:
            quoted = mark
        elif mark == quoted:
            quoted = ""
    return quoted
