"""The writer: one step, one commit, the same answer twice, and nothing left of what failed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.adapters.codec import JsonCodec
from counterfoil.adapters.storage.memory.store import MemoryStore
from counterfoil.application.command import Units
from counterfoil.application.commands.correct import Correct
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.submit_aef import SubmitAef
from counterfoil.application.commands.table import COMMANDS
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.draft import leaf_bytes
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import CONTEXTS_MAX, PARTS_MAX, Submission, Writer
from counterfoil.domain.kernel.canonical import DEPTH_MAX, canonical
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.record import to_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act, Entry, FactChange, JournalEntry, Record
from counterfoil.entrypoints.bootstrap import memory_world
from tests.application.office import Office

CLASS = "CA9001-XAA01-XAA-#-2023"


@pytest.fixture
def office() -> Office:
    office = Office()
    office.activity()
    office.issued()
    office.do(OpenAccount(account="xaa:other", holder="other"))
    return office


def move(first: int, last: int, identity: str = "") -> Transfer:
    return Transfer(id=identity, units=Units(CLASS, first, last), source="xaa:holder", target="xaa:other")


def nested(depth: int) -> Any:
    return [nested(depth - 1)] if depth else 1


def test_the_same_command_twice_gets_the_first_receipt_and_moves_nothing(office: Office) -> None:
    first = office.ask(move(1, 10, "t-1"))
    size = office.writer.size
    assert office.ask(move(1, 10, "t-1")) == first
    assert office.writer.size == size


def test_the_same_command_twice_in_one_batch_gets_one_receipt(office: Office) -> None:
    size = office.writer.size
    first, second = office.ask(move(1, 10, "t-1"), move(1, 10, "t-1"))
    assert first == second
    assert office.writer.size == size + 1


def test_the_same_id_with_other_content_is_refused_never_merged(office: Office) -> None:
    office.do(move(1, 10, "t-1"))
    for outcomes in (office.ask(move(1, 11, "t-1")), office.ask(move(20, 30, "t-2"), move(20, 31, "t-2"))[1:]):
        assert [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)] == ["command.id_taken"]


def test_another_confidential_value_is_other_content_without_its_hash_giving_the_value_away(office: Office) -> None:
    priced = replace(move(1, 10, "t-1"), confidential={"price": 930})
    cheaper = replace(priced, confidential={"price": 931})
    first = office.do(priced)[0]
    assert office.ask(priced) == [first]
    assert office.ask(cheaper)[0].code == "command.id_taken"  # type: ignore[union-attr]
    row = office.store.row(first.seq)
    assert row is not None and b"930" not in row.leaf and b"price" in row.leaf


def test_an_erased_opening_keeps_entry_proof_and_idempotence(office: Office) -> None:
    priced = replace(move(1, 10, "t-1"), confidential={"price": 930})
    first = office.do(priced)[0]
    assert office.store.erase(first.seq, "price")
    assert office.store.openings(first.seq) == []
    assert office.ask(priced) == [first]
    assert office.audit().findings == ()


def test_a_unit_is_moved_once_when_two_ask_in_one_batch(office: Office) -> None:
    outcomes = office.ask(move(1, 10), move(10, 20))
    assert isinstance(outcomes[0], Receipt)
    assert isinstance(outcomes[1], Refusal) and outcomes[1].code == "units.not_held"


def test_a_failed_commit_leaves_nothing(office: Office) -> None:
    before = list(office.writer.books.all_holdings())
    size, note = office.writer.size, office.writer.note
    office.store.fail_next = Outage("storage.disk_full")
    outcomes = office.ask(move(1, 10, "t-1"), move(11, 20, "t-2"), move(9_999, 9_999, "t-3"))
    assert [type(outcome) for outcome in outcomes] == [Outage, Outage, Refusal]
    assert list(office.writer.books.all_holdings()) == before
    assert (office.writer.size, office.writer.note) == (size, note)
    assert [receipt.seq for receipt in office.do(move(1, 10, "t-1"), move(11, 20, "t-2"))] == [size, size + 1]
    assert office.audit().findings == ()


def test_a_writer_that_starts_again_goes_on_where_the_journal_ends(office: Office) -> None:
    office.do(move(1, 10, "t-1"))
    again = Writer(office.world)
    assert again.size == office.writer.size
    assert list(again.books.all_holdings()) == list(office.writer.books.all_holdings())
    office.writer = again
    office.do(move(11, 20, "t-2"))
    assert office.audit().findings == ()


def test_an_entry_too_large_for_a_leaf_is_refused_and_spoils_nobody_elses(office: Office) -> None:
    large = OpenAccount(account="xaa:large", holder="x" * 20_000)
    outcomes = office.ask(move(1, 10), large, move(11, 20))
    assert [type(outcome) for outcome in outcomes] == [Receipt, Refusal, Receipt]
    assert outcomes[1].code == "entry.too_large"  # type: ignore[union-attr]
    assert office.audit().findings == ()


def test_acts_that_spoil_the_draft_keep_nobody_from_the_others(office: Office) -> None:
    large = OpenAccount(account="xaa:large", holder="x" * 20_000)
    commands = [large if number % 2 else move(number, number, f"m-{number}") for number in range(1, 2 * PARTS_MAX + 20)]
    before = office.store.reading().last_checkpoint()
    outcomes = office.ask(*commands)
    after = office.store.reading().last_checkpoint()
    assert before is not None and after is not None
    assert after.number - before.number <= PARTS_MAX
    told = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal | Outage)]
    assert set(told) == {"entry.too_large", "writer.busy"}
    again = office.ask(*(command for command in commands if command is not large))
    first = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    assert all(isinstance(outcome, Receipt) for outcome in again)
    assert again[: len(first)] == first
    assert office.audit().findings == ()


def test_an_id_given_twice_around_an_act_that_spoils_the_draft_is_one_act(office: Office) -> None:
    large = OpenAccount(account="xaa:large", holder="x" * 20_000)
    first, refused, second = office.ask(move(1, 10, "t-1"), large, move(1, 10, "t-1"))
    assert isinstance(first, Receipt) and first == second and isinstance(refused, Refusal)
    assert office.audit().findings == ()


def test_a_signature_that_fails_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(office.writer.books.all_holdings())

    def broken(_: bytes) -> bytes:
        raise RuntimeError("the key's module is gone")

    with monkeypatch.context() as patch:
        patch.setattr(office.signer.__class__, "sign", lambda _, message: broken(message))
        with pytest.raises(RuntimeError):
            office.ask(move(1, 10, "t-1"))
    assert list(office.writer.books.all_holdings()) == before
    office.do(move(1, 10, "t-1"))
    assert office.audit().findings == ()


@pytest.mark.parametrize(
    "value", [2**63, -(2**63) - 1, *(nested(depth) for depth in range(DEPTH_MAX - 4, DEPTH_MAX + 2))]
)
def test_a_leaf_has_the_canonical_bytes_or_none(value: Any) -> None:
    """What a command says was looked through; in the leaf it lies deeper, and sums may have grown."""
    parts: list[dict[str, Any]] = [
        {"details": {"a": value}},
        {"records": (Record("kind", "key", {"a": value}),)},
        {"facts": (FactChange(CLASS, 1, 2, {"a": value}),)},
    ]
    for part in parts:
        entry = JournalEntry(1, "t-1", "c", "at", "by", Entry(Act.TRANSFERRED, date(2025, 1, 15), **part))
        try:
            expected = canonical(to_json(entry.leaf()))
        except ValueError:
            with pytest.raises(ValueError, match=r"63 bits|nested"):
                leaf_bytes(entry, JsonCodec())
        else:
            assert leaf_bytes(entry, JsonCodec()) == expected


def test_an_entry_without_canonical_bytes_is_refused_and_spoils_nobody_elses(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = Entry(Act.ACCOUNT_OPENED, date(2025, 1, 15), details={"a": nested(DEPTH_MAX)})
    monkeypatch.setattr("counterfoil.application.writer.COMMANDS", {**COMMANDS, OpenAccount: lambda *_: entry})
    first, refused, last = office.ask(move(1, 10), OpenAccount(account="xaa:deep", holder="x"), move(11, 20))
    assert isinstance(first, Receipt) and isinstance(last, Receipt)
    assert isinstance(refused, Refusal) and refused.code == "command.unreadable"
    assert office.audit().findings == ()


@pytest.mark.parametrize("confidential", [{"a": 2**63}, {"": 1}, {"a\x00": 1}, {"x" * 65: 1}, {"price": "\ud800"}])
def test_a_confidential_field_that_cannot_be_written_is_refused(
    office: Office, confidential: dict[str, str | int]
) -> None:
    outcome = office.ask(replace(move(1, 10), confidential=confidential))[0]
    assert isinstance(outcome, Refusal) and outcome.code == "command.unreadable"


def test_acts_on_many_days_hold_little_memory(office: Office) -> None:
    for number in range(3 * CONTEXTS_MAX):
        office.ask(replace(move(1, 10), on=date.fromordinal(700_000 + number)))
    assert len(office.writer._contexts) <= CONTEXTS_MAX


@pytest.mark.parametrize(
    ("on", "fault"),
    [
        (date(2025, 1, 14), "entry.backdated"),
        (date(2025, 1, 16), "entry.future_dated"),
    ],
)
def test_an_act_has_the_day_on_which_it_is_recorded(office: Office, on: date, fault: str) -> None:
    refused = office.ask(replace(move(1, 10), on=on))[0]
    assert isinstance(refused, Refusal) and refused.code == fault


def test_a_demonstration_may_back_date_and_says_so_but_never_before_a_frozen_report() -> None:
    office = Office(demonstration=True)
    back_dated = OpenAccount(account="xaa:a", holder="a", on=date(2024, 5, 1))
    receipt = office.do(back_dated)[0]
    row = office.store.row(receipt.seq)
    assert row is not None and office.world.codec.decode(row.leaf)["backdated"] == "demonstration"
    office.do(SubmitAef(party=Party("XAA"), year=2024, version="1.0", sha256="0" * 64))
    refused = office.ask(replace(back_dated, account="xaa:b"))[0]
    assert isinstance(refused, Refusal) and refused.code == "entry.before_frozen_report"


def test_nobody_assumes_anything_outside_a_demonstration(office: Office) -> None:
    refused = office.ask(replace(move(1, 10), assumed=("vintage = 2023",)))[0]
    assert isinstance(refused, Refusal) and refused.code == "entry.assumed_outside_demonstration"


def test_the_clock_of_the_journal_never_runs_backwards(office: Office) -> None:
    later = office.do(move(1, 10))[0]
    office.clock.move_to(office.clock.now_ms() - 5_000)
    assert office.do(move(11, 20))[0].recorded_at == later.recorded_at


def test_a_correction_reverses_and_stays_visible(office: Office) -> None:
    wrong = office.do(move(1, 10))[0]
    office.do(Correct(entry=wrong.seq, authority="registrar", reason="wrong buyer"))
    holder = list(office.writer.books.holdings(CLASS, 1, 10))
    assert [holding.account for holding in holder] == ["xaa:holder"]
    again = office.ask(Correct(entry=wrong.seq, authority="registrar", reason="again"))[0]
    assert isinstance(again, Refusal) and again.code == "correction.already_corrected"
    assert office.audit().findings == ()


def test_units_that_moved_on_are_corrected_from_the_latest_entry(office: Office) -> None:
    wrong = office.do(move(1, 10))[0]
    onward = Transfer(units=Units(CLASS, 3, 4), source="xaa:other", target="xaa:holder")
    later = office.do(onward)[0]
    refused = office.ask(Correct(entry=wrong.seq, authority="registrar", reason="wrong"))[0]
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.facts["later"]) == ("correction.units_moved_on", later.seq)


def test_a_number_beyond_63_bits_is_unreadable_not_a_mistake_of_ours(office: Office) -> None:
    refused = office.ask(move(1, 2**70))[0]
    assert isinstance(refused, Refusal) and refused.code == "command.unreadable"


def test_a_registry_is_founded_under_the_name_of_its_key_or_nobody_could_check_its_notes() -> None:
    office = Office()
    empty = Writer(memory_world(office.signer))
    founding = Found(registry="XAA01", party=Party("XAA"), name="x", origin="another/log", public_key=office.public_key)
    (refused,) = empty.step([Submission(founding, "tester")])
    assert isinstance(refused, Refusal) and refused.code == "registry.key_differs"


def test_a_store_that_cannot_be_asked_is_an_outage_of_the_step_and_not_the_end_of_the_writer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> dict[str, int]:
        raise Outage("storage.io_error", retry=True)

    office.do(move(1, 10, "t-1"))
    monkeypatch.setattr(MemoryStore, "commands", unreachable)
    outcomes = office.ask(move(11, 20, "t-0"), move(21, 30, "t-9"))
    assert [type(outcome) for outcome in outcomes] == [Outage, Outage]
    monkeypatch.undo()
    assert all(isinstance(outcome, Receipt) for outcome in office.ask(move(11, 20, "t-0"), move(21, 30, "t-9")))
    assert office.audit().findings == ()
