"""The signing key and the witnesses of the log: what the journal takes, and what it refuses."""

from datetime import date

import pytest

from counterfoil.application.command import REGISTRY, SELF
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.rotate_key import ConfirmKey, KeyFault, RotateKey
from counterfoil.application.commands.set_witness_policy import SetWitnessPolicy, WitnessPolicyFault
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.ledger.cosignature import WitnessFault
from counterfoil.domain.ledger.key_history import KEY, KEYS_MAX, key_text
from counterfoil.domain.ledger.note import Algorithm, NoteKey
from counterfoil.domain.ledger.witness_record import POLICY, WITNESSES, WITNESSES_MAX, WitnessKeyFault
from tests.domain.commands.desk import Case, Desk, after, check_refused, registry, titles


def public(number: int) -> str:
    return key_text(number.to_bytes(32, "big"))


def rotate(number: int) -> RotateKey:
    return RotateKey(public_key=public(number), reason="yearly")


def witness(number: int, *, algorithm: Algorithm = Algorithm.COSIGNATURE, name: str = "") -> str:
    return str(NoteKey(name or f"witness.example/{number}", number.to_bytes(32, "big"), algorithm))


def policy(*witnesses: str, quorum: int = 1) -> SetWitnessPolicy:
    return SetWitnessPolicy(witnesses=witnesses, quorum=quorum, reason="decided by the authority")


def founded() -> Desk:
    desk = Desk(registry("THA"), today=date(2026, 3, 31))
    found = Found(registry="THA01", party=Party("THA"), name="THA", origin="registry.example/THA", public_key=public(1))
    desk.do(found)
    return desk


def after_many(desk: Desk) -> RotateKey:
    for number in range(2, KEYS_MAX + 1):
        desk.do(rotate(number))
    return rotate(KEYS_MAX + 1)


REFUSALS = (
    Case("it is no key", KeyFault.UNREADABLE, lambda _: RotateKey(public_key="AAAA", reason="yearly")),
    Case("it signs already", KeyFault.USED_BEFORE, lambda _: rotate(1)),
    Case("it signed once", KeyFault.USED_BEFORE, after(rotate(2), then=rotate(1))),
    Case("the log had enough keys", KeyFault.TOO_MANY, after_many),
    Case("another key is confirmed", KeyFault.NOT_CURRENT, lambda _: ConfirmKey(public_key=public(2))),
    Case("the old key is confirmed", KeyFault.NOT_CURRENT, after(rotate(2), then=ConfirmKey(public_key=public(1)))),
    Case("a witness's key is unreadable", WitnessKeyFault.UNREADABLE, lambda _: policy("witness.example")),
    Case(
        "there are too many witnesses",
        WitnessKeyFault.TOO_MANY,
        lambda _: policy(*(witness(number) for number in range(2, WITNESSES_MAX + 3))),
    ),
    Case("the registry is its own witness", WitnessPolicyFault.OWN_KEY, lambda _: policy(witness(1))),
    Case(
        "a key signs notes and not as a witness",
        WitnessFault.KEY_UNFIT,
        lambda _: policy(witness(2, algorithm=Algorithm.ED25519)),
    ),
    Case("a key has two names", WitnessFault.NAMED_TWICE, lambda _: policy(witness(2), witness(2, name="other"))),
    Case("a name has two keys", WitnessFault.NAMED_TWICE, lambda _: policy(witness(2, name="w"), witness(3, name="w"))),
    Case("more must sign than there are", WitnessFault.QUORUM_UNFIT, lambda _: policy(witness(2), quorum=2)),
    Case("less than nobody must sign", WitnessFault.QUORUM_UNFIT, lambda _: policy(witness(2), quorum=-1)),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_key_or_a_policy_is_refused_when(case: Case) -> None:
    check_refused(case, founded())


def test_a_rotation_names_the_new_key_and_the_one_that_it_replaces() -> None:
    desk = founded()
    desk.do(rotate(2))
    desk.do(rotate(3))
    assert desk.books.record(REGISTRY, SELF)["public_key"] == public(3)
    assert desk.books.record(KEY, "2") == {"public_key": public(2), "replaces": public(1)}
    assert desk.books.record(KEY, "3") == {"public_key": public(3), "replaces": public(2)}
    assert desk.do(ConfirmKey(public_key=public(3))).details == {"public_key": public(3)}


def test_a_policy_replaces_the_one_before_and_a_quorum_of_zero_lifts_it() -> None:
    desk = founded()
    desk.do(policy(witness(2), witness(3), quorum=2))
    first = {"number": 1, "quorum": 2, "witnesses": [witness(2), witness(3)]}
    assert desk.books.record(WITNESSES, POLICY) == first
    desk.do(policy(quorum=0))
    assert desk.books.record(WITNESSES, POLICY) == {"number": 2, "quorum": 0, "witnesses": []}
    assert desk.books.record(WITNESSES, "1") == first
