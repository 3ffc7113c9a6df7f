"""A file of commands: one JSON object, a JSON array of them, or one object on each line (NDJSON).

The whole file is read before anything is done, so that a file with an unreadable line does nothing.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from counterfoil.application.command import Command
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.input import STDIN, InputFault, line_at, read_bytes
from counterfoil.entrypoints.wire import COMMAND_BYTES_MAX, command_of

COMMANDS_MAX: Final = 1_000_000
INTEGER_MAX: Final = 2**63 - 1
_BOM: Final = b"\xef\xbb\xbf"
_SPACE: Final = b" \t\r\n"
_OFFSET: Final = re.compile(r" \(byte (\d+)\)\Z")


@dataclass(frozen=True, slots=True)
class Located:
    """A command and where it stands, as `file:line`."""

    where: str
    command: Command


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What cannot be read, and where; the place is empty when it is the whole file, which the fault names then."""

    where: str
    fault: Refusal


def read_commands(name: str) -> list[Located] | list[Unreadable]:
    """Every command of a file, or everything in it that cannot be read. Never a mixture, and never nothing."""
    shown = "<stdin>" if name == STDIN else name
    data = read_bytes(name)
    if isinstance(data, Refusal):
        return [Unreadable("", data)]
    data = data.removeprefix(_BOM)
    if not data.strip(_SPACE):
        return [Unreadable("", Refusal(InputFault.EMPTY, {"file": shown}))]
    try:
        data.decode()
    except UnicodeDecodeError as wrong:
        where = f"{shown}:{line_at(data, wrong.start)}"
        return [Unreadable(where, Refusal(InputFault.NOT_UTF8, {"file": shown}))]
    values = _values(data)
    commands: list[Located] = []
    unreadable: list[Unreadable] = []
    for line, value in values:
        where = f"{shown}:{line}"
        command = value if isinstance(value, Refusal) else _command(value)
        if isinstance(command, Refusal):
            unreadable.append(Unreadable(where, command))
        else:
            commands.append(Located(where, command))
    if not unreadable and len(commands) > COMMANDS_MAX:
        return [Unreadable("", Refusal(InputFault.TOO_MANY, {"commands_max": COMMANDS_MAX}))]
    return unreadable or commands


def _values(data: bytes) -> list[tuple[int, Any]]:
    """The JSON values with their lines; a Refusal stands where there is none."""
    whole = _decoded(data)
    if not isinstance(whole, _Wrong):
        start = len(data) - len(data.lstrip(_SPACE))
        if not isinstance(whole, list):
            return [(line_at(data, start), whole)]
        if not whole:
            return [(1, Refusal(InputFault.NOT_COMMANDS))]
        return list(zip(_element_lines(data.decode()), whole, strict=True))
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip(_SPACE)]
    read = [(number, _line(line)) for number, line in lines]
    if len(lines) == 1 or all(isinstance(value, Refusal) for _, value in read):
        # No line is a value of its own: it is one broken document, and its own complaint tells the place best.
        return [(line_at(data, whole.offset), Refusal(InputFault.NOT_JSON, {"detail": whole.detail}))]
    return read


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Where JSON ends to be JSON."""

    detail: str
    offset: int


def _decoded(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        detail = str(wrong) or type(wrong).__name__
        found = _OFFSET.search(detail)
        return _Wrong(_OFFSET.sub("", detail)[:200], int(found[1]) if found else len(data.rstrip(_SPACE)))


def _line(line: bytes) -> Any:
    if len(line) > COMMAND_BYTES_MAX:
        return Refusal(InputFault.NOT_JSON, {"detail": f"more than {COMMAND_BYTES_MAX} bytes"})
    value = _decoded(line)
    return Refusal(InputFault.NOT_JSON, {"detail": value.detail}) if isinstance(value, _Wrong) else value


def _element_lines(text: str) -> Iterator[int]:
    """The line on which each element of a JSON array begins. The text is known to be one."""
    decoder = json.JSONDecoder()
    position = text.index("[") + 1
    line, counted = 1, 0
    while True:
        while text[position] in " \t\r\n,":
            position += 1
        if text[position] == "]":
            return
        line += text.count("\n", counted, position)
        counted = position
        yield line
        _, position = decoder.raw_decode(text, position)


def _command(value: Any) -> Command | Refusal:
    if not isinstance(value, dict):
        return Refusal(InputFault.NOT_JSON, {"detail": "not an object"})
    if _has_large_number(value):
        return Refusal(InputFault.NUMBER_TOO_LARGE)
    return command_of(value)


def _has_large_number(value: Any) -> bool:
    """True where an integer, at any depth, does not fit into 63 bits and a sign."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case bool():
                pass
            case int() as number if abs(number) > INTEGER_MAX:
                return True
            case dict() as inner:
                waiting.extend(inner.values())
            case list() as inner:
                waiting.extend(inner)
            case _:
                pass
    return False
