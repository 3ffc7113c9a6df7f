"""A file with one NDC and its inventories, as JSON: the fields of `RecordNdc` and `RecordInventory`.

    {"ndc": {...}, "inventories": [{...}, ...], "method": {...}}

`method` holds the fields of `ChooseMethod` and may be left out, as the inventories may.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

import msgspec

from counterfoil.application.command import Command
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.wire import command_of

BYTES_MAX: Final = 4 * 1024 * 1024
INVENTORIES_MAX: Final = 200
_PARTS: Final = frozenset({"ndc", "inventories", "method"})


class NdcFileFault(StrEnum):
    UNREADABLE = "ndc_file.unreadable"


def read_ndc_file(data: bytes, name: str) -> list[Command] | Refusal:
    """The commands of a file, in the order in which they must be done; the first unreadable part refuses it whole."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        return Refusal(NdcFileFault.UNREADABLE, {"file": name, "detail": str(wrong)[:200]})
    if not isinstance(value, dict) or set(value) - _PARTS or not isinstance(value.get("inventories", []), list):
        return Refusal(NdcFileFault.UNREADABLE, {"file": name, "detail": f"members: {', '.join(sorted(_PARTS))}"})
    if len(value.get("inventories", [])) > INVENTORIES_MAX:
        return Refusal(NdcFileFault.UNREADABLE, {"file": name, "detail": f"more than {INVENTORIES_MAX} inventories"})
    commands: list[Command] = []
    for kind, fields in _parts(value):
        command = command_of({"command": kind, **fields} if isinstance(fields, dict) else fields)
        if isinstance(command, Refusal):
            return command
        commands.append(command)
    return commands


def _parts(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if "ndc" in value:
        yield "RecordNdc", value["ndc"]
    for inventory in value.get("inventories", []):
        yield "RecordInventory", inventory
    if "method" in value:
        yield "ChooseMethod", value["method"]
