"""The driver: everyone is answered, whatever happens to the writer."""

from collections.abc import Sequence
from threading import Event

import pytest

from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.draft import Outcome
from counterfoil.application.driver import WAITING_MAX, Driver
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import BATCH_MAX, Submission
from tests.application.office import Office


def accounts(count: int) -> list[Submission]:
    return [Submission(OpenAccount(account=f"xaa:a{number}", holder="x"), "tester") for number in range(count)]


def test_more_than_one_batch_is_answered_together_and_in_order() -> None:
    driver = Driver(Office().writer)
    outcomes = driver.do(accounts(BATCH_MAX + 7))
    driver.close()
    assert [outcome.seq for outcome in outcomes if isinstance(outcome, Receipt)] == list(range(1, BATCH_MAX + 8))


def test_what_waits_at_the_closing_is_still_done() -> None:
    office = Office()
    driver = Driver(office.writer)
    answered: list[Outcome] = []
    driver.submit(accounts(10), answered.extend)
    driver.close()
    assert len(answered) == 10
    with pytest.raises(Outage, match=r"writer\.closed"):
        driver.submit(accounts(1), answered.extend)


def test_too_many_waiting_are_told_to_come_back_and_nothing_of_theirs_is_taken() -> None:
    office = Office()
    driver = Driver(office.writer)
    gate, reached = Event(), Event()

    def hold(_: Sequence[Outcome]) -> None:
        reached.set()
        gate.wait(10)

    driver.submit(accounts(1), hold)
    assert reached.wait(10)
    one = accounts(1)
    driver.submit(one * WAITING_MAX, lambda _: None)
    with pytest.raises(Outage, match=r"writer\.busy"):
        driver.submit(one, lambda _: None)
    gate.set()
    driver.close()


def test_a_mistake_in_the_writer_is_an_answer_and_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    driver = Driver(office.writer)

    def broken(_: Sequence[Submission]) -> list[Outcome]:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(office.writer, "step", broken)
    (outcome,) = driver.do(accounts(1))
    assert isinstance(outcome, Outage) and outcome.code == "writer.mistake"
    with pytest.raises(Outage, match=r"writer\.closed"):
        driver.submit(accounts(1), lambda _: None)
    driver.close()


def test_a_caller_that_cannot_take_its_answer_keeps_nobody_from_theirs() -> None:
    driver = Driver(Office().writer)

    def careless(_: Sequence[Outcome]) -> None:
        raise RuntimeError("gone")

    driver.submit(accounts(1), careless)
    (outcome,) = driver.do([Submission(OpenAccount(account="xaa:b", holder="x"), "tester")])
    driver.close()
    assert isinstance(outcome, Receipt)


def test_work_on_the_store_that_nobody_waits_for_any_more_stops_nothing() -> None:
    office = Office()
    driver = Driver(office.writer)
    gate, reached = Event(), Event()

    def hold(_: Sequence[Outcome]) -> None:
        reached.set()
        gate.wait(10)

    driver.submit(accounts(1), hold)
    assert reached.wait(10)
    assert driver.aside(lambda store: store.row(0)).cancel()
    kept = driver.aside(lambda store: store.row(0))
    gate.set()
    found = kept.result(10)
    assert found is not None and found.seq == 0
    assert isinstance(driver.do(accounts(2))[1], Receipt)
    driver.close()


def test_what_waits_behind_a_mistake_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    driver = Driver(office.writer)
    gate, reached = Event(), Event()
    size = office.writer.size

    def broken(_: Sequence[Submission]) -> list[Outcome]:
        reached.set()
        gate.wait(10)
        raise RuntimeError("a mistake")

    answers: list[list[Outcome]] = []
    with monkeypatch.context() as patch:
        patch.setattr(office.writer, "step", broken)
        driver.submit(accounts(1), lambda outcomes: answers.append(list(outcomes)))
        assert reached.wait(10)
    driver.submit(accounts(1), lambda outcomes: answers.append(list(outcomes)))
    gate.set()
    driver.close()
    assert [outcome.code for (outcome,) in answers if isinstance(outcome, Outage)] == [
        "writer.mistake",
        "writer.closed",
    ]
    assert office.writer.size == size
