"""The room beside an application: its key, its talk, its papers, each within bounds."""

from dataclasses import replace

import pytest

from counterfoil.application.office import applying
from counterfoil.application.office.application import ApplicationFault, Colleague, Room
from counterfoil.application.office.application_room import (
    APPLICANT,
    COLLEAGUES_MAX,
    SAYING_MAX,
    SAYINGS_MAX,
    Entered,
    RoomFault,
    Said,
    add_paper,
    enter,
    of_sender,
    say,
    waiting_for_applicant,
)
from counterfoil.entrypoints.application_book import application_book
from tests.office.stage import Stage, code_of, member
from tests.office.test_applications import ASKED, UNTIL

SAID = Said("THA", "Contact One", "To hold units.", (Colleague("Person One", "one@example.org"),), "en")


def entered(stage: Stage) -> Entered:
    made = enter(stage.office, application_book(stage.office), ASKED, SAID, address="192.0.2.9")
    assert isinstance(made, Entered), made
    return made


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("country", "tha"),
        ("country", ""),
        ("contact", ""),
        ("contact", "a\nb"),
        ("purpose", " "),
        ("purpose", "x" * 2_001),
        ("colleagues", (Colleague("A", "nobody"),)),
        ("colleagues", (Colleague("", "one@example.org"),)),
        ("colleagues", (Colleague("A", "one@example.org"),) * (COLLEAGUES_MAX + 1)),
    ],
)
def test_what_stands_beside_an_application_is_refused_by_its_field(stage: Stage, field: str, value: object) -> None:
    book = application_book(stage.office)
    found = enter(stage.office, book, ASKED, replace(SAID, **{field: value}), address="")  # type: ignore[arg-type]
    assert code_of(found) == ApplicationFault.UNREADABLE
    assert found.facts["field"] == field  # type: ignore[union-attr]
    assert book.waiting() == 0


def test_only_the_key_opens_a_room_and_a_wrong_number_is_told_alike(stage: Stage) -> None:
    book, first, second = application_book(stage.office), entered(stage), entered(stage)
    found = of_sender(book, first.application.number, first.secret)
    assert isinstance(found, tuple)
    assert found[1].colleagues == SAID.colleagues
    for number, key in (
        (first.application.number, second.secret),
        ("A0", first.secret),
        (first.application.number, ""),
    ):
        assert code_of(of_sender(book, number, key)) == RoomFault.SECRET_UNKNOWN
    assert first.secret.encode() not in found[1].key


def test_one_address_waits_with_the_page_as_with_the_interface(stage: Stage) -> None:
    for _ in range(5):
        entered(stage)
    again = enter(stage.office, application_book(stage.office), ASKED, SAID, address="192.0.2.9")
    assert code_of(again) == ApplicationFault.WAIT


def test_a_talk_has_bounds_and_ends_with_the_decision(stage: Stage) -> None:
    book, number = application_book(stage.office), entered(stage).application.number
    for text in ("", " ", "x" * (SAYING_MAX + 1)):
        assert code_of(say(stage.office, book, number, text, actor=APPLICANT)) == RoomFault.SAYING_UNCLEAR
    asked = say(stage.office, book, number, "Who signs?", actor="person:P-1")
    assert isinstance(asked, Room)
    assert waiting_for_applicant(asked)
    for _ in range(SAYINGS_MAX - 1):
        told = say(stage.office, book, number, "I do.", actor=APPLICANT)
        assert isinstance(told, Room)
        assert not waiting_for_applicant(told)
    assert code_of(say(stage.office, book, number, "More.", actor=APPLICANT)) == RoomFault.SAYING_UNCLEAR
    applying.reject(stage.office, book, number, reason="No.", actor="local")
    assert code_of(say(stage.office, book, number, "Why?", actor=APPLICANT)) == ApplicationFault.DECIDED
    assert code_of(say(stage.office, book, "A0", "Why?", actor=APPLICANT)) == ApplicationFault.UNKNOWN


def test_papers_are_added_until_the_first_officer_has_looked(stage: Stage) -> None:
    officer = member(stage, "anna@example.org", "operator")
    book, number = application_book(stage.office), entered(stage).application.number
    assert code_of(add_paper(stage.office, book, "A0", "cd" * 32)) == ApplicationFault.UNKNOWN
    add_paper(stage.office, book, number, "cd" * 32)
    add_paper(stage.office, book, number, "cd" * 32)
    found = book.get(number)
    assert found is not None
    assert found.documents == ("ab" * 32, "cd" * 32)
    for place in range(28):
        add_paper(stage.office, book, number, f"{place:064x}")
    assert code_of(add_paper(stage.office, book, number, "ef" * 32)) == ApplicationFault.UNREADABLE
    applying.approve(stage.office, book, number, valid_until=UNTIL, actor=f"person:{officer.person}@DNA")
    assert code_of(add_paper(stage.office, book, number, "ef" * 32)) == ApplicationFault.DECIDED
