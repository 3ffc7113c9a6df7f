"""Passkeys: bound to our address, verified by their holder, counted upwards, and never answered twice."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counterfoil.application.office import factors, passkeys, people
from counterfoil.application.office.passkeys import Asked
from counterfoil.application.office.ports import Factor
from counterfoil.application.office.sessions import SignedIn, bearer
from counterfoil.application.office.sign_in import Device
from counterfoil.domain.kernel.refusal import Refusal
from tests.office.key_maker import PRESENT, SoftKey
from tests.office.stage import HOUR, Member, Stage, code_of, halfway, member, signed_in, staged


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    (tmp_path / "office.toml").write_text('address = "https://registry.example"\nname = "Registry of XAA"\n')
    made = staged(tmp_path)
    yield made
    made.at_hand.close()


def asked(found: Asked | Refusal) -> tuple[str, dict[str, Any]]:
    assert isinstance(found, Asked), found
    return found.secret, json.loads(found.options)


def added(stage: Stage, who: Member, key: SoftKey, **lies: Any) -> Refusal | None:
    session = signed_in(stage, who).session
    secret, options = asked(passkeys.ask_new(stage.office, session))
    response = json.dumps(key.create(options, **lies))
    return passkeys.add(stage.office, session, secret=secret, response=response, label="Desk key")


def entered(stage: Stage, key: SoftKey, step: str = "", **lies: Any) -> SignedIn | Refusal:
    secret, options = asked(passkeys.ask_sign_in(stage.office, device=Device(), step=step))
    response = json.dumps(key.sign(options, **lies))
    return passkeys.sign_in(stage.office, secret=secret, response=response, device=Device())


def test_a_passkey_is_added_and_signs_in_alone_and_after_a_password(stage: Stage) -> None:
    who, key = member(stage), SoftKey()
    assert added(stage, who, key) is None
    alone = entered(stage, key)
    assert isinstance(alone, SignedIn) and bearer(stage.office, alone.secret) is not None
    assert isinstance(entered(stage, key, halfway(stage, who)), SignedIn)
    held = stage.office.store.credentials.of(who.person, Factor.PASSKEY)
    assert [(each.label, each.counter) for each in held] == [("Desk key", 2)]


@pytest.mark.parametrize(
    "lies", [{"origin": "https://registry.example.evil"}, {"origin": "http://registry.example"}, {"flags": PRESENT}]
)
def test_a_passkey_of_another_page_or_an_unverified_holder_is_refused(stage: Stage, lies: dict[str, Any]) -> None:
    who, key = member(stage), SoftKey()
    assert code_of(added(stage, who, SoftKey(), **lies)) == "factor.passkey_refused"
    assert added(stage, who, key) is None
    assert code_of(entered(stage, key, **lies)) == "sign_in.refused"


def test_a_passkey_of_another_host_a_stranger_and_garbage_are_refused(stage: Stage) -> None:
    who, key = member(stage), SoftKey()
    assert code_of(added(stage, who, SoftKey(host="evil.example"))) == "factor.passkey_refused"
    assert added(stage, who, key) is None
    assert code_of(entered(stage, SoftKey())) == "sign_in.refused"
    copy = SoftKey()
    copy.id, copy.count = key.id, 50
    assert code_of(entered(stage, copy)) == "sign_in.refused", "another key under the same name"
    for response in ("", "[]", "{}", '{"rawId": 1}', '{"rawId": "é"}', "[" * 5_000, '{"rawId":"' + "A" * 70_000 + '"}'):
        secret, _ = asked(passkeys.ask_sign_in(stage.office, device=Device()))
        found = passkeys.sign_in(stage.office, secret=secret, response=response, device=Device())
        assert code_of(found) == "sign_in.refused", response[:20]


def test_an_answer_works_once_and_for_its_own_question(stage: Stage) -> None:
    who, key = member(stage), SoftKey()
    assert added(stage, who, key) is None
    secret, options = asked(passkeys.ask_sign_in(stage.office, device=Device()))
    response = json.dumps(key.sign(options))
    assert isinstance(passkeys.sign_in(stage.office, secret=secret, response=response, device=Device()), SignedIn)
    again = passkeys.sign_in(stage.office, secret=secret, response=response, device=Device())
    assert code_of(again) == "sign_in.step_over"
    other, _ = asked(passkeys.ask_sign_in(stage.office, device=Device()))
    moved = passkeys.sign_in(stage.office, secret=other, response=response, device=Device())
    assert code_of(moved) == "sign_in.refused"


def test_a_copy_that_counts_behind_is_noticed(stage: Stage) -> None:
    who, key = member(stage), SoftKey()
    assert added(stage, who, key) is None
    for _ in range(3):
        assert isinstance(entered(stage, key), SignedIn)
    key.count = 1
    assert code_of(entered(stage, key)) == "sign_in.refused"


def test_after_a_password_only_that_persons_passkeys_will_do(stage: Stage) -> None:
    one, two, key = member(stage), member(stage, "bo@example.org", "operator"), SoftKey()
    assert added(stage, two, key) is None
    assert code_of(entered(stage, key, halfway(stage, one))) == "sign_in.refused"


def test_who_is_suspended_stays_out_with_a_passkey(stage: Stage) -> None:
    member(stage)
    two, key = member(stage, "bo@example.org", "operator"), SoftKey()
    assert added(stage, two, key) is None
    people.suspend(stage.office, two.person, actor="local")
    assert code_of(entered(stage, key)) == "sign_in.refused"


def test_a_passkey_is_added_soon_after_signing_in_and_once(stage: Stage) -> None:
    who, key = member(stage), SoftKey()
    session = signed_in(stage, who).session
    secret, options = asked(passkeys.ask_new(stage.office, session))
    response = json.dumps(key.create(options))
    assert passkeys.add(stage.office, session, secret=secret, response=response, label="") is None
    again = passkeys.add(stage.office, session, secret=secret, response=response, label="")
    assert code_of(again) in ("sign_in.step_over", "factor.passkey_refused")
    stage.later(HOUR)
    assert code_of(passkeys.ask_new(stage.office, session)) == "session.sign_in_again"


def test_with_a_passkey_the_phone_may_go(stage: Stage) -> None:
    who, key = member(stage), SoftKey()
    assert added(stage, who, key) is None
    phone = stage.office.store.credentials.of(who.person, Factor.TOTP)[0].number
    assert factors.remove(stage.office, signed_in(stage, who).session, phone) is None


def test_without_an_address_there_are_no_passkeys(tmp_path: Path) -> None:
    made = staged(tmp_path)
    try:
        who = member(made)
        session = signed_in(made, who).session
        assert code_of(passkeys.ask_new(made.office, session)) == "factor.passkey_no_address"
        assert code_of(passkeys.ask_sign_in(made.office, device=Device())) == "factor.passkey_no_address"
    finally:
        made.at_hand.close()
