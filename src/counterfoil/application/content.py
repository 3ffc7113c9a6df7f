"""What a command says: that it can be written at all, and the hash that tells it from another one with the same id."""

import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, Final

from counterfoil.application.command import Command, CommandFault
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
    name, fields, read = _public_part(kind)
    values = read(command)
    encode = codec.encode_plain if codec.plain(values) else codec.encode
    return sha256(encode((name, dict(zip(fields, values, strict=True))))).hexdigest()


@cache
def _public_part(kind: type[Any]) -> tuple[str, tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """A command's name, its public fields, and what reads them all. `on` and `assumed` make them two at least."""
    names = tuple(name for name in kind.__dataclass_fields__ if name not in ("id", "confidential"))
    return kind.__name__, names, attrgetter(*names)
