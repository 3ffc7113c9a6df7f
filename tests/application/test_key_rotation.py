"""Rotation of the signing key: who signs what, who can follow, and what is refused."""

from dataclasses import replace

import pytest

from counterfoil.adapters.codec import JsonCodec
from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.rotate_key import ConfirmKey, RotateKey
from counterfoil.application.ports import Outage
from counterfoil.application.proving import entry_proof, proven
from counterfoil.application.queries.prove import bundle_bytes, check, prove
from counterfoil.application.receipt import Receipt
from counterfoil.application.verification import audit
from counterfoil.application.writer import Writer
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.bundle import Proven
from counterfoil.domain.ledger.key_history import key_text
from tests.application.ring import NAME, Ring, Rotating


@pytest.fixture
def office() -> Rotating:
    office = Rotating()
    office.open("a", "b")
    office.do(office.rotate(1))
    office.do(ConfirmKey(public_key=key_text(office.key(1))))
    office.open("c")
    office.do(office.rotate(2))
    office.open("d")
    return office


def test_the_old_key_signs_the_rotation_and_the_new_one_all_that_follows(office: Rotating) -> None:
    #                   founded, a b, rotated, confirmed, c, rotated, d
    assert office.signed_by() == [0, 0, 0, 1, 1, 1, 2]
    assert office.sight().registry.public_key == key_text(office.key(2))


def test_a_rotation_closes_its_batch(office: Rotating) -> None:
    other = Rotating()
    outcomes = other.ask(
        OpenAccount(account="xaa:a", holder="a"),
        other.rotate(1),
        OpenAccount(account="xaa:b", holder="b"),
        other.rotate(2),
        OpenAccount(account="xaa:c", holder="c"),
    )
    assert [isinstance(outcome, Receipt) for outcome in outcomes] == [True] * 5
    assert other.signed_by() == [0, 0, 1, 2]
    assert [row.size for row in other.store.reading().checkpoints()] == [1, 3, 5, 6]


def test_every_key_of_the_history_verifies_the_whole_log_and_no_other_does(office: Rotating) -> None:
    assert [office.audited(number) for number in range(3)] == [True, True, True]
    stranger = Ring(NAME, 9).public_key
    found = audit(office.store.reading(), JsonCodec(), verify=verify, public_key=stranger)
    assert found.findings[0].code == "verify.signature"


def test_a_log_that_ends_with_a_handover_says_nothing_to_who_trusts_the_new_key() -> None:
    """Whoever has the old key could name any key after it: only a signature of the new one counts."""
    office = Rotating()
    office.do(office.rotate(1))
    assert office.audited(0) and not office.audited(1)
    office.do(ConfirmKey(public_key=key_text(office.key(1))))
    assert office.audited(0) and office.audited(1)


def test_a_registry_opens_again_under_its_current_key_only(office: Rotating) -> None:
    assert Writer(replace(office.world, signer=office.ring.signers[2])).size == 8
    with pytest.raises(Outage, match=r"storage\.checkpoint_broken"):
        Writer(replace(office.world, signer=office.ring.signers[0]))


def test_a_rotation_whose_commit_fails_leaves_the_old_key_in_force(office: Rotating) -> None:
    other = Rotating()
    other.store.fail_next = Outage("storage.full")
    failed, later = other.ask(other.rotate(1), OpenAccount(account="xaa:b", holder="b"))
    assert isinstance(failed, Outage) and failed.code == "storage.full"
    assert isinstance(later, Receipt)
    other.open("a")
    assert other.signed_by() == [0, 0, 0]
    other.do(other.rotate(1))
    other.open("c")
    assert other.signed_by() == [0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    "key, code",
    [
        ("nonsense", "key.unreadable"),
        (key_text(bytes(32)), "key.not_held"),
        (key_text(Ring(NAME, 1).public_key), "key.used_before"),
        (key_text(Ring(NAME, 2).public_key), "key.used_before"),
    ],
)
def test_a_rotation_is_refused_for(office: Rotating, key: str, code: str) -> None:
    (outcome,) = office.ask(RotateKey(public_key=key, reason="x"))
    assert isinstance(outcome, Refusal) and outcome.code == code
    (outcome,) = office.ask(ConfirmKey(public_key=key))
    assert isinstance(outcome, Refusal) and outcome.code == "key.not_current"


def bundle_of(office: Rotating, about: str) -> bytes:
    made = prove(office.sight(), about, public_key=office.key(2), verify=verify)
    assert not isinstance(made, Refusal), made
    return bundle_bytes(made, JsonCodec())


def checked(data: bytes, key: bytes) -> Proven | Refusal:
    return check(data, key=key_text(key), codec=JsonCodec(), verify=verify)


def test_a_proof_of_today_holds_for_who_knows_the_first_key_or_any_later_one(office: Rotating) -> None:
    data = bundle_of(office, "1")
    for number in range(3):
        found = checked(data, office.key(number))
        assert isinstance(found, Proven) and len(found.keys) == 3
    refused = checked(data, Ring(NAME, 9).public_key)
    assert isinstance(refused, Refusal) and refused.code == "proof.other_key"


def test_every_changed_byte_of_keys_and_handovers_is_refused_whichever_key_is_trusted(office: Rotating) -> None:
    data = bundle_of(office, "1")
    start = data.index(b'"handovers"')
    end = data.index(b'"subject"')
    for at in range(start, end):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 7
        for number in (0, 2):
            assert isinstance(checked(bytes(changed), office.key(number)), Refusal), (at, number)


def test_handovers_left_out_or_exchanged_are_refused(office: Rotating) -> None:
    value = JsonCodec().decode(bundle_of(office, "1"))
    first, second = value["handovers"]
    keys = value["keys"]
    changes = (
        {"handovers": [first]},
        {"handovers": [second, first]},
        {"handovers": [first, first]},
        {"handovers": [first], "keys": keys[:2]},
        {"handovers": [second], "keys": keys[1:]},
        {"handovers": [first, second], "keys": [keys[0], keys[2], keys[1]]},
        {"handovers": [{**first, "more": 1}, second]},
    )
    for change in changes:
        data = JsonCodec().encode({**value, **change}) + b"\n"
        found = checked(data, office.key(0))
        assert isinstance(found, Refusal), change


def test_a_partner_that_knows_the_first_key_still_reads_proofs_of_single_entries(office: Rotating) -> None:
    proof = entry_proof(office.store.reading(), 7, office.world.codec)
    assert proof is not None
    for number in (0, 1, 2):
        assert proven(proof, public_key=office.key(number), origin=NAME, verify=verify, codec=office.world.codec)
    assert not proven(proof, public_key=bytes(32), origin=NAME, verify=verify, codec=office.world.codec)
    early = entry_proof(office.store.reading(), 1, office.world.codec)
    assert early is not None and "handovers" not in early
    assert not proven(early, public_key=office.key(2), origin=NAME, verify=verify, codec=office.world.codec)
