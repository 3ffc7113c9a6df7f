"""Rows that are added to a form and taken from it, by buttons that send it: no script is needed for it."""

from typing import Final

from counterfoil.entrypoints.web.forms.reading import ROWS_MAX, Typed, rows_of
from counterfoil.entrypoints.web.forms.shape import Asked, Control, by_path

BLANKS: Final = 5
"""Empty fields that a list gets when more are asked for."""


def rearranged(
    asked: tuple[Asked, ...], typed: Typed, wanted: str
) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    """The fields after a button such as `add:f.parts`, `drop:f.parts.1` or `more:f.participants`.

    Returns:
        The fields, and how many empty ones some lists get.
    """
    act, _, path = wanted.partition(":")
    found = dict(typed)
    known = by_path(asked, path)
    if known is None:
        return found, {}
    match act:
        case "add":
            _add(known, path, found)
        case "drop":
            found = {name: values for name, values in found.items() if not name.startswith(f"{path}.")}
        case "more":
            return found, {path: BLANKS}
    return found, {}


def _add(asked: Asked, path: str, found: dict[str, tuple[str, ...]]) -> None:
    numbers = rows_of(found, path)
    if len(numbers) >= ROWS_MAX:
        return
    number = max(numbers, default=-1) + 1
    name = "key" if asked.control is Control.PAIRS else asked.parts[0].name if asked.parts else ""
    if name:
        found[f"{path}.{number}.{name}"] = ("",)
