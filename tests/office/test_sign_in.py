"""Signing in, and what an attacker tries: guessing, replaying, fixing a session, telling accounts apart."""

import statistics
import threading
import time
from pathlib import Path

import pytest

from counterfoil.adapters.office.passwords import Argon2Passwords
from counterfoil.application.office import factors, people, sessions, sign_in
from counterfoil.application.office.ports import Factor
from counterfoil.application.office.sessions import IDLE_MS, LIFE_MS, SESSIONS_MAX, SignedIn, bearer
from counterfoil.application.office.sign_in import Device, Halfway
from counterfoil.domain.kernel.refusal import Refusal
from tests.office.stage import DAY, HOUR, MAIL, MINUTE, PASSWORD, Stage, code_of, halfway, member, signed_in, staged


def tried(stage: Stage, password: str = "wrong wrong wrong", mail: str = MAIL, address: str = "") -> str:
    found = sign_in.with_password(stage.office, mail=mail, password=password, device=Device(address))
    return found.code if isinstance(found, Refusal) else "in"


def test_a_password_alone_opens_nothing(stage: Stage) -> None:
    who = member(stage)
    found = sign_in.with_password(stage.office, mail=MAIL, password=PASSWORD, device=Device())
    assert isinstance(found, Halfway) and found.factors == (Factor.TOTP, Factor.RECOVERY)
    assert bearer(stage.office, found.secret) is None
    assert len(stage.office.store.sessions.of(who.person)) == 1, "only the one of the enrolment"


def test_password_and_phone_begin_a_session_with_a_standing(stage: Stage) -> None:
    who = member(stage)
    found = bearer(stage.office, signed_in(stage, who).secret)
    assert found is not None
    standing = found.standing
    assert (standing.person, standing.organisation, standing.kind) == (who.person, "", "operator")
    assert standing.roles == {"administrator"}


def test_a_one_time_code_is_taken_once_and_never_after_a_later_one(stage: Stage) -> None:
    who = member(stage)
    code = stage.code(who.totp)
    assert isinstance(sign_in.with_code(stage.office, step=halfway(stage, who), code=code, device=Device()), SignedIn)
    replay = sign_in.with_code(stage.office, step=halfway(stage, who), code=code, device=Device())
    assert code_of(replay) == "sign_in.refused"
    earlier = stage.code(who.totp)
    stage.later(MINUTE // 2)
    now = stage.code(who.totp)
    assert isinstance(sign_in.with_code(stage.office, step=halfway(stage, who), code=now, device=Device()), SignedIn)
    late = sign_in.with_code(stage.office, step=halfway(stage, who), code=earlier, device=Device())
    assert code_of(late) == "sign_in.refused"


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "000000\n"])
def test_what_is_no_code_is_refused(stage: Stage, code: str) -> None:
    who = member(stage)
    found = sign_in.with_code(stage.office, step=halfway(stage, who), code=code, device=Device())
    assert code_of(found) == "sign_in.refused"


def test_a_recovery_code_works_once_in_any_spelling_and_for_its_owner_only(stage: Stage) -> None:
    who, other = member(stage), member(stage, "bo@example.org", "operator")
    first, second = who.enrolled.recovery_codes[:2]

    def use(code: str, by: object = who) -> object:
        step = halfway(stage, by)  # type: ignore[arg-type]
        return sign_in.with_recovery_code(stage.office, step=step, code=code, device=Device())

    assert code_of(use(second, other)) == "sign_in.refused"
    assert isinstance(use(first.lower().replace("-", " ")), SignedIn)
    assert code_of(use(first)) == "sign_in.refused"
    assert isinstance(use(second), SignedIn)


def test_a_step_works_once_for_five_minutes_and_five_tries(stage: Stage) -> None:
    who = member(stage)
    step = halfway(stage, who)
    assert isinstance(sign_in.with_code(stage.office, step=step, code=stage.code(who.totp), device=Device()), SignedIn)
    stage.later(MINUTE)
    again = sign_in.with_code(stage.office, step=step, code=stage.code(who.totp), device=Device())
    assert code_of(again) == "sign_in.step_over"
    step = halfway(stage, who)
    stage.later(5 * MINUTE)
    late = sign_in.with_code(stage.office, step=step, code=stage.code(who.totp), device=Device())
    assert code_of(late) == "sign_in.step_over"
    assert code_of(sign_in.with_code(stage.office, step="guess", code="1", device=Device())) == "sign_in.step_over"


