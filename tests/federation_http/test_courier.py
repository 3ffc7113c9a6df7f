"""The courier with a partner that answers as the test says: what is delivered, put off, set aside, or sent twice."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.adapters.peers.links_file import LinksFile
from counterfoil.application.federation.courier import Courier, CourierFault, Tools
from counterfoil.application.federation.exchange import (
    BUNDLE_BYTES_MAX,
    BUNDLE_MESSAGES_MAX,
    TURNS_MAX,
    LineAnswer,
    deaf,
)
from counterfoil.application.federation.following import News
from counterfoil.application.federation.hearing import Heard, Owed, Taken
from counterfoil.application.federation.pacing import CIRCUIT_MOST_MS, INQUIRY_MS, MOST_MS, TRIES_MAX, Circuit, wait_ms
from counterfoil.application.ports import Outage
from counterfoil.domain.federation.message import Envelope, MessageKind

NOW = 1_800_000_000_000
KEY = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def envelope(text: bytes) -> Envelope:
    return Envelope(text, bytes(64), KEY)


class Side:
    """Owes what it was told to; a taken message `ack:t-1` settles that transfer, `ask:t-1` is answered."""

    def __init__(self, kind: str = "proposal") -> None:
        self.kind = kind
        self.open: dict[str, bytes] = {}
        self.taken: list[bytes] = []

    def owed(self, transfers: Sequence[str]) -> list[Owed | None]:
        return [Owed(one, self.kind, envelope(self.open[one])) if one in self.open else None for one in transfers]

    def owing(self, transfers: Sequence[str]) -> list[bool]:
        return [one in self.open for one in transfers]

    def take(self, signed: Sequence[bytes], heard: Heard = deaf) -> list[Taken]:
        self.taken += signed
        return [self._took(each) for each in signed]

    def _took(self, text: bytes) -> Taken:
        verb, _, transfer = text.decode().partition(":")
        digest = sha256(text).hexdigest()
        if verb == "ack":
            self.open.pop(transfer, None)
            return Taken("CHE", "acknowledgement", transfer, digest)
        answers = (Owed(transfer, "receipt", envelope(b"receipt")),) if verb == "ask" else ()
        return Taken("CHE", "acceptance", transfer, digest, None, answers)


class Partner:
    """Answers every message with what the test gives for it."""

    def __init__(self, answer: Callable[[bytes], LineAnswer]) -> None:
        self.answer = answer
        self.posts: list[Sequence[bytes]] = []

    def post(self, bundle: Sequence[bytes]) -> Sequence[LineAnswer]:
        self.posts.append(bundle)
        return [self.answer(each) for each in bundle]


class Dead:
    def __init__(self, seconds: int = 0) -> None:
        self.posts = 0
        self.seconds = seconds

    def post(self, bundle: Sequence[bytes]) -> Sequence[LineAnswer]:
        self.posts += len(bundle) > 0
        raise Outage("peers.unreachable", {"detail": "gone", "seconds": self.seconds}, retry=True)


class Desk:
    """A courier with its clock, side and letter book."""

    def __init__(self, place: Path, kind: str = "proposal") -> None:
        self.clock = PinnedClock(NOW, step=0)
        self.side = Side(kind)
        self.book = LinksFile(place / "links.db")
        self.courier = Courier("CHE", Tools(self.side, self.book, self.clock, lambda below: below - 1))

    def owe(self, *transfers: str, size: int = 3, expires_ms: int = 0) -> None:
        self.side.open |= {one: one.encode().ljust(size, b".") for one in transfers}
        self.courier.tell([News("CHE", one, owed=True, expires_ms=expires_ms) for one in transfers], NOW)

    def later(self, ms: int) -> None:
        self.clock.move_to(self.clock.now_ms() + ms)

    def waiting(self) -> list[str]:
        return [one.transfer for one in self.book.due("CHE", now_ms=NOW * 2, limit=99)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def silent(_: bytes) -> LineAnswer:
    return LineAnswer("done", "", ())


def test_what_is_acknowledged_in_the_answer_is_settled_and_was_never_written_down(desk: Desk) -> None:
    partner = Partner(lambda _: LineAnswer("done", "", (b"ack:t-1",)))
    desk.owe("t-1")
    assert desk.courier.round(partner)
    assert not desk.courier.round(partner) and len(partner.posts) == 1
    assert desk.book.queues() == []
    assert [(one.direction, one.kind) for one in desk.book.letters("t-1", limit=9)] == [
        ("out", "proposal"),
        ("in", "acknowledgement"),
    ]


def test_a_message_in_return_is_answered_in_the_same_exchange(desk: Desk) -> None:
    answers = iter([LineAnswer("done", "", (b"ask:t-1",)), LineAnswer("done", "", (b"ack:t-1",))])
    partner = Partner(lambda _: next(answers))
    desk.owe("t-1")
    assert desk.courier.round(partner)
    assert len(partner.posts) == 2 and desk.side.taken == [b"ask:t-1", b"ack:t-1"]


def test_an_exchange_ends_though_a_partner_asks_for_ever(desk: Desk) -> None:
    partner = Partner(lambda _: LineAnswer("done", "", (b"ask:t-1",)))
    desk.owe("t-1")
    assert desk.courier.round(partner)
    assert len(partner.posts) == TURNS_MAX
    assert desk.waiting() == ["t-1"]


def test_silence_is_asked_again_after_a_growing_wait(desk: Desk) -> None:
    partner = Partner(silent)
    desk.owe("t-1")
    desk.courier.round(partner)
    waits = []
    for _ in range(4):
        (row,) = desk.book.due("CHE", now_ms=NOW * 2, limit=9)
        assert row.fault == CourierFault.SILENT and not row.dead
        waits.append(row.next_ms - desk.clock.now_ms())
        desk.later(waits[-1] - 1)
        assert not desk.courier.round(partner)
        desk.later(1)
        assert desk.courier.round(partner)
    assert waits == [1_000, 2_000, 4_000, 8_000]


def test_the_code_of_a_refusal_is_kept_with_the_delivery(desk: Desk) -> None:
    desk.owe("t-1")
    desk.courier.round(Partner(lambda _: LineAnswer("refused", "message.key_unknown", ())))
    assert [one.fault for one in desk.book.due("CHE", now_ms=NOW * 2, limit=9)] == ["message.key_unknown"]


def test_a_dead_partner_is_left_in_peace_for_longer_and_longer_and_nothing_is_lost(desk: Desk) -> None:
    dead = Dead()
    desk.owe("t-1")
    for number in range(1, 8):
        assert desk.courier.round(dead)
        assert dead.posts == number and desk.courier.fault == "peers.unreachable"
        rests = desk.courier.circuit.until_ms - desk.clock.now_ms()
        desk.owe(f"new-{number}")
        assert not desk.courier.round(dead)
        desk.later(rests)
    assert rests == 64_000
    desk.later(MOST_MS)
    with desk.book.change():
        desk.courier.write_down()
    assert desk.courier.round(Partner(lambda text: LineAnswer("done", "", ())))
    assert desk.courier.fault == "" and desk.courier.circuit == Circuit()


def test_a_partner_that_asks_to_wait_is_obeyed_but_not_for_ever(desk: Desk) -> None:
    desk.owe("t-1")
    desk.courier.round(Dead(seconds=99_999))
    assert desk.courier.circuit.until_ms - NOW == CIRCUIT_MOST_MS


def test_after_the_last_try_a_message_waits_for_a_person_and_a_revived_one_is_tried_anew(desk: Desk) -> None:
    partner = Partner(silent)
    desk.owe("t-1")
    for _ in range(TRIES_MAX):
        assert desk.courier.round(partner)
        desk.later(MOST_MS)
    assert not desk.courier.round(partner)
    (dead,) = desk.book.dead(after=("", ""), limit=9)
    assert (dead.tries, dead.dead, dead.fault) == (TRIES_MAX, True, CourierFault.SILENT)
    assert (
        3 * 86_400_000 < sum(wait_ms(tries, lambda below: below - 1) for tries in range(1, TRIES_MAX)) < 4 * 86_400_000
    )
    with desk.book.change():
        assert desk.book.revive([("CHE", "t-1")], now_ms=desk.clock.now_ms()) == 1
    assert desk.courier.round(partner)


def test_a_proposal_that_will_expire_is_never_set_aside(desk: Desk) -> None:
    partner = Partner(silent)
    desk.owe("t-1", expires_ms=NOW * 2)
    for _ in range(TRIES_MAX + 3):
        assert desk.courier.round(partner)
        desk.later(MOST_MS)
    assert desk.book.dead(after=("", ""), limit=9) == []


def test_a_withdrawal_is_settled_when_the_partner_knows_of_it_though_no_book_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path, MessageKind.WITHDRAWAL.value)
    desk.owe("t-1", "t-2", "t-3")
    answers = {
        b"t-1": LineAnswer("done", "", ()),
        b"t-2": LineAnswer("refused", "message.sequence", (b"told:t-2",)),
        b"t-3": LineAnswer("refused", "link.suspended", ()),
    }
    bodies = dict(zip(("dC0x", "dC0y", "dC0z"), answers, strict=True))
    desk.courier.round(Partner(lambda text: answers[bodies[text.split(b".")[1].decode()]]))
    assert desk.waiting() == ["t-3"]


def test_an_inquiry_waits_and_is_forgotten_when_the_books_go_on(desk: Desk) -> None:
    desk.side.open["t-1"] = b"t-1"
    partner = Partner(silent)
    desk.courier.tell([News("CHE", "t-1", owed=True, later=True)], NOW)
    assert not desk.courier.round(partner)
    desk.later(INQUIRY_MS)
    desk.courier.tell([News("CHE", "t-1")], desk.clock.now_ms())
    assert not desk.courier.round(partner)
    desk.courier.tell([News("CHE", "t-1", owed=True, later=True)], desk.clock.now_ms())
    desk.later(INQUIRY_MS)
    assert desk.courier.round(partner) and len(partner.posts) == 1


def test_what_was_in_memory_when_it_was_written_down_is_delivered_by_the_next_process(
    desk: Desk, tmp_path: Path
) -> None:
    desk.owe("t-1", "t-2")
    with desk.book.change():
        assert desk.courier.write_down()
        assert not desk.courier.write_down()
    desk.book.close()
    after = Desk(tmp_path)
    after.side.open = {"t-1": b"t-1", "t-2": b"t-2"}
    partner = Partner(lambda text: LineAnswer("done", "", (b"ack:t-1", b"ack:t-2")))
    assert after.courier.round(partner)
    assert after.waiting() == [] and len(partner.posts[0]) == 2


def test_a_bundle_has_a_bound_in_messages_and_in_bytes(desk: Desk) -> None:
    partner = Partner(silent)
    desk.owe(*(f"t-{number}" for number in range(BUNDLE_MESSAGES_MAX + 1)))
    desk.courier.round(partner)
    desk.courier.round(partner)
    assert [len(one) for one in partner.posts] == [BUNDLE_MESSAGES_MAX, 1]
    desk.later(MOST_MS)
    large = Partner(silent)
    desk.side.open.clear()
    desk.owe(*(f"l-{number}" for number in range(7)), size=1_000_000)
    desk.courier.round(large)
    assert [len(one) for one in large.posts] == [3, 3, 1]
    assert all(sum(map(len, one)) <= BUNDLE_BYTES_MAX for one in large.posts)


def test_an_own_outage_in_the_middle_leaves_everything_owed(desk: Desk) -> None:
    def busy(_: Sequence[bytes], __: Heard) -> list[Taken]:
        raise Outage("writer.busy", {"waiting": 1}, retry=True)

    desk.side.take = busy  # type: ignore[method-assign]
    desk.owe("t-1")
    assert desk.courier.round(Partner(lambda _: LineAnswer("done", "", (b"ack:t-1",))))
    assert desk.waiting() == ["t-1"]


def test_a_mistake_of_our_own_is_told_and_loses_nothing(desk: Desk) -> None:
    def broken(_: Sequence[bytes], __: Heard) -> list[Taken]:
        raise ValueError("nobody foresaw this")

    desk.side.take = broken  # type: ignore[method-assign]
    desk.owe("t-1")
    with pytest.raises(ValueError, match="nobody foresaw"):
        desk.courier.round(Partner(lambda _: LineAnswer("done", "", (b"ack:t-1",))))
    assert desk.courier.fault == CourierFault.MISTAKE
    assert not desk.courier.round(Dead()), "it rests, as after any failure"
    assert desk.waiting() == ["t-1"]


def test_what_could_not_be_written_down_stays_in_memory(desk: Desk) -> None:
    def full(_: object) -> None:
        raise Outage("storage.disk_full", {"path": "links.db"}, retry=True)

    owe, desk.book.owe = desk.book.owe, full  # type: ignore[method-assign]
    desk.owe("t-1")
    with pytest.raises(Outage):
        desk.courier.round(Dead())
    desk.book.owe = owe  # type: ignore[method-assign]
    with desk.book.change():
        assert desk.courier.write_down()
    assert desk.waiting() == ["t-1"]
