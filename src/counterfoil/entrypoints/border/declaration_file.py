"""An exporter's declaration as a JSON file: the fields of `Declaration`, with lists of goods, payments and rebates."""

from enum import StrEnum
from typing import Final

import msgspec

from counterfoil.domain.compliance.declared_goods import Declaration
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.json_once import require_once

BYTES_MAX: Final = 1024 * 1024


class DeclarationFileFault(StrEnum):
    UNREADABLE = "border.file_unreadable"


def read_declaration(data: bytes, name: str) -> Declaration | Refusal:
    """The declaration, in which nothing is unknown or missing; amounts are whole numbers."""
    try:
        value = msgspec.json.decode(data)
        require_once(data)
        known = set(Declaration.__dataclass_fields__)
        unknown = sorted(set(value) - known) if isinstance(value, dict) else ["-"]
        if unknown:
            raise ValueError(f"unknown: {unknown[0]}"[:80])
        return msgspec.convert(value, Declaration)
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError, RecursionError) as wrong:
        return Refusal(DeclarationFileFault.UNREADABLE, {"file": name, "detail": str(wrong)[:200]})
