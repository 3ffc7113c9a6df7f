"""Unit identifiers and their grammars.

A class is everything in an identifier except the running number. Its key is the identifier with `#` where the number
stands, so `CA0001-THA01-THA-#-2023` names the class and `CA0001-THA01-THA-71-2023` one unit of it. The identity of a
unit is (class key, serial) and never changes.

Source: 6/CMA.4 annex I para. 5 (components of the ITMO identifier); ADR-0006.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from counterfoil.domain.kernel.ids import ClassKey
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.serials import SERIAL_MAX

VINTAGE_MIN: Final = 2021
"""Mitigation of 2021 or later only. Source: 2/CMA.3 annex para. 1(e)."""

# Bounded, because a number of thousands of digits is no serial and Python refuses to read it.
_SERIAL: Final = r"(?P<serial>#|[1-9]\d{0,2}(?:,\d{3}){1,12}|[1-9]\d{0,38})"
_ITMO: Final = re.compile(
    rf"(?P<approach>CA\d{{4}})-(?P<registry>[A-Z]{{3}}\d{{2}}|UN\d{{2}})-(?P<party>[A-Z]{{3}})-{_SERIAL}-(?P<vintage>\d{{4}})\Z",
    re.ASCII,
)
_KYOTO: Final = re.compile(rf"(?P<party>[A-Z]{{2,3}})-{_SERIAL}\Z", re.ASCII)
_DOMESTIC: Final = re.compile(
    rf"(?P<registry>[A-Z]{{3}}\d{{2}})-(?P<scheme>[A-Z0-9][A-Z0-9_]{{0,19}})-{_SERIAL}-(?P<vintage>\d{{4}})\Z", re.ASCII
)


class IdentifierFault(StrEnum):
    UNREADABLE = "identifier.unreadable"
    VINTAGE_TOO_EARLY = "identifier.vintage_too_early"
    NUMBER_TOO_LARGE = "identifier.number_too_large"


class Grammar(StrEnum):
    """The shapes of identifiers that the book can hold."""

    ITMO = "itmo"
    KYOTO = "kyoto"
    DOMESTIC = "domestic"


@dataclass(frozen=True, slots=True)
class ItmoId:
    """One ITMO's unique identifier: its five components."""

    cooperative_approach: str
    registry: str
    party: str
    serial: int
    vintage: int

    @staticmethod
    def parse(text: str) -> "ItmoId | Refusal":
        """Read an identifier; thousands separators in the number are accepted and never written.

        >>> str(ItmoId.parse("CA9001-THA01-THA-1,916-2022"))
        'CA9001-THA01-THA-1916-2022'
        """
        match = _ITMO.match(text)
        if match is None or match["serial"] == "#":
            return Refusal(IdentifierFault.UNREADABLE, {"identifier": text[:80]})
        serial = int(match["serial"].replace(",", ""))
        if serial > SERIAL_MAX:
            return Refusal(IdentifierFault.NUMBER_TOO_LARGE, {"identifier": text[:80]})
        if int(match["vintage"]) < VINTAGE_MIN:
            return Refusal(IdentifierFault.VINTAGE_TOO_EARLY, {"identifier": text[:80], "vintage_min": VINTAGE_MIN})
        return ItmoId(match["approach"], match["registry"], match["party"], serial, int(match["vintage"]))

    @property
    def key(self) -> ClassKey:
        return itmo_class(
            approach=self.cooperative_approach, registry=self.registry, party=self.party, vintage=self.vintage
        )

    def __str__(self) -> str:
        return identifier(self.key, self.serial)


@dataclass(frozen=True, slots=True)
class UnitClass:
    """What a class key says. Parts that a grammar does not have are None."""

    key: ClassKey
    grammar: Grammar
    party: str
    registry: str | None = None
    cooperative_approach: str | None = None
    scheme: str | None = None
    vintage: int | None = None


def itmo_class(*, approach: str, registry: str, party: str, vintage: int) -> ClassKey:
    return ClassKey(f"{approach}-{registry}-{party}-#-{vintage}")


def domestic_class(*, registry: str, scheme: str, vintage: int) -> ClassKey:
    return ClassKey(f"{registry}-{scheme}-#-{vintage}")


def kyoto_class(*, party: str) -> ClassKey:
    """Kyoto serials are unique within the originating Party only, over all of its unit types."""
    return ClassKey(f"{party}-#")


def identifier(key: str, serial: int) -> str:
    """The identifier of one unit, without thousands separators."""
    return key.replace("#", str(serial), 1)


@lru_cache(maxsize=4_096)
def unit_class(key: str) -> UnitClass | Refusal:
    """Read a class key.

    >>> unit_class("CA9001-THA01-THA-#-2023").vintage
    2023
    """
    read = _read(key)
    if isinstance(read, Refusal):
        return read
    found, serial = read
    return found if serial is None else Refusal(IdentifierFault.UNREADABLE, {"identifier": key[:80]})


def unit_identifier(text: str) -> tuple[UnitClass, int] | Refusal:
    """Read the identifier of one unit, of any grammar: its class and its number."""
    read = _read(text)
    if isinstance(read, Refusal):
        return read
    found, serial = read
    return Refusal(IdentifierFault.UNREADABLE, {"identifier": text[:80]}) if serial is None else (found, serial)


def _read(text: str) -> tuple[UnitClass, int | None] | Refusal:
    for grammar, pattern in ((Grammar.ITMO, _ITMO), (Grammar.KYOTO, _KYOTO), (Grammar.DOMESTIC, _DOMESTIC)):
        match = pattern.match(text)
        if match is not None:
            return _class_of(text, grammar, match)
    return Refusal(IdentifierFault.UNREADABLE, {"identifier": text[:80]})


def _class_of(text: str, grammar: Grammar, match: re.Match[str]) -> tuple[UnitClass, int | None] | Refusal:
    parts = match.groupdict()
    serial = None if parts["serial"] == "#" else int(parts["serial"].replace(",", ""))
    if serial is not None and serial > SERIAL_MAX:
        return Refusal(IdentifierFault.NUMBER_TOO_LARGE, {"identifier": text[:80]})
    vintage = int(parts["vintage"]) if parts.get("vintage") else None
    if grammar is Grammar.ITMO and vintage is not None and vintage < VINTAGE_MIN:
        return Refusal(IdentifierFault.VINTAGE_TOO_EARLY, {"identifier": text[:80], "vintage_min": VINTAGE_MIN})
    start, end = match.span("serial")
    return UnitClass(
        key=ClassKey(f"{text[:start]}#{text[end:]}"),
        grammar=grammar,
        party=parts.get("party") or parts["registry"][:3],
        registry=parts.get("registry"),
        cooperative_approach=parts.get("approach"),
        scheme=parts.get("scheme"),
        vintage=vintage,
    ), serial
