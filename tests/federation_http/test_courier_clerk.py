"""Who tells the couriers, and that none of them sleeps while something is due."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from counterfoil.adapters.codec import JsonCodec
from counterfoil.application.commands.abroad import TRANSFER
from counterfoil.application.federation.federation import BY
from counterfoil.application.federation.following import News
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.ledger.entry import Act
from counterfoil.entrypoints.courier_clerk import CourierClerk
from tests.domain.commands.scene import proposal
from tests.federation_http.test_courier import NOW, Desk, Partner, silent


class Hall:
    """A clerk with one lane, whose courier the test runs itself."""

    def __init__(self, place: Path) -> None:
        self.desk = Desk(place)
        self.records: dict[tuple[str, str], Any] = {}
        books = SimpleNamespace(record=lambda kind, key: self.records.get((kind, key)))
        writer = SimpleNamespace(world=SimpleNamespace(codec=JsonCodec()), books=books)
        links: Any = SimpleNamespace(
            driver=SimpleNamespace(writer=writer), book=lambda: self.desk.book, clock=self.desk.clock
        )
        self.clerk = CourierClerk(links)
        self.lane: Any = SimpleNamespace(courier=self.desk.courier, wake=threading.Event())
        self.clerk._lanes["CHE"] = self.lane
        self.clerk._next = 0

    def heed(self, act: Act, *, by: str = "officer", state: str = "proposed") -> None:
        self.records[TRANSFER, "T-1"] = {"partner": "CHE", "direction": "out", "state": state, "expires_at": ""}
        receipt = Receipt(0, "c", act.value, "00", "", "", (), None)
        self.clerk._heed([Submission(proposal(), by)], [receipt])


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def test_a_courier_that_looks_while_its_work_is_written_down_is_woken_afterwards(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, partner = hall.desk, Partner(silent)
    desk.owe("t-1")
    found: list[bool] = []
    change = desk.book.change

    @contextmanager
    def slow(*, synced: bool = True) -> Iterator[None]:
        with change(synced=synced):
            yield
            # In the other thread: it is no longer in memory, and not yet in the file.
            other = threading.Thread(target=lambda: found.append(desk.courier.round(partner)))
            other.start()
            other.join()

    monkeypatch.setattr(desk.book, "change", slow)
    hall.clerk._write_down()
    monkeypatch.undo()
    assert found == [False] and not partner.posts
    assert hall.lane.wake.is_set(), "otherwise it would sleep for two seconds"
    assert desk.courier.round(partner) and len(partner.posts) == 1


def test_nothing_written_down_wakes_nobody(hall: Hall) -> None:
    hall.clerk._write_down()
    assert not hall.lane.wake.is_set()


def test_what_a_person_proposes_is_on_its_way_without_a_look_into_the_journal(hall: Hall) -> None:
    hall.heed(Act.TRANSFER_PROPOSED)
    assert hall.lane.wake.is_set() and not hall.clerk._wake.is_set()
    hall.desk.side.open["T-1"] = b"T-1"
    partner = Partner(silent)
    assert hall.desk.courier.round(partner) and len(partner.posts) == 1


def test_what_a_partner_s_message_led_to_wakes_nobody_since_its_answer_carries_it(hall: Hall) -> None:
    hall.heed(Act.FIRST_TRANSFERRED, by=BY, state="final")
    assert not hall.lane.wake.is_set() and not hall.clerk._wake.is_set()


@pytest.mark.parametrize("unknown", ["the partner has no lane yet", "the act is about no transfer", "the link changed"])
def test_where_no_courier_can_be_told_the_follower_looks(hall: Hall, unknown: str) -> None:
    if unknown == "the partner has no lane yet":
        hall.clerk._lanes.clear()
        hall.heed(Act.TRANSFER_PROPOSED)
    elif unknown == "the act is about no transfer":
        receipt = Receipt(0, "c", Act.FIRST_TRANSFERRED.value, "00", "", "", (), None)
        hall.clerk._heed([Submission(proposal(), "officer")], [receipt])
    else:
        receipt = Receipt(0, "c", Act.LINK_CHANGED.value, "00", "", "", (), None)
        hall.clerk._heed([Submission(proposal(), "officer")], [receipt])
    assert hall.clerk._wake.is_set()


def test_news_of_a_settled_transfer_takes_back_what_was_told_before(hall: Hall) -> None:
    hall.heed(Act.TRANSFER_PROPOSED)
    hall.desk.courier.tell([News("CHE", "T-1")], NOW)
    assert not hall.desk.courier.round(Partner(silent))
