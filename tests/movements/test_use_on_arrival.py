"""A partner uses foreign units as they arrive: first transfer there, acquisition and use here, one entry each."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from counterfoil.application.commands.register import RegisterCooperativeApproach
from counterfoil.application.commands.retire_there import RetireThere
from counterfoil.application.receipt import Receipt
from counterfoil.domain.federation.message import Envelope
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.application.office import APPROACH
from tests.movements.books import Books

FOR_2025 = RetireThere(2025)


@pytest.fixture
def books() -> Iterator[Books]:
    books = Books()
    yield books
    books.sound()


def latest(books: Books, party: str) -> dict[str, Any]:
    office = books.offices[party]
    reading = office.store.reading()
    row = reading.row(office.writer.size - 1)
    assert row is not None
    leaf: dict[str, Any] = office.world.codec.decode(row.leaf)
    return leaf


def test_units_are_first_transferred_acquired_and_used_by_one_entry_in_each_book(books: Books) -> None:
    books.send(retire=FOR_2025)
    assert books.where("XBB", 1, 400) == ["used:XBB:ndc:2025"] and books.held("XBB") == 0
    assert (books.net("XAA"), books.net("XBB")) == ({"2023": 400}, {"2025": -400})
    leaf = latest(books, "XBB")
    assert (leaf["act"], leaf["details"]["year"]) == (Act.ACQUIRED.value, 2025)


def test_the_host_counts_nothing_before_its_own_final_entry(books: Books) -> None:
    books.propose(retire=FOR_2025)
    books.network.step()
    assert (books.net("XAA"), books.net("XBB")) == ({}, {})


def test_of_one_entry_the_acquiring_party_reports_acquisition_and_use(books: Books) -> None:
    books.send(retire=FOR_2025)
    found = books.reports()["XBB"]
    rows = [(row.action_type, row.quantity_co2, row.year_itmo_used_towards_ndc) for row in found.actions]
    assert rows == [("Acquisition", 400, None), ("Use", 400, 2025)]
    assert list(found.holdings) == [] and books.inconsistencies() == []


def test_messages_that_come_twice_use_the_units_once(books: Books) -> None:
    books.propose(retire=FOR_2025)
    seen: list[tuple[str, Envelope]] = []
    while books.network.waiting:
        seen.append(books.network.waiting[0])
        books.network.step()
    books.network.waiting.extend(seen)
    books.network.deliver()
    assert books.net("XBB") == {"2025": -400}


def asking_recognition() -> RegisterCooperativeApproach:
    return RegisterCooperativeApproach(
        approach=APPROACH, title="XA-XB", participants=(Party("XAA"), Party("XBB")), recognition_required=True
    )


WRONG: tuple[tuple[str, dict[str, Any], dict[str, Any], str], ...] = (
    ("other purposes alone", {"purposes": (Purpose.OP,), "oimp_detail": "market",
      "first_transfer_definition": FirstTransferDefinition.USE_OR_CANCELLATION}, {}, "coverage.purpose_not_authorized"),
    ("a year outside the NDC's period", {}, {"retire": RetireThere(2020)}, "use.year_outside_period"),
    ("an entity that the letter does not name", {}, {"entity": "E-9"}, "coverage.entity_not_authorized"),
)  # fmt: skip


@pytest.mark.parametrize(("letter", "more", "code"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_the_acquiring_side_asks_all_that_it_asks_of_a_use(
    letter: dict[str, Any], more: dict[str, Any], code: str
) -> None:
    books = Books(**letter)
    outcome = books.propose(**{"retire": FOR_2025, **more})
    answers = [outcome, *books.network.deliver()]
    assert any(isinstance(answer, Refusal) and answer.code == code for answer in answers), answers
    assert books.held("XAA") == 1_000 and books.net("XBB") == {}
    books.sound()


def test_units_that_must_be_recognized_first_are_not_used_as_they_arrive() -> None:
    books = Books()
    books.buyer.do(asking_recognition())
    answers = books.send(retire=FOR_2025)
    assert isinstance(answers[0], Refusal) and answers[0].code == "recognition.missing"
    assert (books.held("XAA"), books.net("XAA")) == (1_000, {})


@pytest.mark.parametrize(
    ("retire", "code"),
    [
        (RetireThere(2026), "use_on_arrival.year_not_reached"),
        (RetireThere(2025, "fun"), "use_on_arrival.purpose_unknown"),
    ],
)
def test_the_source_does_not_ask_for_what_cannot_be(books: Books, retire: RetireThere, code: str) -> None:
    outcome = books.propose(retire=retire)
    assert isinstance(outcome, Refusal) and outcome.code == code
    assert not books.network.waiting


def test_what_changed_on_the_way_does_not_keep_the_units_from_arriving(books: Books) -> None:
    """Since the acceptance recognition is asked: the units have left their host, so they are held and not used."""
    books.propose(retire=FOR_2025)
    books.network.step()
    books.buyer.do(asking_recognition())
    books.network.deliver()
    assert (books.held("XBB"), books.net("XBB"), books.net("XAA")) == (400, {}, {"2023": 400})
    assert latest(books, "XBB")["details"]["not_used"] == "recognition.missing"


def test_units_that_were_acquired_before_may_be_passed_on_for_use() -> None:
    books = Books("XBB", "XCC")
    third = books.offices["XCC"]
    books.buyer.do(replace(books.buyer.agreement("XCC"), agreement="IA-2"))
    third.do(replace(third.agreement("XBB"), agreement="IA-2"))
    books.send()
    books.send(1, 100, "t-2", by="XBB", to="XCC", retire=FOR_2025)
    assert (books.net("XAA"), books.net("XBB"), books.net("XCC")) == ({"2023": 400}, {}, {"2025": -100})
    books.sound()


def test_no_party_has_its_own_units_retired_at_home_by_a_partner(books: Books) -> None:
    books.send()
    answers = books.send(1, 10, "t-2", by="XBB", to="XAA", retire=FOR_2025)
    assert isinstance(answers[0], Refusal) and answers[0].code == "use.by_host"


def test_used_units_do_not_come_again(books: Books) -> None:
    books.send(retire=FOR_2025)
    outcome = books.propose(1, 10, "t-2", by="XBB", to="XAA")
    assert isinstance(outcome, Refusal) and outcome.code == "units.spent"
    assert isinstance(books.propose(401, 500, "t-3"), Receipt)
