"""Many transfers take two ways to a partner at once: each is delivered once, and what fails on one way stays owed."""

from pathlib import Path

import pytest

from counterfoil.application.federation.exchange import LineAnswer
from tests.federation_http.test_courier import Dead, Desk, Partner

MANY = tuple(f"t-{number}" for number in range(1, 21))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path)
    found.owe(*MANY)
    return found


def acknowledged(signed: bytes) -> LineAnswer:
    """The answer to a message whose content is its transfer's name."""
    named = next(each for each in reversed(MANY) if _content(signed).startswith(each))
    return LineAnswer("done", "", (f"ack:{named}".encode(),))


def _content(signed: bytes) -> str:
    from counterfoil.domain.federation.jws import read_compact
    from counterfoil.domain.federation.message import Envelope

    read = read_compact(signed)
    assert isinstance(read, Envelope)
    return read.content.decode()


def test_each_transfer_of_many_takes_one_of_two_ways(desk: Desk) -> None:
    ways = Partner(acknowledged), Partner(acknowledged)
    assert desk.courier.round(*ways)
    sent = [[_content(each) for bundle in way.posts for each in bundle] for way in ways]
    assert [len(each) for each in sent] == [10, 10]
    assert len(set(sent[0]) | set(sent[1])) == 20
    assert desk.side.open == {} and desk.waiting() == []


def test_few_transfers_take_one_way(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.owe("t-1", "t-2")
    ways = Partner(acknowledged), Partner(acknowledged)
    assert desk.courier.round(*ways)
    assert [len(way.posts) for way in ways] == [1, 0]


@pytest.mark.parametrize("broken", [0, 1])
def test_what_fails_on_one_way_stays_owed_and_the_partner_rests(desk: Desk, broken: int) -> None:
    ways: list[Partner | Dead] = [Partner(acknowledged), Partner(acknowledged)]
    ways[broken] = Dead()
    assert desk.courier.round(*ways)
    assert desk.courier.fault == "peers.unreachable"
    assert len(desk.side.open) == 10
    assert set(desk.side.open) <= set(desk.waiting())
