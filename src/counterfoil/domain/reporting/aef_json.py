"""The profile `internal-json`: a submission as JSON values and back, without loss.

Nothing is shown otherwise than it is: full identifiers, days and times in ISO 8601, amounts as whole numbers or as the
text of a fraction, absent values as null. Fields of the CARP have no place here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date, time
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, get_type_hints

from counterfoil.domain.kernel.canonical import INTEGER_MAX
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_rows import ActionRow, AuthorizationRow, EntityRow, HoldingRow, Submission

FORMAT: Final = "counterfoil-aef-cma6"
"""Says what the file is, so that no other JSON file is taken for a submission."""
ROWS_MAX: Final = 1_100_000
TEXT_MAX: Final = 32_767
_TABLES: Final[Mapping[str, type[Any]]] = {
    "authorizations": AuthorizationRow,
    "actions": ActionRow,
    "holdings": HoldingRow,
    "entities": EntityRow,
}
_FRACTION: Final = re.compile(r"-?\d{1,30}/[1-9]\d{0,30}", re.ASCII)
_VERSION: Final = re.compile(r"[1-9]\d{0,5}\.\d{1,6}", re.ASCII)


class AefJsonFault(StrEnum):
    NOT_A_SUBMISSION = "aef.json.not_a_submission"
    UNREADABLE = "aef.json.unreadable"


class _Wrong(Exception):
    """A value that is not what its field needs; never leaves this module."""


def submission_values(submission: Submission) -> dict[str, Any]:
    """The submission as values that any JSON writer takes.

    >>> from datetime import date
    >>> one = Submission(party="XAA", version="1.0", reported_year=2024, submitted_on=date(2025, 3, 1),
    ...     ndc_first_year=2021, ndc_last_year=2030)
    >>> submission_from_values(submission_values(one)) == one
    True
    """
    tables = {name: [_values(row) for row in getattr(submission, name)] for name in _TABLES}
    return {"format": FORMAT, **_values(submission), **tables}


def _values(row: Any) -> dict[str, Any]:
    return {spec.name: _plain(getattr(row, spec.name)) for spec in fields(row) if spec.name not in _TABLES}


def _plain(value: object) -> object:
    match value:
        case date() | time():
            return value.isoformat()
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case tuple():
            return list(value)
        case _:
            return value


def submission_from_values(values: object) -> Submission | Refusal:
    """The submission, or `aef.json.not_a_submission`, or `aef.json.unreadable` with the first place that is wrong."""
    if not isinstance(values, Mapping) or values.get("format") != FORMAT:
        return Refusal(AefJsonFault.NOT_A_SUBMISSION, {"format": FORMAT})
    try:
        tables = {name: _rows(values.get(name), name, made) for name, made in _TABLES.items()}
        heading = {name: value for name, value in values.items() if name not in (*_TABLES, "format")}
        every: dict[str, Any] = {**_fields(Submission, heading, ""), **tables}
        one = Submission(**every)
    except _Wrong as wrong:
        return Refusal(AefJsonFault.UNREADABLE, {"place": str(wrong)[:120]})
    if not _VERSION.fullmatch(one.version):
        return Refusal(AefJsonFault.UNREADABLE, {"place": "version"})
    return one


def _rows(value: object, name: str, made: type[Any]) -> tuple[Any, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > ROWS_MAX:
        raise _Wrong(name)
    return tuple(made(**_fields(made, row, f"{name}[{number}].")) for number, row in enumerate(value))


def _fields(made: Any, value: object, place: str) -> dict[str, Any]:
    """The fields of a row; a key too many or too few is named."""
    if not isinstance(value, Mapping):
        raise _Wrong(place.rstrip("."))
    readers = _readers(made)
    for name in value:
        if name not in readers:
            raise _Wrong(f"{place}{name}")
    read: dict[str, Any] = {}
    for spec in fields(made):
        if spec.name in value:
            read[spec.name] = readers[spec.name](value[spec.name], f"{place}{spec.name}")
        elif spec.default is MISSING and spec.name not in _TABLES:
            raise _Wrong(f"{place}{spec.name}")
    return read


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or len(value) > TEXT_MAX:
        raise _Wrong(place)
    return value


def _whole(value: object, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > INTEGER_MAX:
        raise _Wrong(place)
    return value


def _amount(value: object, place: str) -> int | Fraction:
    if isinstance(value, str) and _FRACTION.fullmatch(value):
        return Fraction(value)
    return _whole(value, place)


def _day(value: object, place: str) -> date:
    try:
        return date.fromisoformat(_text(value, place))
    except ValueError:
        raise _Wrong(place) from None


def _moment(value: object, place: str) -> time:
    try:
        return time.fromisoformat(_text(value, place))
    except ValueError:
        raise _Wrong(place) from None


def _texts(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > TEXT_MAX:
        raise _Wrong(place)
    return tuple(_text(part, place) for part in value)


Read = Callable[[object, str], Any]
_KINDS: Final[Mapping[Any, Read]] = {
    str: _text,
    int: _whole,
    int | Fraction: _amount,
    date: _day,
    time: _moment,
    tuple[str, ...]: _texts,
}


def _optional(read: Read) -> Read:
    return lambda value, place: None if value is None else read(value, place)


@lru_cache(maxsize=16)
def _readers(made: type[object]) -> Mapping[str, Read]:
    """How each field of a row is read, from its annotation."""
    found: dict[str, Read] = {}
    for name, hint in get_type_hints(made).items():
        if name not in _TABLES:
            kind, read = next((kind, read) for kind, read in _KINDS.items() if hint in (kind, kind | None))
            found[name] = read if hint == kind else _optional(read)
    return found
