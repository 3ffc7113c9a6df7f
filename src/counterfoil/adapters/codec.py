"""Canonical JSON, fast: msgspec where it provably agrees with `kernel.canonical`, and `kernel.canonical` elsewhere.

msgspec alone would write floats, bytes and integers of any size, and "not a number" as null. So a value is looked
through first; whatever is not plain goes the slow way, which decides.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final

import msgspec

from counterfoil.domain.kernel.canonical import DEPTH_MAX, INTEGER_MAX, canonical
from counterfoil.domain.kernel.record import to_json

_INTEGER_MIN: Final = -INTEGER_MAX - 1
_LEAVES: Final = frozenset((str, bool, type(None), date))


class JsonCodec:
    """The codec of journal, records and messages. Safe for threads."""

    __slots__ = ("_decoder", "_encoder")

    def __init__(self) -> None:
        self._encoder = msgspec.json.Encoder(order="sorted")
        self._decoder = msgspec.json.Decoder(float_hook=_no_fractions)

    def encode(self, value: Any) -> bytes:
        """The canonical bytes of JSON, or of a record in its JSON form (`kernel.record`).

        Raises:
            TypeError: for anything that has no JSON form, binary floats above all.
            ValueError: for an integer beyond 63 bits, nesting beyond 32 levels, or a lone surrogate.
        """
        if _plain(value, 0):
            return self._encoder.encode(value)
        try:
            _require_named(value)
            return canonical(to_json(value))
        except RecursionError as error:
            raise _too_deep() from error

    def decode(self, data: bytes | str) -> Any:
        """JSON as it was written. A repeated member counts by its last value, which encoding again makes visible.

        Raises:
            ValueError: for what is no JSON in UTF-8, for a fraction or exponent, and for what `encode` refuses.
        """
        try:
            value = self._decoder.decode(data)
        except RecursionError as error:
            raise _too_deep() from error
        if not _plain(value, 0):
            raise ValueError(f"a number does not fit 63 bits, or is nested deeper than {DEPTH_MAX} levels")
        return value


def _plain(value: Any, depth: int) -> bool:
    """True when msgspec writes the value as `kernel.canonical` would. One pass, written for speed."""
    kind: Any = type(value)
    items: Iterable[Any]
    if kind is dict:
        items = value.values()  # msgspec itself refuses names that are no text
    elif kind is list or kind is tuple:
        items = value
    elif kind in _LEAVES:
        return True
    elif kind is int:
        fits: bool = _INTEGER_MIN <= value <= INTEGER_MAX
        return fits
    elif fields := _fields(kind):
        items = [getattr(value, name) for name in fields]
    else:
        return False
    for item in items:
        kind = type(item)
        if kind in _LEAVES:
            if depth == DEPTH_MAX:
                return False
        elif kind is int:
            # Not by a call, as most of a leaf is texts and whole numbers.
            if depth == DEPTH_MAX or not _INTEGER_MIN <= item <= INTEGER_MAX:
                return False
        elif not (depth < DEPTH_MAX and _plain(item, depth + 1)):
            return False
    return True


def _require_named(value: Any) -> None:
    """Members are named by text; `to_json` would turn other names into it, and two of them into one."""
    items: Iterable[Any] = ()
    kind: Any = type(value)
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str):
                raise TypeError(f"a member is named by text, not by {type(name).__name__}")
        items = value.values()
    elif isinstance(value, list | tuple):
        items = value
    elif fields := _fields(kind):
        items = [getattr(value, name) for name in fields]
    for item in items:
        _require_named(item)


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a record; of anything else none."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()


def _too_deep() -> ValueError:
    return ValueError(f"nested deeper than {DEPTH_MAX} levels")


def _no_fractions(text: str) -> Any:
    raise ValueError(f"{text[:40]} is not a whole number; decimals are written as text")
