"""Rows that are not what was written there: an outage of the store, never a mistake of the program."""

from typing import Any, Final

from counterfoil.application.command import Registry
from counterfoil.application.ports import Codec, Outage
from counterfoil.domain.kernel.record import from_json

UNREADABLE: Final = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What reading a text raises that is no JSON, or JSON of another shape."""


def damaged(row: str) -> Outage:
    """The outage of a row that cannot be read; `row` names its table and key. `verify` says what else is wrong."""
    return Outage("storage.corrupt", {"path": "ledger", "detail": row[:200]})


def whole_registry(text: str, codec: Codec) -> Registry:
    """Who keeps the book, from the record's text.

    Raises:
        Outage: `storage.corrupt`.
    """
    try:
        return as_registry(codec.decode(text))
    except UNREADABLE as unreadable:
        raise damaged("record registry self") from unreadable


def as_registry(value: Any) -> Registry:
    """Who keeps the book, from the record's value.

    Raises:
        Outage: `storage.corrupt`.
    """
    try:
        return from_json(Registry, value)
    except UNREADABLE as unreadable:
        raise damaged("record registry self") from unreadable
