"""The way back: the JSON of a command as what stands in the fields of its form."""

from typing import Any, Final

from counterfoil.entrypoints.web.forms.reading import EMPTY, GIVEN, ID
from counterfoil.entrypoints.web.forms.shape import PREFIX, Asked, Control

_WRITTEN: Final = {True: "yes", False: "no"}


def filled(asked: tuple[Asked, ...], value: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """The fields of a form that shows a command; those that say nothing stand as they would by themselves."""
    typed: dict[str, tuple[str, ...]] = {}
    _group(asked, value, PREFIX, typed)
    if value.get("id"):
        typed[ID] = (str(value["id"]),)
    return typed


def _group(asked: tuple[Asked, ...], value: dict[str, Any], path: str, typed: dict[str, tuple[str, ...]]) -> None:
    for each in asked:
        said = value.get(each.name, each.default)
        place = f"{path}.{each.name}"
        if each.clears and said in ("", [], {}) and each.name in value and said != each.default:
            typed[f"{place}{EMPTY}"] = ("yes",)
        elif said is not None:
            _field(each, said, place, typed, told=each.name in value)


def _field(asked: Asked, value: Any, path: str, typed: dict[str, tuple[str, ...]], *, told: bool) -> None:
    match asked.control:
        case Control.GROUP if isinstance(value, dict):
            _group(asked.parts, value, path, typed)
            if told and asked.clears:
                typed[f"{path}{GIVEN}"] = ("yes",)
        case Control.ROWS if isinstance(value, list):
            for number, row in enumerate(value):
                _group(asked.parts, row, f"{path}.{number}", typed)
        case Control.PAIRS if isinstance(value, dict):
            for number, (name, text) in enumerate(value.items()):
                typed[f"{path}.{number}.key"] = (str(name),)
                typed[f"{path}.{number}.value"] = (_text(text),)
        case Control.WORDS:
            typed[path] = tuple(str(each) for each in value)
        case Control.LINES | Control.NUMBERS if isinstance(value, list):
            typed[path] = ("\n".join(_text(each) for each in value),) if value else ()
        case Control.YES:
            typed[path] = ("no", "yes") if value else ("no",)
        case _:
            typed[path] = (_text(value),)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _WRITTEN[value]
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)
