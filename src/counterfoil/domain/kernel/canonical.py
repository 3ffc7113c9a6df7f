"""Canonical bytes: the one spelling of a JSON value that is hashed and signed.

UTF-8 JSON without spaces, members sorted by the code points of their names, integers of at most 63 bits, no fractions,
no repeated members, strings escaped only where JSON demands it. A fast encoder in an adapter must agree with this one
byte for byte (a property test holds them together). Source: ADR-0005.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

JSON: TypeAlias = "str | int | bool | Sequence[JSON] | Mapping[str, JSON] | None"

INTEGER_MAX: Final = 2**63 - 1
DEPTH_MAX: Final = 32

_ESCAPES: Final = {
    **{chr(code): f"\\u{code:04x}" for code in range(0x20)},
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}
_TABLE: Final = str.maketrans(_ESCAPES)


def canonical(value: JSON) -> bytes:
    """The canonical bytes of a value.

    Raises:
        TypeError: for anything that is not JSON, binary floats above all.
        ValueError: for an integer beyond 63 bits, nesting beyond 32 levels, or a lone surrogate.

    >>> canonical({"b": 1, "a": [True, None, "é"]}).decode()
    '{"a":[true,null,"é"],"b":1}'
    """
    return _text(value, 0).encode("utf-8")


def _text(value: JSON, depth: int) -> str:
    if depth > DEPTH_MAX:
        raise ValueError(f"nested deeper than {DEPTH_MAX} levels")
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if not -INTEGER_MAX - 1 <= value <= INTEGER_MAX:
            raise ValueError(f"{value} does not fit 63 bits")
        return str(value)
    if isinstance(value, str):
        return f'"{value.translate(_TABLE)}"'
    if isinstance(value, Mapping):
        return f"{{{','.join(_member(name, value[name], depth) for name in sorted(value))}}}"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return f"[{','.join(_text(item, depth + 1) for item in value)}]"
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _member(name: object, value: JSON, depth: int) -> str:
    if not isinstance(name, str):
        raise TypeError(f"a member is named by text, not by {type(name).__name__}")
    return f"{_text(name, depth)}:{_text(value, depth + 1)}"
