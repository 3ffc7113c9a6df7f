"""Canonical JSON, fast: msgspec where it provably agrees with `kernel.canonical`, and `kernel.canonical` elsewhere.

msgspec alone would write floats, bytes and integers of any size, and "not a number" as null. So a value is looked
through first; whatever is not plain goes the slow way, which decides.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, Final

import msgspec

from counterfoil.domain.kernel.canonical import DEPTH_MAX, INTEGER_MAX, canonical
from counterfoil.domain.kernel.record import to_json

_INTEGER_MIN: Final = -INTEGER_MAX - 1
_LEAVES: Final = frozenset((str, bool, type(None), date))
_FLAT: Final = _LEAVES | {int}


class JsonCodec:
    """The codec of journal, records and messages. Safe for threads."""

    __slots__ = ("_decoder", "encode_plain")

    def __init__(self) -> None:
        self.encode_plain: Callable[[Any], bytes] = msgspec.json.Encoder(order="sorted").encode
        """As `encode`, for a value whose parts were made or looked through by the caller: it is not looked through."""
        self._decoder = msgspec.json.Decoder(float_hook=_no_fractions)

    def encode(self, value: Any) -> bytes:
        """The canonical bytes of JSON, or of a record in its JSON form (`kernel.record`).

        Raises:
            TypeError: for anything that has no JSON form, binary floats above all.
            ValueError: for an integer beyond 63 bits, nesting beyond 32 levels, or a lone surrogate.
        """
        if _plain(value, 0):
            return self.encode_plain(value)
        try:
            _require_named(value)
            return canonical(to_json(value))
        except RecursionError as error:
            raise _too_deep() from error

    def decode_unchecked(self, data: bytes) -> Any:
        """As `decode`, for what the caller encodes again and compares: numbers and nesting are not looked through."""
        try:
            return self._decoder.decode(data)
        except RecursionError as error:
            raise _too_deep() from error

    def plain(self, value: Any) -> bool:
        """True when `encode_plain` may write the value: it holds nothing that has no canonical form of its own."""
        return _plain(value, 1)

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
    """True when msgspec writes the value as `kernel.canonical` would. The writer's own data go through: it is fast.

    What stands in a value is told by the set of its types; only numbers and nested values are looked at one by one.
    """
    kind: Any = type(value)
    items: Collection[Any]
    if kind is dict:
        items = value.values()  # msgspec itself refuses names that are no text
    elif kind is list or kind is tuple:
        items = value
    elif kind in _LEAVES:
        return True
    elif kind is int:
        fits: bool = _INTEGER_MIN <= value <= INTEGER_MAX
        return fits
    elif (fields := _fields(kind)) is not None:
        items = fields(value)
    else:
        return False
    if not items:
        return True
    if depth == DEPTH_MAX:
        return False
    kinds = {*map(type, items)}
    if kinds <= _LEAVES:
        return True
    nested = not kinds <= _FLAT
    for item in items:
        kind = type(item)
        if kind is int:
            if not _INTEGER_MIN <= item <= INTEGER_MAX:
                return False
        elif nested and kind not in _LEAVES and not _plain(item, depth + 1):
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
    elif (fields := _fields(kind)) is not None:
        items = fields(value)
    for item in items:
        _require_named(item)


@cache
def _fields(kind: type) -> Callable[[Any], Collection[Any]] | None:
    """What a record's fields hold, together; None for what is no record. Named tuples are written as arrays."""
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return tuple
    if issubclass(kind, Enum):
        return lambda member: (member.value,)
    if not dataclasses.is_dataclass(kind):
        return None
    names = [field.name for field in dataclasses.fields(kind)]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _too_deep() -> ValueError:
    return ValueError(f"nested deeper than {DEPTH_MAX} levels")


def _no_fractions(text: str) -> Any:
    raise ValueError(f"{text[:40]} is not a whole number; decimals are written as text")
