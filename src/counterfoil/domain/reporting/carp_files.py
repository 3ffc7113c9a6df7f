"""What the reporting platform sends back, as JSON: an answer to a report, or the result of the consistency check.

The platform publishes no interface yet; these two shapes are ours, and described in docs/how-to/submit-a-report.md.

Source: 4/CMA.6 paras. 29-33 (result, public per submission); requirement R-A62-21.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.kernel.ids import NAME, PARTY
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import is_version
from counterfoil.domain.reporting.finding import CheckStatus
from counterfoil.domain.units.identifier import identifier, unit_identifier

FINDINGS_MAX: Final = 100_000
TEXT_MAX: Final = 2_000


class CarpFormat(StrEnum):
    """What a file says that it is."""

    ANSWER = "carp-answer/1"
    RESULT = "carp-consistency-result/1"


class CarpFileFault(StrEnum):
    UNREADABLE = "carp.unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarpAnswer:
    """The platform's answer to a version of a report; `outcome` is `acknowledged` or `resubmission_asked`."""

    report: str
    version: str
    number: str
    day: date
    outcome: str
    text: str


@dataclass(frozen=True, slots=True)
class FlaggedSerials:
    """Serials of one class, both ends included, that one finding names, and what it says."""

    unit_class: str
    first: int
    last: int
    check: str
    text: str

    @property
    def shown(self) -> str:
        return f"{identifier(self.unit_class, self.first)} … {identifier(self.unit_class, self.last)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarpResult:
    """The result of the secretariat's check of one version of a Party's annual information."""

    result: str
    party: str
    year: int
    version: str
    status: CheckStatus
    day: date
    findings: int
    flagged: tuple[FlaggedSerials, ...]


class _Wrong(Exception):
    """A value that is not what its place needs; never leaves this module."""


def read_carp_file(values: object, file: str) -> CarpAnswer | CarpResult | Refusal:
    """What a file says, or `carp.unreadable` with the first place that is wrong."""
    try:
        top = _object(values, "the file")
        match top.get("format"):
            case CarpFormat.ANSWER:
                return _answer(top)
            case CarpFormat.RESULT:
                return _result(top)
            case _:
                raise _Wrong("format")
    except _Wrong as wrong:
        return Refusal(CarpFileFault.UNREADABLE, {"file": file, "place": str(wrong)[:120]})


def _answer(top: Mapping[str, Any]) -> CarpAnswer:
    _only(top, ("format", "report", "version", "id", "day", "outcome", "text"))
    outcome = _text(top, "outcome", 40)
    if outcome not in ("acknowledged", "resubmission_asked"):
        raise _Wrong("outcome")
    return CarpAnswer(
        report=_text(top, "report", 80),
        version=_version(top),
        number=_name(top),
        day=_day(top),
        outcome=outcome,
        text=_text(top, "text", TEXT_MAX) if "text" in top else "",
    )


def _result(top: Mapping[str, Any]) -> CarpResult:
    _only(top, ("format", "id", "party", "year", "version", "status", "day", "findings"))
    party, year = _text(top, "party", 3), top.get("year")
    if not PARTY.match(party):
        raise _Wrong("party")
    if type(year) is not int or not 0 < year <= date.max.year:
        raise _Wrong("year")
    try:
        status = CheckStatus(_text(top, "status", 40))
    except ValueError:
        raise _Wrong("status") from None
    rows = top.get("findings", [])
    if not isinstance(rows, Sequence) or isinstance(rows, str) or len(rows) > FINDINGS_MAX:
        raise _Wrong("findings")
    flagged = [_flagged(_object(row, f"findings[{place}]"), f"findings[{place}]") for place, row in enumerate(rows)]
    return CarpResult(
        result=_name(top),
        party=party,
        year=year,
        version=_version(top),
        status=status,
        day=_day(top),
        findings=len(rows),
        flagged=tuple(each for each in flagged if each is not None),
    )


def _flagged(row: Mapping[str, Any], place: str) -> FlaggedSerials | None:
    """A finding that names serials flags them; one that names none is counted only."""
    _only(row, ("check", "first_id", "last_id", "text"), place)
    check = _text(row, "check", 40, place)
    text = _text(row, "text", TEXT_MAX, place) if row.get("text") is not None else ""
    if row.get("first_id") is None and row.get("last_id") is None:
        return None
    first = unit_identifier(_text(row, "first_id", 120, place))
    last = unit_identifier(_text(row, "last_id", 120, place))
    if isinstance(first, Refusal) or isinstance(last, Refusal) or first[0].key != last[0].key or first[1] > last[1]:
        raise _Wrong(f"{place}.first_id")
    return FlaggedSerials(first[0].key, first[1], last[1], check, text)


def _object(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _Wrong(place)
    return value


def _only(top: Mapping[str, Any], names: Sequence[str], place: str = "") -> None:
    unknown = next((name for name in top if name not in names), None)
    if unknown is not None:
        raise _Wrong(f"{place}.{unknown}".lstrip("."))


def _text(top: Mapping[str, Any], name: str, most: int, place: str = "") -> str:
    value = top.get(name)
    if not isinstance(value, str) or len(value) > most:
        raise _Wrong(f"{place}.{name}".lstrip("."))
    return value


def _name(top: Mapping[str, Any]) -> str:
    value = _text(top, "id", 80)
    if not NAME.match(value):
        raise _Wrong("id")
    return value


def _version(top: Mapping[str, Any]) -> str:
    value = _text(top, "version", 20)
    if not is_version(value):
        raise _Wrong("version")
    return value


def _day(top: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(_text(top, "day", 10))
    except ValueError:
        raise _Wrong("day") from None
