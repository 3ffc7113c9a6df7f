"""Input files of the command line: read whole, within bounds, as UTF-8, or refused with the file and the line."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal

BYTES_MAX: Final = 256 * 1024 * 1024
STDIN: Final = "-"


class InputFault(StrEnum):
    ABSENT = "input.absent"
    A_FOLDER = "input.a_folder"
    UNREADABLE = "input.unreadable"
    TOO_LARGE = "input.too_large"
    EMPTY = "input.empty"
    NOT_UTF8 = "input.not_utf8"
    NOT_JSON = "input.not_json"
    NOT_COMMANDS = "input.not_commands"
    NUMBER_TOO_LARGE = "input.number_too_large"
    TOO_MANY = "input.too_many"
    FAULT_UNKNOWN = "input.fault_unknown"


def read_bytes(name: str, *, bytes_max: int = BYTES_MAX) -> bytes | Refusal:
    """The bytes of a file, or of the standard input for `-`."""
    facts = {"file": name}
    try:
        if name == STDIN:
            data = sys.stdin.buffer.read(bytes_max + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(bytes_max + 1)
    except FileNotFoundError:
        return Refusal(InputFault.ABSENT, facts)
    except IsADirectoryError:
        return Refusal(InputFault.A_FOLDER, facts)
    except (OSError, ValueError) as error:
        # A name with a NUL byte is a ValueError.
        detail = getattr(error, "strerror", None) or str(error)
        return Refusal(InputFault.UNREADABLE, {**facts, "detail": detail})
    if len(data) > bytes_max:
        return Refusal(InputFault.TOO_LARGE, {**facts, "mib_max": bytes_max // 1024 // 1024})
    return data


def line_at(data: bytes, offset: int) -> int:
    """The number of the line, from 1, in which a byte stands."""
    return data.count(b"\n", 0, offset) + 1
