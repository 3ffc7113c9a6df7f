"""Rotate the registry's signing key: name the new one in the log, under the signature of the old one.

The checkpoint that ends with this entry is the last that the old key signs (`domain/ledger/key_history.py`); the writer
closes its batch behind it, and takes only a key whose private half the registry holds.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from counterfoil.application.command import REGISTRY, SELF, Command, Context, Registry, record, stored
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.ledger.key_history import KEY, KEYS_MAX, key_value, read_key


class KeyFault(StrEnum):
    UNREADABLE = "key.unreadable"
    USED_BEFORE = "key.used_before"
    TOO_MANY = "key.too_many"
    NOT_CURRENT = "key.not_current"
    NOT_HELD = "key.not_held"


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateKey(Command):
    """Rotate the signing key to a new public key (base64). Its private half must lie in the registry's folder."""

    public_key: str
    reason: str


def rotate_key(command: RotateKey, books: Books, context: Context) -> Entry | Refusal:
    """Refuses what is no key, and a key that this log ever had: an old key may be known to others.

    Source: ADR-0018.
    """
    if read_key(command.public_key) is None:
        return Refusal(KeyFault.UNREADABLE, {"key": command.public_key[:80]})
    registry = stored(books, REGISTRY, SELF, Registry)
    assert registry is not None
    number, earlier = 2, {registry.public_key}
    while (value := books.record(KEY, str(number))) is not None:
        earlier |= {str(value["public_key"]), str(value["replaces"])}
        number += 1
    if command.public_key in earlier:
        return Refusal(KeyFault.USED_BEFORE, {"key": command.public_key})
    if number > KEYS_MAX:
        return Refusal(KeyFault.TOO_MANY, {"keys_max": KEYS_MAX})
    value = key_value(public_key=command.public_key, replaces=registry.public_key)
    current = replace(registry, public_key=command.public_key)
    return Entry(
        Act.KEY_ROTATED,
        context.on,
        records=(record(REGISTRY, SELF, current), Record(KEY, str(number), value)),
        details={"reason": command.reason},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmKey(Command):
    """Confirm the new signing key: the first entry under its own signature, so that readers of it alone can begin."""

    public_key: str


def confirm_key(command: ConfirmKey, books: Books, context: Context) -> Entry | Refusal:
    """Refuses every key but the one in force. Source: ADR-0018."""
    if command.public_key != books.record(REGISTRY, SELF)["public_key"]:
        return Refusal(KeyFault.NOT_CURRENT, {"key": command.public_key[:80]})
    return Entry(Act.KEY_CONFIRMED, context.on, details={"public_key": command.public_key})