def test_guessing_locks_an_account_for_longer_each_time_and_never_for_ever(stage: Stage) -> None:
    who = member(stage)
    assert [tried(stage) for _ in range(6)] == ["sign_in.refused"] * 5 + ["sign_in.wait"]
    assert tried(stage, PASSWORD) == "sign_in.wait", "the right password waits as well"
    before = stage.passwords.hashes
    tried(stage)
    assert stage.passwords.hashes == before, "nothing is hashed while it is locked"
    stage.later(31_000)
    assert tried(stage) == "sign_in.refused" and tried(stage) == "sign_in.wait"
    stage.later(31_000)
    assert tried(stage) == "sign_in.wait", "now it is a minute"
    stage.later(DAY)
    signed_in(stage, who)
    assert [tried(stage) for _ in range(5)] == ["sign_in.refused"] * 5, "who got in begins anew"


def test_an_account_that_does_not_exist_is_locked_just_the_same(stage: Stage) -> None:
    member(stage)
    for mail in (MAIL, "nobody@example.org"):
        found = [tried(stage, mail=mail) for _ in range(7)]
        assert found == ["sign_in.refused"] * 5 + ["sign_in.wait"] * 2


def test_a_hundred_guesses_at_once_are_a_hundred_guesses(stage: Stage) -> None:
    member(stage)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(tried(stage))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == ["sign_in.refused"] * 5 + ["sign_in.wait"] * 35


def test_codes_are_guessed_at_no_faster_than_passwords(stage: Stage) -> None:
    who = member(stage)
    step, found = halfway(stage, who), []
    for number in range(10):
        outcome = sign_in.with_code(stage.office, step=step, code=f"{number:06}", device=Device())
        assert isinstance(outcome, Refusal)
        found.append(outcome.code)
    assert found.count("sign_in.refused") == 4, "the password was the first of five"
    assert tried(stage, PASSWORD) == "sign_in.wait"


def test_an_address_that_tries_many_accounts_is_slowed_and_others_are_not(stage: Stage) -> None:
    who = member(stage)
    found = [tried(stage, mail=f"a{number}@example.org", address="192.0.2.9") for number in range(31)]
    assert found == ["sign_in.refused"] * 30 + ["sign_in.wait"]
    signed_in(stage, who, Device("192.0.2.10"))
    assert tried(stage, mail="z@example.org", address="192.0.2.9") in ("sign_in.wait", "sign_in.refused")


def test_a_known_and_an_unknown_account_cost_one_hash_each(stage: Stage) -> None:
    suspended = member(stage, "bo@example.org", "operator")
    member(stage)
    people.suspend(stage.office, suspended.person, actor="local")
    for mail in (MAIL, "nobody@example.org", suspended.mail, "", "x" * 4_000):
        before = stage.passwords.hashes
        assert tried(stage, mail=mail) == "sign_in.refused"
        assert stage.passwords.hashes == before + 1, mail[:20]


def test_the_time_of_an_answer_does_not_tell_whether_there_is_an_account(tmp_path: Path) -> None:
    stage = staged(tmp_path, Argon2Passwords(memory_kib=8 * 1024, passes=2))
    try:
        member(stage)
        spent: dict[str, list[float]] = {MAIL: [], "nobody@example.org": []}
        for _ in range(12):
            for mail, times in spent.items():
                stage.later(HOUR)
                began = time.perf_counter()
                assert tried(stage, mail=mail) == "sign_in.refused"
                times.append(time.perf_counter() - began)
    finally:
        stage.at_hand.close()
    known, unknown = (statistics.median(times) for times in spent.values())
    assert 0.5 < known / unknown < 2, f"{known:.4f} s and {unknown:.4f} s"


def test_signing_in_takes_no_secret_from_the_browser_and_ends_its_former_session(stage: Stage) -> None:
    who = member(stage)
    fixed = "A" * 43
    first = signed_in(stage, who, Device(session=fixed))
    assert first.secret != fixed and bearer(stage.office, fixed) is None
    second = signed_in(stage, who, Device(session=first.secret))
    assert second.secret != first.secret
    assert bearer(stage.office, first.secret) is None and bearer(stage.office, second.secret) is not None


