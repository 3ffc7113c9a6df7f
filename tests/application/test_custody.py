"""Units of a third registry are accepted only from whom they came to, by the receipts of every book on the way."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.queries.trace import trace
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from tests.application.office import Office
from tests.application.test_federation import sealed
from tests.movements.books import CLASS, Linked

PARTIES = ("XAA", "XBB", "XCC", "XDD")


@pytest.fixture
def world() -> Linked:
    world = Linked({party: Office(party) for party in PARTIES})
    host = world.offices["XAA"]
    host.activity(others=PARTIES[1:], authorized_parties=tuple(map(Party, PARTIES[1:])))
    host.issued()
    for party in PARTIES[1:]:
        office = world.offices[party]
        office.open_holder()
        for other in PARTIES:
            if other != party:
                office.do(replace(office.agreement(other), agreement=f"IA-{other}"))
    return world


def send(world: Linked, source: str, target: str, name: str) -> Any:
    command = ProposeTransfer(
        id=f"{name}:propose",
        transfer=TransferId(name),
        partner=Party(target),
        parts=(Units(CLASS, 1, 100),),
        source=world.offices[source].holder,
        target=world.offices[target].holder,
    )
    outcome = world.links[source].propose(command, by="tester")
    assert isinstance(outcome, Receipt), outcome
    return outcome


def held(world: Linked, party: str) -> int:
    office = world.offices[party]
    return sum(each.serials.size for each in office.writer.books.all_holdings() if each.account == office.holder)


def test_units_go_on_through_several_books_with_all_their_receipts(world: Linked) -> None:
    for number, (source, target) in enumerate(pairwise(PARTIES)):
        send(world, source, target, f"t-{number}")
        world.network.deliver()
    assert [held(world, party) for party in PARTIES] == [900, 0, 0, 100]
    send(world, "XDD", "XAA", "t-home")
    world.network.deliver()
    assert [held(world, party) for party in PARTIES] == [1_000, 0, 0, 0]
    world.sound()


def onward(world: Linked) -> dict[str, Any]:
    """A proposal of XBB to XCC that is on its way, with the receipt of XAA, read."""
    send(world, "XAA", "XBB", "t-1")
    world.network.deliver()
    send(world, "XBB", "XCC", "t-2")
    _, envelope = world.network.waiting.popleft()
    message: dict[str, Any] = world.offices["XBB"].world.codec.decode(envelope.content)
    assert [receipt["party"] for receipt in message["body"]["receipts"]] == ["XAA"]
    return message


def refused(world: Linked, message: dict[str, Any]) -> Refusal:
    outcome = world.links["XCC"].receive(sealed(world.offices["XBB"], message)).outcome
    assert isinstance(outcome, Refusal), outcome
    return outcome


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.pop("receipts"),
        lambda body: body.update(receipts=[]),
        lambda body: body.update(receipts="all of them"),
        lambda body: body["receipts"][0].update(party="XDD"),
        lambda body: body["receipts"][0].pop("party"),
        lambda body: body["receipts"][0].update(leaf=body["receipts"][0]["leaf"].replace("1,100", "1,200")),
        lambda body: body["receipts"][0].update(seq=3),
        lambda body: body.update(receipts=[body["proof"] | {"party": "XBB"}]),
    ],
)
def test_units_whose_way_is_not_shown_are_not_accepted(world: Linked, spoil: Any) -> None:
    message = onward(world)
    spoil(message["body"])
    assert refused(world, message).code in ("message.custody", "message.proof", "message.unreadable")
    assert held(world, "XCC") == 0


@pytest.mark.parametrize(
    "poison",
    [5, "all", [5], [None, "x", {}, {"party": 7, "seq": 1}], [{"party": "XDD", "seq": 1, "leaf": "x" * 600_000}]],
)
def test_what_a_partner_sent_as_receipts_does_not_keep_the_units_from_going_on(world: Linked, poison: Any) -> None:
    send(world, "XAA", "XBB", "t-1")
    world.network.step()
    world.network.step()
    _, envelope = world.network.waiting.popleft()
    message = world.offices["XAA"].world.codec.decode(envelope.content)
    message["body"]["provenance"]["receipts"] = poison
    assert isinstance(world.links["XBB"].receive(sealed(world.offices["XAA"], message)).outcome, Receipt)
    send(world, "XBB", "XCC", "t-2")
    world.network.deliver()
    assert held(world, "XCC") == 100


@pytest.mark.parametrize(
    "poison",
    [
        {"leaves": [5]},
        {"leaves": [{"moves": [[CLASS, 1]]}]},
        {"leaves": [{"moves": [[CLASS, 1, 100, "a", "b"]]}]},
        {"records": [7]},
        {"earlier": 7},
    ],
)
def test_what_a_partner_sent_as_provenance_does_not_keep_this_book_from_being_seen(world: Linked, poison: Any) -> None:
    send(world, "XAA", "XBB", "t-1")
    world.network.step()
    world.network.step()
    _, envelope = world.network.waiting.popleft()
    message = world.offices["XAA"].world.codec.decode(envelope.content)
    message["body"]["provenance"].update(poison)
    assert isinstance(world.links["XBB"].receive(sealed(world.offices["XAA"], message)).outcome, Receipt)
    found = trace(world.offices["XBB"].sight(), "CA9001-XAA01-XAA-7-2023")
    assert not isinstance(found, Refusal)
    assert [step["act"] for step in found["steps"]] == ["Acquired"]


def test_a_receipt_does_not_show_units_that_it_does_not_name(world: Linked) -> None:
    message = onward(world)
    message["body"]["parts"][0][1:3] = [1, 101]
    assert refused(world, message).code == "message.custody"


def test_units_of_a_registry_that_is_not_linked_are_not_accepted_from_others(world: Linked) -> None:
    """XCC knows XBB alone: whatever XBB shows of XAA's book, it cannot be checked."""
    message = onward(world)
    known = {"XBB": world.offices["XBB"], "XCC": Office("XCC")}
    known["XCC"].open_holder()
    apart = Linked.__new__(Linked)
    apart.network, apart.offices = world.network, known
    apart.links = {"XCC": apart._joined(known["XCC"])}
    apart.link("XCC", "XBB")
    outcome = apart.links["XCC"].receive(sealed(known["XBB"], message)).outcome
    assert isinstance(outcome, Refusal) and outcome.code == "message.custody"
