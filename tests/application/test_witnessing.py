"""Witnesses: what is published under a policy, what a witness signs, and what is taken in."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from nacl.signing import SigningKey

from counterfoil.adapters.codec import JsonCodec
from counterfoil.adapters.signing.ed25519 import FileSigner, verify
from counterfoil.adapters.storage.memory.store import MemoryReading, MemoryStore
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.set_witness_policy import SetWitnessPolicy
from counterfoil.application.ports import Batch, CosignatureRow, RecordRow
from counterfoil.application.queries.prove import bundle_bytes, check, prove
from counterfoil.application.witnessing import handed_in, keep, last_seen, request_for, standing
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.bundle import Bundle, Proven
from counterfoil.domain.ledger.checkpoint import Checkpoint, read_checkpoint, signed_note
from counterfoil.domain.ledger.cosignature import cosigned
from counterfoil.domain.ledger.note import Algorithm, Note, NoteKey, read_note
from counterfoil.domain.ledger.policy_file import TrustPolicy, read_policy
from counterfoil.domain.ledger.witness_record import policy_lines, policy_of_keys
from counterfoil.domain.ledger.witness_request import WitnessRequest, cosignable, read_request
from tests.application.office import Office


class Witness:
    """An institution that watches one log, with its memory in a field."""

    def __init__(self, name: str, seed: int, log: NoteKey) -> None:
        self.signer = FileSigner(name, SigningKey(bytes([seed]) * 32), Algorithm.COSIGNATURE)
        self.log = log
        self.last: Checkpoint | None = None

    @property
    def key(self) -> str:
        return str(self.signer.note_key)

    def ask(self, text: str) -> Checkpoint | Refusal:
        request = read_request(text)
        if isinstance(request, Refusal):
            return request
        return cosignable(request, self.last, logs=[self.log], verify=verify)

    def sign(self, text: str, *, at: int) -> str:
        """The bare line with which a witness answers."""
        checkpoint = self.ask(text)
        assert isinstance(checkpoint, Checkpoint), checkpoint
        self.last = checkpoint
        request = read_request(text)
        assert isinstance(request, WitnessRequest)
        note = cosigned(request.note, witness=self.signer.note_key, timestamp=at, sign=self.signer.sign)
        return note.signatures[-1].line()


class Watched(Office):
    """A registry with three witnesses of whom two must have signed."""

    def __init__(self) -> None:
        super().__init__()
        log = NoteKey(self.signer.name, self.signer.public_key)
        self.witnesses = [Witness(f"w{number}.example", number, log) for number in (1, 2, 3)]
        keys = tuple(witness.key for witness in self.witnesses)
        self.do(SetWitnessPolicy(witnesses=keys, quorum=2, reason="agreed"))

    @property
    def now_s(self) -> int:
        return self.clock.now_ms() // 1000

    def open(self, *names: str) -> None:
        self.do(*(OpenAccount(account=f"xaa:{name}", holder=name) for name in names))

    def request(self, witness: Witness) -> str:
        reading = self.store.reading()
        made = request_for(reading, old=last_seen(reading, witness.signer.name))
        assert isinstance(made, WitnessRequest)
        return str(made)

    def take(self, data: str) -> tuple[CosignatureRow, ...] | Refusal:
        rows = handed_in(self.store.reading(), JsonCodec(), data.encode(), now_ms=self.clock.now_ms(), verify=verify)
        if not isinstance(rows, Refusal):
            keep(self.store, rows)
        return rows

    def witnessed(self, *numbers: int) -> None:
        for number in numbers:
            witness = self.witnesses[number]
            rows = self.take(witness.sign(self.request(witness), at=self.now_s))
            assert not isinstance(rows, Refusal), rows

    def published(self) -> int:
        now = standing(self.store.reading(), JsonCodec(), verify=verify)
        return 0 if now.published is None else now.published.size

    def trust(self, quorum: int = 2) -> TrustPolicy:
        policy = policy_of_keys([witness.key for witness in self.witnesses], quorum=quorum)
        assert not isinstance(policy, Refusal)
        read = read_policy(policy_lines(policy, log=str(NoteKey(self.signer.name, self.signer.public_key))))
        assert not isinstance(read, Refusal), read
        return read


@pytest.fixture
def office() -> Watched:
    return Watched()


def code(found: object) -> str:
    assert isinstance(found, Refusal), found
    return str(found.code)


def test_publication_waits_for_the_quorum_and_acts_go_on(office: Watched) -> None:
    assert office.published() == 1
    office.witnessed(0)
    assert office.published() == 1
    office.witnessed(1)
    assert office.published() == 2
    office.open("a", "b")
    assert (office.writer.size, office.published()) == (4, 2)
    office.open("c")
    office.witnessed(2, 0)
    assert office.published() == 5


def policy_set(office: Watched, *numbers: int, quorum: int) -> None:
    keys = tuple(office.witnesses[number].key for number in numbers)
    office.do(SetWitnessPolicy(witnesses=keys, quorum=quorum, reason="a test"))


def test_a_first_policy_takes_nothing_back(office: Watched) -> None:
    """What was signed before it had been published without witnesses; what came with it waits for them."""
    assert (office.writer.size, office.published()) == (2, 1)
    now = standing(office.store.reading(), JsonCodec(), verify=verify)
    assert now.published is not None and now.note == now.published.note


def test_a_policy_that_came_with_the_founding_publishes_nothing_without_witnesses(office: Watched) -> None:
    store = MemoryStore()
    rows = list(office.store.reading().journal())
    last = office.store.reading().last_checkpoint()
    assert last is not None
    store.commit(Batch(rows, last._replace(number=1), records=list(office.store.reading().records())))
    assert standing(store.reading(), JsonCodec(), verify=verify).published is None


def test_a_lifted_policy_publishes_the_newest_and_a_stricter_one_takes_nothing_back(office: Watched) -> None:
    office.witnessed(0, 1)
    policy_set(office, 0, 1, 2, quorum=3)
    assert office.published() == 2
    office.open("a")
    office.witnessed(0, 1)
    assert office.published() == 2, "two of three are not enough any more"
    office.witnessed(2)
    assert office.published() == 4
    policy_set(office, quorum=0)
    assert office.published() == 5
    policy_set(office, 2, quorum=1)
    assert office.published() == 5
    office.open("b")
    assert office.published() == 5
    office.witnessed(2)
    assert office.published() == 7


def test_several_policies_without_an_answer_leave_what_was_published_before_them(office: Watched) -> None:
    office.witnessed(0, 1)
    office.open("a")
    policy_set(office, 0, 1, 2, quorum=3)
    policy_set(office, 2, quorum=1)
    policy_set(office, 0, 1, quorum=2)
    assert office.published() == 2
    office.witnessed(1, 0)
    assert office.published() == office.writer.size == 6


def test_an_answer_that_came_late_counts_under_a_later_policy(office: Watched) -> None:
    late = office.witnesses[2].sign(office.request(office.witnesses[2]), at=office.now_s)
    policy_set(office, 2, quorum=1)
    assert office.published() == 1
    assert not isinstance(office.take(late), Refusal)
    assert office.published() == 2


def test_what_was_in_force_before_policies_were_counted_publishes_nothing(office: Watched) -> None:
    """A registry of an earlier program: its policy has no number, and nobody knows what stood before it."""
    reading = Counted(office.store.reading())
    record = reading.reading.record

    def uncounted(kind: str, key: str) -> RecordRow | None:
        row = record(kind, key)
        if row is None or kind != "witnesses":
            return row
        return None if key != "policy" else row._replace(value=row.value.replace('"number":1,', ""))

    reading.record = uncounted  # type: ignore[attr-defined]
    assert standing(reading, JsonCodec(), verify=verify).published is None


def test_only_the_lines_since_the_published_checkpoint_are_read(office: Watched) -> None:
    for name in "abcdef":
        office.witnessed(0, 1)
        office.open(name)
    office.witnessed(2)
    reading = Counted(office.store.reading())
    now = standing(reading, JsonCodec(), verify=verify)
    assert now.published is not None and now.published.size == office.writer.size - 1
    assert reading.lines <= 4
    reading.lines = 0
    assert last_seen(reading, "w3.example") == office.writer.size
    assert reading.lines == 1


class Counted:
    """A reading that counts the lines of witnesses that are read."""

    def __init__(self, reading: MemoryReading) -> None:
        self.reading = reading
        self.lines = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reading, name)

    def cosignatures(self, number: int | None = None, *, newest_first: bool = False) -> Iterator[CosignatureRow]:
        for row in self.reading.cosignatures(number, newest_first=newest_first):
            self.lines += 1
            yield row


def test_proofs_are_made_under_the_published_checkpoint(office: Watched) -> None:
    def made(about: str) -> Bundle | Refusal:
        return prove(office.sight(), about, public_key=office.signer.public_key, verify=verify)

    assert code(made("1")) == "prove.not_published"
    assert isinstance(made("0"), Bundle), "it was published before the policy"
    office.witnessed(0, 1)
    office.open("a")
    assert code(made("2")) == "prove.not_published"
    bundle = made("0")
    assert isinstance(bundle, Bundle)
    data = bundle_bytes(bundle, JsonCodec())
    found = check(data, key=office.public_key, codec=JsonCodec(), verify=verify, policy=office.trust())
    assert isinstance(found, Proven)
    assert found.witnesses == (("w1.example", office.now_s), ("w2.example", office.now_s))
    assert found.unchecked_signatures == 0
    stricter = check(data, key=office.public_key, codec=JsonCodec(), verify=verify, policy=office.trust(3))
    assert code(stricter) == "proof.not_witnessed"
    without = check(data, key=office.public_key, codec=JsonCodec(), verify=verify)
    assert isinstance(without, Proven) and without.unchecked_signatures == 2


def test_every_changed_byte_of_a_cosignature_is_refused_by_who_asks_for_it(office: Watched) -> None:
    office.witnessed(0, 1)
    bundle = prove(office.sight(), "0", public_key=office.signer.public_key, verify=verify)
    assert isinstance(bundle, Bundle)
    data = bundle_bytes(bundle, JsonCodec())
    start, end = data.index("\u2014 w1.example".encode()), data.index(b'"entries"')
    for at in range(start, end):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 7
        found = check(bytes(changed), key=office.public_key, codec=JsonCodec(), verify=verify, policy=office.trust())
        assert isinstance(found, Refusal), at


def lines(office: Watched) -> Iterator[tuple[str, str]]:
    """What may be handed in wrongly, and how it is refused."""
    witness = office.witnesses[0]
    request = office.request(witness)
    good = witness.sign(request, at=office.now_s)
    last = office.store.reading().last_checkpoint()
    assert last is not None
    own = read_note(last.note)
    assert own is not None
    yield "", "witness.lines_unreadable"
    yield good.rstrip("\n"), "witness.lines_unreadable"
    yield good * 65, "witness.lines_unreadable"
    yield "x" * 100_000, "witness.lines_unreadable"
    yield good.replace("w1.example", "w9.example"), "witness.unknown"
    raw = bytearray(base64.b64decode(good.split()[2]))
    raw[-1] ^= 1
    false = f"\u2014 w1.example {base64.b64encode(raw).decode()}\n"
    yield false, "witness.other_checkpoint"
    yield good + false, "witness.lines_unreadable"
    yield last.note + false, "witness.signature_false"
    yield last.note + good + false, "witness.signature_false"
    yield last.note, "witness.unknown"
    other = own.text.replace("checkpoint 2", "checkpoint 1")
    yield str(Note(other, own.signatures)), "witness.other_checkpoint"
    for at in (office.now_s - 301, office.now_s + 301, 0):
        note = cosigned(own, witness=witness.signer.note_key, timestamp=at, sign=witness.signer.sign)
        yield str(note), "witness.time_unfit"


def test_lines_that_are_wrong_are_refused_and_not_kept(office: Watched) -> None:
    cases = list(lines(office))
    assert [code(office.take(data)) for data, _ in cases] == [expected for _, expected in cases]
    assert list(office.store.reading().cosignatures()) == []


def test_the_same_line_twice_does_no_harm_and_an_old_one_does_not_take_publication_back(office: Watched) -> None:
    old = [witness.sign(office.request(witness), at=office.now_s) for witness in office.witnesses[:2]]
    office.witnessed(2)
    for line in (*old, *old):
        assert not isinstance(office.take(line), Refusal)
    office.open("a")
    for witness in office.witnesses:
        rows = office.take(witness.sign(office.request(witness), at=office.now_s))
        assert not isinstance(rows, Refusal)
    assert office.published() == 3
    office.take(old[0])
    assert office.published() == 3


def test_without_a_policy_nothing_is_taken_in() -> None:
    office = Office()
    found = handed_in(office.store.reading(), JsonCodec(), b"x", now_ms=0, verify=verify)
    assert code(found) == "witness.no_policy"


def test_a_witness_signs_only_what_grew_from_what_it_signed(office: Watched) -> None:
    witness = office.witnesses[0]
    first = office.request(witness)
    witness.sign(first, at=office.now_s)
    assert isinstance(witness.ask(first.replace("old 0", "old 2")), Checkpoint)  # the same again
    assert code(witness.ask(first)) == "witness.other_size"
    office.open("a", "b", "c")
    reading = office.store.reading()
    grown = str(request_for(reading, old=2))
    assert isinstance(witness.ask(grown), Checkpoint)
    assert code(witness.ask(str(request_for(reading, old=0)))) == "witness.other_size"
    proof = grown.split("\n")[1]
    assert code(witness.ask(grown.replace(f"{proof}\n", "", 1))) == "witness.not_consistent"
    assert code(witness.ask(grown.replace("old 2", "old 02"))) == "witness.request_unreadable"
    assert code(witness.ask(grown.replace("old 2\n", "old 2\n" + f"{proof}\n" * 63))) == "witness.request_unreadable"
    assert code(witness.ask("")) == "witness.request_unreadable"


def test_a_witness_never_signs_two_trees_of_one_size_nor_another_log(office: Watched) -> None:
    witness = office.witnesses[0]
    witness.sign(office.request(witness), at=office.now_s)
    honest = witness.last
    assert honest is not None
    fork = Checkpoint(honest.origin, honest.size, bytes(32), honest.number, honest.recorded_at, honest.epoch)
    smaller = Checkpoint(honest.origin, 1, bytes(32), 1, honest.recorded_at, honest.epoch)

    def request(checkpoint: Checkpoint, old: int, signer: FileSigner = office.signer) -> str:
        text = checkpoint.text()
        note = signed_note(
            text, name=checkpoint.origin, public_key=signer.public_key, signature=signer.sign(text.encode())
        )
        read = read_note(note)
        assert read is not None
        return str(WitnessRequest(old, (), read))

    assert code(witness.ask(request(fork, 2))) == "witness.forked"
    assert code(witness.ask(request(smaller, 1))) == "witness.other_size"
    assert code(witness.ask(request(smaller, 2))) == "witness.other_size"
    stranger = FileSigner("example/xbb", SigningKey.generate())
    assert code(witness.ask(request(fork, 2, stranger))) == "witness.log_not_signed"
    elsewhere = Checkpoint("example/xbb", 2, bytes(32), 2, honest.recorded_at, honest.epoch)
    assert code(witness.ask(request(elsewhere, 2, stranger))) == "witness.log_unknown"


@pytest.mark.parametrize(
    "change, expected",
    [
        ({"witnesses": ("x",)}, "witness.key_unreadable"),
        ({"quorum": 4}, "witness.quorum_unfit"),
        ({"quorum": -1}, "witness.quorum_unfit"),
    ],
)
def test_a_policy_is_refused_when(office: Watched, change: dict[str, object], expected: str) -> None:
    keys = tuple(witness.key for witness in office.witnesses)
    fields: dict[str, object] = {"witnesses": keys, "quorum": 2, "reason": "x", **change}
    (outcome,) = office.ask(SetWitnessPolicy(**fields))  # type: ignore[arg-type]
    assert code(outcome) == expected


def test_a_policy_names_each_witness_once_and_never_the_registry_itself(office: Watched) -> None:
    own = NoteKey("self.example", office.signer.public_key, Algorithm.COSIGNATURE)
    key = office.witnesses[0].key
    cases = {(str(own),): "witness.own_key", (key, key): "witness.named_twice", (key,) * 33: "witness.too_many"}
    for keys, expected in cases.items():
        (outcome,) = office.ask(SetWitnessPolicy(witnesses=keys, quorum=1, reason="x"))
        assert code(outcome) == expected


def test_what_a_witness_saw_is_what_its_newest_line_stands_on(office: Watched) -> None:
    assert last_seen(office.store.reading(), "w1.example") == 0
    office.witnessed(0)
    office.open("a")
    assert last_seen(office.store.reading(), "w1.example") == 2
    made = request_for(office.store.reading(), old=2)
    assert isinstance(made, WitnessRequest)
    checkpoint = read_checkpoint(made.note.text)
    assert checkpoint is not None and (made.old, checkpoint.size) == (2, 3)
    assert code(request_for(office.store.reading(), old=4)) == "witness.other_size"
