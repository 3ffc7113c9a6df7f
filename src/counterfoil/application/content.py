"""What a command says: that it can be written at all, and the hash that tells it from another one with the same id."""

import re
from collections.abc import Callable
from dataclasses import MISSING, Field
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, Final, NamedTuple

from counterfoil.application.command import LATER, Command, CommandFault
from counterfoil.application.ports import Codec
from counterfoil.domain.kernel.refusal import Refusal

CONFIDENTIAL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")
"""The name of a confidential field: it stands in the leaf, and is a key of the openings."""


def require_confidential(command: Command, codec: Codec) -> None:
    """Look through what is sealed, before anything is decided.

    Raises:
        TypeError or ValueError: a name that is none, or a value without a canonical form.
    """
    for name, value in command.confidential.items():
        if not CONFIDENTIAL.match(name):
            raise ValueError(f"{name[:80]!r} is no name of a confidential field")
        codec.encode(value)


def unreadable(command: Command, why: Exception) -> Refusal:
    """The refusal of a command that has no canonical form."""
    return Refusal(CommandFault.UNREADABLE, {"command": type(command).__name__, "detail": str(why)[:300]})


def content_hash(command: Command, codec: Codec) -> str:
    """The hash of a command's public part, in hex. Confidential values stay out: they could be guessed from it."""
    kind: Any = type(command)
    name, fields, read, later = _public_part(kind)
    values = read(command)
    said = dict(zip(fields, values, strict=True))
    for field, default in later:
        if said[field] == default:
            del said[field]
    encode = codec.encode_plain if codec.plain(values) else codec.encode
    return sha256(encode((name, said))).hexdigest()


@cache
def _public_part(kind: type[Any]) -> "_PublicPart":
    """A command's name, its public fields, and what reads them all. `on` and `assumed` make them two at least."""
    fields = kind.__dataclass_fields__
    names = tuple(name for name in fields if name not in ("id", "confidential"))
    later = tuple((name, _default(fields[name])) for name in names if LATER in fields[name].metadata)
    return _PublicPart(kind.__name__, names, attrgetter(*names), later)


class _PublicPart(NamedTuple):
    name: str
    fields: tuple[str, ...]
    read: Callable[[Any], tuple[Any, ...]]
    later: tuple[tuple[str, Any], ...]
    """Fields that came after the first version, with the default at which they say nothing."""


def _default(field: "Field[Any]") -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()
