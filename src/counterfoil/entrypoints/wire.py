"""Commands and answers as JSON: one reading of the command dataclasses serves the command line and the HTTP API.

A command is an object with `command` (its name), `id`, and the fields of its dataclass. Numbers are integers, days ISO
8601, nothing may be unknown or missing.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from enum import EnumType
from functools import cache
from types import NoneType
from typing import Any, Final, cast, get_args, get_type_hints

import msgspec

from counterfoil.application.command import PROPOSED, Command, CommandFault
from counterfoil.application.commands.table import BY_NAME, FROM_PARTNERS
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.faults import Catalogue

COMMAND_BYTES_MAX: Final = 1024 * 1024
_FIELD: Final = re.compile(r"\.(\w+)")


def read_command(data: bytes | str) -> Command | Refusal:
    """A command from its JSON bytes. What cannot be read is refused with the place where reading stopped."""
    if len(data) > COMMAND_BYTES_MAX:
        return Refusal(CommandFault.UNREADABLE, {"detail": f"more than {COMMAND_BYTES_MAX} bytes", "command": ""})
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as unreadable:
        return Refusal(CommandFault.UNREADABLE, {"detail": str(unreadable)[:300], "command": ""})
    return command_of(value)


def command_of(value: Any) -> Command | Refusal:
    """A command from parsed JSON."""
    if not isinstance(value, dict):
        return Refusal(CommandFault.UNREADABLE, {"detail": "not an object", "command": ""})
    name = value.get("command")
    cls = BY_NAME.get(name) if isinstance(name, str) else None
    if cls is None:
        return Refusal(CommandFault.UNKNOWN, {"command": str(name)[:60]})
    if cls in FROM_PARTNERS:
        return Refusal(CommandFault.FROM_PARTNERS_ONLY, {"command": cls.__name__})
    fields = {key: item for key, item in value.items() if key != "command"}
    unknown = _unknown(cls, fields)
    if unknown is not None:
        return Refusal(CommandFault.FIELD_UNKNOWN, {"command": cls.__name__, "field": unknown[:80]})
    try:
        command = msgspec.convert(fields, cls)
    except (msgspec.ValidationError, ValueError, OverflowError) as invalid:
        detail = f"{str(invalid)[:300]}{_words(cls, str(invalid))}"
        return Refusal(CommandFault.UNREADABLE, {"detail": detail, "command": cls.__name__})
    # The office gives these ids after reading: whoever sent one first would keep that proposal from ever being done.
    return Refusal(CommandFault.ID_RESERVED, {"id": command.id[:100]}) if command.id.startswith(PROPOSED) else command


def _unknown(cls: type[Command], fields: Mapping[str, Any]) -> str | None:
    known = _field_names(cast(Any, cls))
    return next((name for name in fields if name not in known), None)


def _words(cls: type[Command], complaint: str) -> str:
    """The words that may stand where none of them stood: ` (reduction, removal)`; else nothing."""
    if not complaint.startswith("Invalid enum value"):
        return ""
    found: Any = cls
    for name in _FIELD.findall(complaint.rpartition("`$")[2]):
        found = _plain(get_type_hints(found).get(name)) if is_dataclass(found) else None
    words = [str(word.value) for word in cast(Any, found)] if isinstance(found, EnumType) else []
    return f" ({', '.join(words)})" if words else ""


def _plain(hint: Any) -> Any:
    """The type inside `X | None` and `tuple[X, ...]`."""
    while inner := [each for each in get_args(hint) if each not in (NoneType, Ellipsis)]:
        hint = inner[0]
    return hint


@cache
def _field_names(cls: type[Command]) -> frozenset[str]:
    return frozenset(cls.__dataclass_fields__)


def command_json(command: Command) -> dict[str, Any]:
    """The JSON object of a command, as `read_command` takes it."""
    fields: dict[str, Any] = msgspec.to_builtins(command)
    return {"command": type(command).__name__, **fields}


def answer_json(outcome: Receipt | Refusal | Outage, catalogue: Catalogue) -> dict[str, Any]:
    """The answer to a command: a receipt, or a problem with its code and both languages."""
    if isinstance(outcome, Receipt):
        return {"status": "accepted", **asdict(outcome)}
    return {"status": "refused" if isinstance(outcome, Refusal) else "failed", **catalogue.problem(outcome)}
