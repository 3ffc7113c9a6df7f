"""Applications of the public: bounded, counted per address, approved by two officers, forgotten when rejected."""

from dataclasses import replace
from datetime import date

import pytest

from counterfoil.application.office import applying
from counterfoil.application.office.application import (
    Application,
    ApplicationFault,
    ApplicationState,
    KycFile,
    Owner,
)
from counterfoil.domain.people.four_eyes import ApprovalFault
from counterfoil.entrypoints.application_book import application_book
from tests.office.stage import MINUTE, Stage, code_of, member

UNTIL = date(2027, 12, 31)
ASKED = Application(
    "",
    "0105560000000",
    "company",
    "Fields and Rivers",
    "office@example.org",
    "tha:fields",
    ("ab" * 32,),
    (Owner("Somchai", "THA", 60),),
    ApplicationState.OPEN,
    0,
)


def sent(stage: Stage, address: str = "192.0.2.1", **changes: object) -> Application:
    made = applying.apply(stage.office, application_book(stage.office), replace(ASKED, **changes), address=address)  # type: ignore[arg-type]
    assert isinstance(made, Application), made
    return made


def yes(stage: Stage, number: str, actor: str, until: date = UNTIL) -> object:
    return applying.approve(stage.office, application_book(stage.office), number, valid_until=until, actor=actor)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organisation", "a b"),
        ("organisation", "x" * 61),
        ("kind", "wizards"),
        ("name", ""),
        ("name", "a\nb"),
        ("name", "x" * 121),
        ("mail", "nobody"),
        ("account", "no account"),
        ("documents", ()),
        ("documents", ("AB" * 32,)),
        ("documents", ("../../etc",)),
        ("documents", ("ab" * 32,) * 31),
        ("owners", ()),
        ("owners", (Owner("A", "THA", 101),)),
        ("owners", (Owner("A", "THA", 1),) * 31),
    ],
)
def test_an_application_is_refused_by_its_field_when_it_is_unreadable(stage: Stage, field: str, value: object) -> None:
    asked = replace(ASKED, **{field: value})  # type: ignore[arg-type]
    found = applying.apply(stage.office, application_book(stage.office), asked, address="")
    assert code_of(found) == ApplicationFault.UNREADABLE
    assert found.facts["field"] == field  # type: ignore[union-attr]
    assert application_book(stage.office).waiting() == 0


def test_one_address_waits_after_five_applications_and_another_one_does_not(stage: Stage) -> None:
    for _ in range(5):
        sent(stage)
    found = applying.apply(stage.office, application_book(stage.office), ASKED, address="192.0.2.1")
    assert code_of(found) == ApplicationFault.WAIT
    sent(stage, "192.0.2.2")
    stage.later(MINUTE)
    sent(stage)


def test_two_officers_approve_and_neither_alone(stage: Stage) -> None:
    member(stage)
    number, book = sent(stage).number, application_book(stage.office)
    assert code_of(yes(stage, number, "local")) == ApprovalFault.PERSON_NEEDED
    first = yes(stage, number, "person:P-AAAAAAAA")
    assert isinstance(first, Application)
    assert first.state is ApplicationState.ENDORSED
    assert stage.office.store.organisations.get(ASKED.organisation) is None
    assert code_of(yes(stage, number, "person:P-AAAAAAAA")) == ApprovalFault.SAME_PERSON
    assert code_of(yes(stage, number, "person:P-BBBBBBBB", date(2028, 1, 1))) == ApplicationFault.DAY_DIFFERS
    second = yes(stage, number, "person:P-BBBBBBBB")
    assert isinstance(second, Application)
    assert second.state is ApplicationState.APPROVED
    body, file = stage.office.store.organisations.get(ASKED.organisation), book.file(ASKED.organisation)
    assert body is not None
    assert body.name == ASKED.name
    assert file is not None
    assert (file.valid_until, file.owners) == ("2027-12-31", ASKED.owners)
    assert code_of(yes(stage, number, "person:P-CCCCCCCC")) == ApplicationFault.DECIDED


def test_the_owner_of_an_unstaffed_folder_approves_alone(stage: Stage) -> None:
    done = yes(stage, sent(stage).number, "local")
    assert isinstance(done, Application)
    assert done.state is ApplicationState.APPROVED


def test_a_rejected_application_is_forgotten_in_the_file_too(stage: Stage) -> None:
    number, book = sent(stage).number, application_book(stage.office)
    assert (
        code_of(applying.reject(stage.office, book, number, reason=" ", actor="local")) == ApplicationFault.UNREADABLE
    )
    done = applying.reject(stage.office, book, number, reason="no register extract", actor="local")
    assert isinstance(done, Application)
    kept = book.get(number)
    assert kept is not None
    assert (kept.mail, kept.owners, kept.state) == ("", (), ApplicationState.REJECTED)
    path = stage.at_hand._directory / "office.db"
    assert b"Somchai" not in path.read_bytes()
    assert b"office@example.org" not in path.read_bytes()


def test_a_file_is_renewed_and_forgotten_and_the_trail_holds_no_name(stage: Stage) -> None:
    book = application_book(stage.office)
    yes(stage, sent(stage).number, "local")
    newer = KycFile(ASKED.organisation, ("cd" * 32,), (Owner("Malee", "THA", 100),), "2029-01-01", 0)
    assert isinstance(applying.renew_file(stage.office, book, newer, actor="local"), KycFile)
    kept = book.file(ASKED.organisation)
    assert kept is not None
    assert kept.owners == newer.owners
    stranger = replace(newer, organisation="unknown")
    assert code_of(applying.renew_file(stage.office, book, stranger, actor="local")) == ApplicationFault.KYC_UNKNOWN
    assert applying.forget_file(stage.office, book, ASKED.organisation, actor="local") is None
    assert book.file(ASKED.organisation) is None
    again = applying.forget_file(stage.office, book, ASKED.organisation, actor="local")
    assert code_of(again) == ApplicationFault.KYC_UNKNOWN
    told = "".join(row.facts + row.subject for row in stage.office.store.trail.all())
    assert "Malee" not in told
    assert "Somchai" not in told
    for path in stage.at_hand._directory.glob("office.db*"):
        found = path.read_bytes()
        assert not [word for word in (b"Malee", b"Somchai", b"office@example.org") if word in found], path.name


def test_no_more_applications_wait_than_the_bound(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "OPEN_MAX", 2)
    sent(stage)
    sent(stage)
    found = applying.apply(stage.office, application_book(stage.office), ASKED, address="")
    assert code_of(found) == ApplicationFault.FULL
