"""JSON in which every member of an object is said once.

Parsers take the last of two members of one name, and people the first: a file that says both is refused.
"""

import json
from typing import Any, Final

SHOWN_MAX: Final = 60


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object from its members, as `object_pairs_hook` of `json.loads`.

    Raises:
        ValueError: a member is said twice.
    """
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name[:SHOWN_MAX]} × 2")
        found[name] = value
    return found


def require_once(data: bytes) -> None:
    """Look through JSON that another parser has read already.

    Raises:
        ValueError: a member is said twice, or a number has thousands of digits.
        RecursionError: it is too deep.
    """
    json.loads(data.decode("utf-8"), object_pairs_hook=once)
