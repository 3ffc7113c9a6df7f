"""Inviting and enrolling: a secret works once, for a time, for one person; no account is there by default."""

import threading
from pathlib import Path

import pytest

from counterfoil.application.office import enrolment, people
from counterfoil.application.office.enrolment import Enrolled
from counterfoil.application.office.invitations import VALID_MS, Guest, invite, invite_administrator
from counterfoil.application.office.ports import Factor, PersonState
from counterfoil.application.office.sign_in import Device
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.pseudonym import PERSON
from tests.office.stage import MAIL, PASSWORD, Stage, code_of, invited, member


def enrolled(stage: Stage, secret: str, password: str = PASSWORD, code: str | None = None) -> Enrolled | Refusal:
    opened = enrolment.open_invitation(stage.office, secret)
    right = "" if isinstance(opened, Refusal) else stage.code(opened.totp)
    chosen = right if code is None else code
    return enrolment.enrol(stage.office, secret, password=password, code=chosen, device=Device())


def test_a_new_office_knows_nobody_and_nobody_can_enrol(stage: Stage) -> None:
    assert stage.office.store.people.count() == 0 and not stage.at_hand.staffed()
    for guess in ("", "admin", "x" * 43):
        assert code_of(enrolled(stage, guess)) == "invitation.over"


def test_an_invited_person_enrols_with_a_password_a_phone_and_recovery_codes(stage: Stage) -> None:
    who = member(stage)
    person = stage.office.store.people.get(who.person)
    assert person is not None and person.state is PersonState.ACTIVE and PERSON.match(person.person)
    held = [each.factor for each in stage.office.store.credentials.of(who.person)]
    assert held == [Factor.PASSWORD, Factor.TOTP, *[Factor.RECOVERY] * 10]
    assert len(set(who.enrolled.recovery_codes)) == 10
    assert stage.at_hand.staffed()


def test_an_invitation_works_once(stage: Stage) -> None:
    secret = invited(stage).secret
    assert isinstance(enrolled(stage, secret), Enrolled)
    assert code_of(enrolled(stage, secret)) == "invitation.over"
    assert code_of(enrolment.open_invitation(stage.office, secret)) == "invitation.over"


def test_an_invitation_ends_after_its_days_and_when_another_takes_its_place(stage: Stage) -> None:
    first = invited(stage)
    second = invited(stage)
    assert first.person.person == second.person.person
    assert code_of(enrolled(stage, first.secret)) == "invitation.over"
    stage.later(VALID_MS)
    assert code_of(enrolled(stage, second.secret)) == "invitation.over"
    third = invited(stage)
    stage.later(VALID_MS - 10)
    assert isinstance(enrolled(stage, third.secret), Enrolled)


def test_of_two_who_use_an_invitation_at_once_one_enrols(stage: Stage) -> None:
    secret = invited(stage).secret
    opened = enrolment.open_invitation(stage.office, secret)
    assert not isinstance(opened, Refusal)
    code, outcomes, start = stage.code(opened.totp), [], threading.Barrier(4)

    def race() -> None:
        start.wait()
        outcomes.append(enrolment.enrol(stage.office, secret, password=PASSWORD, code=code, device=Device()))

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(isinstance(outcome, Enrolled) for outcome in outcomes) == 1
    assert [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)] == ["invitation.over"] * 3
    assert len(stage.office.store.credentials.of(opened.person.person, Factor.PASSWORD)) == 1


def test_a_wrong_code_or_password_leaves_the_invitation_as_it_was(stage: Stage) -> None:
    secret = invited(stage).secret
    assert code_of(enrolled(stage, secret, code="000000")) == "factor.code_refused"
    assert code_of(enrolled(stage, secret, password="short")) == "password.too_short"
    assert isinstance(enrolled(stage, secret), Enrolled)


@pytest.mark.parametrize(
    "password, code",
    [
        ("eleven char", "password.too_short"),
        ("x" * 201, "password.too_long"),
        ("aaaaaaaaaaaaaaaa", "password.guessable"),
        ("abcdefghijklmnop", "password.guessable"),
        ("012345678901", "password.guessable"),
        ("counterfoil counterfoil", "password.guessable"),
        ("ada.lovelace ada.lovelace", "password.guessable"),
    ],
)
def test_a_password_is_refused_when(stage: Stage, password: str, code: str) -> None:
    secret = invited(stage, "ada.lovelace@example.org").secret
    assert code_of(enrolled(stage, secret, password=password)) == code


def test_one_password_in_two_spellings_of_unicode_is_one_password(stage: Stage) -> None:
    from counterfoil.application.office import sign_in

    secret = invited(stage).secret
    assert isinstance(enrolled(stage, secret, password="Ｋafka caf\u00e9 über"), Enrolled)
    found = sign_in.with_password(stage.office, mail=MAIL, password="Kafka cafe\u0301 über", device=Device())
    assert isinstance(found, sign_in.Halfway)


@pytest.mark.parametrize(
    "guest, code",
    [
        (Guest("", MAIL, "operator"), "person.name_unreadable"),
        (Guest("x\x00y", MAIL, "operator"), "person.name_unreadable"),
        (Guest("Ada", "ada", "operator"), "person.mail_unreadable"),
        (Guest("Ada", "ada@b\r\nbcc:c@d", "operator"), "person.mail_unreadable"),
        (Guest("Ada", MAIL, "emperor"), "organisation.role_not_of_kind"),
        (Guest("Ada", MAIL, "developer", "404"), "organisation.unknown"),
        (Guest("Ada", MAIL, "operator", last_day="2026-05-31"), "person.days_reversed"),
    ],
)
def test_an_invitation_is_refused_when(stage: Stage, guest: Guest, code: str) -> None:
    assert code_of(invite(stage.office, guest, actor="local")) == code
    assert stage.office.store.people.count() == 0


def test_a_mail_address_belongs_to_one_person_whatever_its_case(stage: Stage) -> None:
    member(stage)
    assert code_of(invite(stage.office, Guest("B", "ADA@Example.ORG", "operator"), actor="local")) == (
        "person.mail_taken"
    )


def test_the_owner_invites_an_administrator_only_while_there_is_none_or_as_a_recovery(stage: Stage) -> None:
    member(stage)
    assert code_of(invite_administrator(stage.office, name="B", mail="b@example.org")) == "person.administrator_exists"
    assert not isinstance(invite_administrator(stage.office, name="B", mail="b@example.org", recovery=True), Refusal)


def test_the_last_administrator_is_neither_suspended_nor_erased_nor_relieved(stage: Stage) -> None:
    who = member(stage)
    assert code_of(people.suspend(stage.office, who.person, actor="local")) == "person.last_administrator"
    assert code_of(people.erase(stage.office, who.person, actor="local")) == "person.last_administrator"
    relieved = people.take_role(stage.office, who.person, role="administrator", organisation="", actor="local")
    assert code_of(relieved) == "person.last_administrator"


def test_what_was_secret_is_nowhere_in_the_file_or_the_trail(stage: Stage, tmp_path: Path) -> None:
    invitation = invited(stage, role="administrator")
    done = enrolled(stage, invitation.secret)
    assert isinstance(done, Enrolled)
    stage.office.store.scrub()
    kept = (tmp_path / "office.db").read_bytes()
    secrets = [invitation.secret, PASSWORD, done.signed_in.secret, done.signed_in.csrf, *done.recovery_codes]
    assert [secret for secret in secrets if secret.encode() in kept] == []
    rows = "".join(f"{row.actor}{row.subject}{row.facts}" for row in stage.office.store.trail.all())
    assert "ada" not in rows.lower() and "example" not in rows
