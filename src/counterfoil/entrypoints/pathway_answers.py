"""Answers to the questions of the pathways, as bytes: one JSON object, within bounds."""

import json
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.json_once import once

BYTES_MAX: Final = 64 * 1024


class AnswersFault(StrEnum):
    UNREADABLE = "policy.pathway.answers_unreadable"
    NO_LAW = "policy.pathway.no_law"


def json_object(data: bytes, name: str) -> dict[str, Any] | Refusal:
    """The members of a JSON object, or the refusal `policy.pathway.answers_unreadable`.

    Args:
        name: What the bytes are called in front of their user.
    """
    if len(data) > BYTES_MAX:
        return unreadable(name, f"> {BYTES_MAX:,} B")
    try:
        found = json.loads(data, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        return unreadable(name, str(error)[:200])
    return found if isinstance(found, dict) else unreadable(name, "{ }")


def unreadable(name: str, detail: str) -> Refusal:
    return Refusal(AnswersFault.UNREADABLE, {"file": name, "detail": detail})
