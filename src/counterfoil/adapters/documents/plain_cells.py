"""What the cells of a plain sheet hold: from their bytes to values, each different content worked out once."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from counterfoil.adapters.documents.shared_texts import SharedTextFile, plain_text
from counterfoil.adapters.documents.spooled_rows import Packed, packed
from counterfoil.adapters.documents.xlsx_bounds import COLUMNS_MAX, WorkbookFault
from counterfoil.adapters.documents.xlsx_directory import NotPlain
from counterfoil.domain.reporting.aef_workbook import column_letters

REMEMBERED_MAX: Final = 65_536
"""Contents of one kind that are remembered; then all of them are forgotten."""
_ABOUT: Final = re.compile(rb'(?: (?:s="(?P<s>\d{1,5})"|t="(?P<t>s|n|b|inlineStr)"))*\s?(?P<end>/?)')
_DAY_ZERO: Final = datetime(1899, 12, 30, tzinfo=UTC).replace(tzinfo=None)
_DAY_MS: Final = 86_400_000
_FIRST_DAY, _LAST_DAY = 61, 2_958_465
"""From 1 March 1900, since when all programs count alike, to the end of 9999."""


class Columns(dict[bytes, int]):
    """The place of each column that may hold something."""

    def __init__(self) -> None:
        super().__init__({column_letters(at).encode(): at for at in range(COLUMNS_MAX)})

    def __missing__(self, letters: bytes) -> int:
        raise Beyond(WorkbookFault.TOO_WIDE)


class Beyond(Exception):
    """A bound is broken; the text is the code of the refusal."""


class _Known(dict[bytes, Packed]):
    """Values by their bytes, worked out when they are met, with a bound on what is remembered."""

    def __missing__(self, content: bytes) -> Packed:
        value = self._value(content)
        if len(self) >= REMEMBERED_MAX:
            self.clear()
        self[content] = value
        return value

    def _value(self, content: bytes) -> Packed:
        raise NotImplementedError


class _Numbers(_Known):
    def _value(self, content: bytes) -> Packed:
        try:
            number = float(content)
            return packed(int(number) if number.is_integer() else Fraction(Decimal(repr(number))))
        except (ValueError, OverflowError) as other:
            raise NotPlain from other


class _Days(_Known):
    def _value(self, content: bytes) -> Packed:
        try:
            number = float(content)
        except ValueError as other:
            raise NotPlain from other
        if not _FIRST_DAY <= number <= _LAST_DAY:
            raise NotPlain
        moment = _DAY_ZERO + timedelta(milliseconds=round(number * _DAY_MS))
        return packed(date(moment.year, moment.month, moment.day) if number.is_integer() else moment)


class _Truths(_Known):
    def _value(self, content: bytes) -> Packed:
        if content not in (b"0", b"1"):
            raise NotPlain
        return "TRUE" if content == b"1" else "FALSE"


class _Texts(_Known):
    """Texts in place are seldom met twice."""

    def __missing__(self, content: bytes) -> Packed:
        return plain_text(content)


class Kinds(dict[bytes, dict[bytes, Packed] | None]):
    """What a cell holds, by its attributes: how its content becomes a value, or None for nothing."""

    def __init__(self, shared: SharedTextFile, days: Sequence[bool | None]) -> None:
        super().__init__()
        self._styles = days
        self._shared: Any = shared
        self._texts, self._truths, self._numbers, self._days = _Texts(), _Truths(), _Numbers(), _Days()

    def __missing__(self, attributes: bytes) -> dict[bytes, Packed] | None:
        about = _ABOUT.fullmatch(attributes)
        if about is None or len(self) >= REMEMBERED_MAX:
            raise NotPlain
        kind = self[attributes] = None if about["end"] else self._kind(about["t"] or b"n", int(about["s"] or 0))
        return kind

    def _kind(self, type_: bytes, style: int) -> dict[bytes, Packed]:
        match type_:
            case b"s":
                found: dict[bytes, Packed] = self._shared
                return found
            case b"inlineStr":
                return self._texts
            case b"b":
                return self._truths
        day = self._styles[style] if style < len(self._styles) else None
        if day is None:
            raise NotPlain
        return self._days if day else self._numbers
