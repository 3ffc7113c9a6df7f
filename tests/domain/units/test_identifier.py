"""Identifiers of units and of their classes."""

import pytest

from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.identifier import (
    Grammar,
    IdentifierFault,
    ItmoId,
    domestic_class,
    identifier,
    itmo_class,
    kyoto_class,
    unit_class,
    unit_identifier,
)
from counterfoil.domain.units.serials import SERIAL_MAX

GOOD = "CA9001-THA01-THA-1916-2022"


def code(value: object) -> str:
    assert isinstance(value, Refusal), value
    return value.code


def test_an_identifier_is_read_and_written_alike() -> None:
    read = ItmoId.parse(GOOD)
    assert isinstance(read, ItmoId)
    assert str(read) == GOOD
    assert read.key == itmo_class(approach="CA9001", registry="THA01", party="THA", vintage=2022)
    assert (read.serial, read.vintage) == (1_916, 2022)


@pytest.mark.parametrize("number", ["1,916", "1,234,567", "1", str(SERIAL_MAX)])
def test_thousands_separators_are_read_and_never_written(number: str) -> None:
    read = ItmoId.parse(f"CA9001-UN01-THA-{number}-2021")
    assert isinstance(read, ItmoId)
    assert str(read) == f"CA9001-UN01-THA-{number.replace(',', '')}-2021"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CA9001-THA01-THA-0-2022",
        "CA9001-THA01-THA-01-2022",
        "CA9001-THA01-THA-1,91-2022",
        "CA9001-THA01-THA-,191-2022",
        "CA9001-THA01-THA-#-2022",
        "CA901-THA01-THA-1-2022",
        "CA9001-THA1-THA-1-2022",
        "CA9001-TH01-THA-1-2022",
        "CA9001-THA01-TH-1-2022",
        "CA9001-THA01-THA-1-22",
        "ca9001-THA01-THA-1-2022",
        f"{GOOD}\n",
        f" {GOOD}",
        "CA9001-THA01-THA-१-2022",
        "X" * 500,
    ],
)
def test_what_is_no_itmo_is_refused(text: str) -> None:
    assert code(ItmoId.parse(text)) == IdentifierFault.UNREADABLE


def test_a_refused_text_is_quoted_in_part_only() -> None:
    refusal = ItmoId.parse("X" * 500)
    assert isinstance(refusal, Refusal)
    assert len(str(refusal.facts["identifier"])) == 80


def test_2021_is_the_first_vintage() -> None:
    assert code(ItmoId.parse("CA9001-THA01-THA-1-2020")) == IdentifierFault.VINTAGE_TOO_EARLY
    assert code(unit_class("CA9001-THA01-THA-#-2020")) == IdentifierFault.VINTAGE_TOO_EARLY
    assert not isinstance(unit_class("CA9001-THA01-THA-#-2021"), Refusal)


def test_numbers_end_where_serials_end() -> None:
    large = f"CA9001-THA01-THA-{SERIAL_MAX + 1}-2022"
    assert code(ItmoId.parse(large)) == IdentifierFault.NUMBER_TOO_LARGE
    assert code(unit_identifier(large)) == IdentifierFault.NUMBER_TOO_LARGE


@pytest.mark.parametrize(
    ("key", "grammar", "party", "vintage"),
    [
        ("CA9001-THA01-THA-#-2022", Grammar.ITMO, "THA", 2022),
        (domestic_class(registry="THA01", scheme="TVER", vintage=2019), Grammar.DOMESTIC, "THA", 2019),
        (kyoto_class(party=Party("BR")), Grammar.KYOTO, "BR", None),
    ],
)
def test_a_class_is_read_and_names_its_units(key: str, grammar: Grammar, party: str, vintage: int | None) -> None:
    read = unit_class(key)
    assert not isinstance(read, Refusal)
    assert (read.key, read.grammar, read.party, read.vintage) == (key, grammar, party, vintage)
    assert unit_identifier(identifier(key, 71)) == (read, 71)
    assert code(unit_class(identifier(key, 71))) == IdentifierFault.UNREADABLE
    assert code(unit_identifier(key)) == IdentifierFault.UNREADABLE


def test_grammars_do_not_meet() -> None:
    texts = ["CA9001-THA01-THA-7-2022", "THA01-TVER-7-2022", "BR-7", "BRA-7"]
    found = [unit_identifier(text) for text in texts]
    assert [read[0].grammar for read in found if not isinstance(read, Refusal)] == [
        Grammar.ITMO,
        Grammar.DOMESTIC,
        Grammar.KYOTO,
        Grammar.KYOTO,
    ]