def test_a_session_ends_by_rest_and_by_age(stage: Stage) -> None:
    who = member(stage)
    rested = signed_in(stage, who)
    stage.later(IDLE_MS)
    assert bearer(stage.office, rested.secret) is None
    used, until = signed_in(stage, who), stage.clock.now_ms() + LIFE_MS
    while stage.clock.now_ms() + IDLE_MS // 2 < until - 2 * MINUTE:
        stage.later(IDLE_MS // 2)
        found = bearer(stage.office, used.secret)
        assert found is not None and sessions.needs_mark(stage.office, found.session)
        sessions.mark(stage.office, found.session)
    stage.later(IDLE_MS // 2 + 2 * MINUTE)
    assert bearer(stage.office, used.secret) is None


def test_a_session_ends_by_hand_everywhere_and_with_a_suspension(stage: Stage) -> None:
    who, other = member(stage), member(stage, "bo@example.org", "operator")
    here, there = signed_in(stage, other), signed_in(stage, other)
    assert code_of(sessions.end(stage.office, signed_in(stage, who).session, there.session.handle)) == (
        "session.unknown"
    ), "nobody ends another's"
    assert sessions.end(stage.office, here.session, there.session.handle) is None
    assert bearer(stage.office, there.secret) is None and bearer(stage.office, here.secret) is not None
    people.suspend(stage.office, other.person, actor="local")
    assert bearer(stage.office, here.secret) is None
    assert tried(stage, PASSWORD, other.mail) == "sign_in.refused"
    people.resume(stage.office, other.person, actor="local")
    assert bearer(stage.office, here.secret) is None, "what ended stays ended"
    signed_in(stage, other)
    stage.later(MINUTE)
    assert sessions.end_everywhere(stage.office, other.person, actor="local") == 1


def test_one_person_has_a_bounded_number_of_sessions(stage: Stage) -> None:
    who = member(stage)
    stage.later(HOUR)
    first = signed_in(stage, who)
    for _ in range(SESSIONS_MAX):
        last = signed_in(stage, who)
    assert len(stage.office.store.sessions.of(who.person)) == SESSIONS_MAX
    assert bearer(stage.office, first.secret) is None and bearer(stage.office, last.secret) is not None


def test_a_new_password_needs_the_former_one_and_ends_other_sessions(stage: Stage) -> None:
    who = member(stage)
    here, there = signed_in(stage, who), signed_in(stage, who)
    new = "nine brown otters swim"
    refused = factors.change_password(stage.office, here.session, former="wrong wrong wrong", password=new)
    assert code_of(refused) == "sign_in.refused"
    assert factors.change_password(stage.office, here.session, former=PASSWORD, password=new) is None
    assert bearer(stage.office, there.secret) is None and bearer(stage.office, here.secret) is not None
    assert tried(stage, PASSWORD) == "sign_in.refused" and tried(stage, new) == "in"


def test_factors_are_changed_soon_after_signing_in_and_the_last_one_stays(stage: Stage) -> None:
    who = member(stage)
    here = signed_in(stage, who)
    codes = factors.renew_recovery_codes(stage.office, here.session)
    assert isinstance(codes, tuple) and not set(codes) & set(who.enrolled.recovery_codes)
    phone = stage.office.store.credentials.of(who.person, Factor.TOTP)[0].number
    assert code_of(factors.remove(stage.office, here.session, phone)) == "factor.last_one"
    assert code_of(factors.remove(stage.office, here.session, phone + 999)) == "factor.unknown"
    stage.later(20 * MINUTE)
    assert code_of(factors.renew_recovery_codes(stage.office, here.session)) == "session.sign_in_again"


def test_a_lost_phone_is_replaced_with_a_recovery_code(stage: Stage) -> None:
    who = member(stage)
    here = sign_in.with_recovery_code(
        stage.office, step=halfway(stage, who), code=who.enrolled.recovery_codes[0], device=Device()
    )
    assert isinstance(here, SignedIn)
    lost = stage.office.store.credentials.of(who.person, Factor.TOTP)[0].number
    phone = factors.ask_phone(stage.office, here.session)
    assert isinstance(phone, factors.NewPhone)
    wrong = factors.add_phone(stage.office, here.session, step=phone.step, code="000000", label="")
    assert code_of(wrong) == "factor.code_refused"
    code = stage.code(phone.totp)
    assert factors.add_phone(stage.office, here.session, step=phone.step, code=code, label="New") is None
    again = factors.add_phone(stage.office, here.session, step=phone.step, code=code, label="New")
    assert code_of(again) == "sign_in.step_over"
    assert factors.remove(stage.office, here.session, lost) is None
    step = halfway(stage, who)
    replayed = sign_in.with_code(stage.office, step=step, code=code, device=Device())
    assert code_of(replayed) == "sign_in.refused", "the code that added it is used"
    stage.later(MINUTE)
    now = stage.code(phone.totp)
    assert isinstance(sign_in.with_code(stage.office, step=step, code=now, device=Device()), SignedIn)


def test_a_hash_with_older_parameters_is_renewed_when_its_owner_signs_in(stage: Stage) -> None:
    who = member(stage)
    own = stage.office.store.credentials.of(who.person, Factor.PASSWORD)[0]
    older = Argon2Passwords(memory_kib=32, passes=1).made(PASSWORD)
    with stage.office.store.change():
        stage.office.store.credentials.set_secret(own.number, older)
    signed_in(stage, who)
    kept = stage.office.store.credentials.of(who.person, Factor.PASSWORD)[0].secret
    assert kept != older and "m=64," in kept
