"""Races: of two who want the same units one gets them, and a full house of clients is answered, every one, at once."""

import asyncio
import itertools
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvloop

from counterfoil.application.command import Units
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.draft import Outcome
from counterfoil.application.driver import Driver
from counterfoil.application.queries.sight import Sight
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_reading, open_for_writing, verify_folder
from tests.crash.clients import answer, request
from tests.crash.engines import Registries
from tests.http.desk import BLOCK, HELD, OTHER, served, token, transfer

PAIRS = 10_000
HTTP_PAIRS = 300
CLIENTS = 128
LATE_SECONDS = 20
"""An answer that takes longer than this counts as hung: two hundred times what a busy machine needs."""


def move(first: int, last: int) -> Submission:
    return Submission(Transfer(units=Units("BR-#", first, last), source=HELD, target=OTHER), "test")


def raced(driver: Driver, *runners: Sequence[Submission]) -> list[list[Outcome]]:
    """Each runner submits its acts one by one from a thread of its own; the outcomes of each, in its order."""
    assert len({len(runner) for runner in runners}) == 1
    gate = threading.Barrier(len(runners))
    patience = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # or one thread would have submitted everything before the other begins
    outcomes: list[list[Outcome]] = [[] for _ in runners]

    def run(acts: Sequence[Submission], heard: list[Outcome]) -> None:
        for number, act in enumerate(acts):
            if number % 500 == 0:
                gate.wait(60)  # a busy machine runs one thread for long: so they begin together again and again
            driver.submit([act], heard.extend)

    threads = [threading.Thread(target=run, args=pair) for pair in zip(runners, outcomes, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(patience)
    driver.do([])  # answered after all that was submitted before
    return outcomes


def units_by_account(folder: Folder) -> Counter[str]:
    with open_for_reading(folder) as readable:
        held: Counter[str] = Counter()
        for holding in Sight(readable.reading, readable.codec, readable.evidence).all_holdings():
            held[holding.account] += holding.serials.last - holding.serials.first + 1
        return held


def codes(outcomes: Sequence[Outcome]) -> Counter[str]:
    return Counter("done" if isinstance(each, Receipt) else str(each.code) for each in outcomes)


def test_of_ten_thousand_pairs_that_race_for_the_same_units_one_of_each_gets_them(registries: Registries) -> None:
    # A pair wants one unit of a block, so that each act splits a block as well.
    folder = registries(blocks=PAIRS // BLOCK)
    acts = [move(serial, serial) for serial in range(1, PAIRS + 1)]
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        one, other = raced(writable.driver, acts, acts)
    pairs = Counter(tuple(sorted(codes(pair))) for pair in zip(one, other, strict=True))
    assert pairs == {("done", "units.not_held"): PAIRS}
    assert codes(one)["done"] and codes(other)["done"], "nobody raced: one of them was always first"
    assert units_by_account(folder) == {OTHER: PAIRS}
    assert not verify_folder(folder).findings


@pytest.mark.parametrize("spans", [[(1, 600), (301, 1_000)], [(1, 1_000), (1_000, 1_000)], [(1, 600), (600, 1_000)]])
def test_of_two_that_want_more_than_there_is_together_one_gets_what_it_wants(
    spans: list[tuple[int, int]], registries: Registries
) -> None:
    """Such as 600 and 700 of 1,000 units: never both, never a part of one."""
    folder = registries(blocks=100)
    runners = [[move(n * BLOCK + first, n * BLOCK + last) for n in range(100)] for first, last in spans]
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        outcomes = raced(writable.driver, *runners)
    assert Counter(tuple(sorted(codes(pair))) for pair in zip(*outcomes, strict=True)) == {
        ("done", "units.not_held"): 100
    }
    won = [sum(isinstance(outcome, Receipt) for outcome in each) for each in outcomes]
    moved = sum(count * (last - first + 1) for count, (first, last) in zip(won, spans, strict=True))
    assert units_by_account(folder) == {HELD: 100 * BLOCK - moved, OTHER: moved}
    assert not verify_folder(folder).findings


def test_over_sockets_too_exactly_one_of_each_pair_is_accepted(registries: Registries) -> None:
    folder = registries(blocks=HTTP_PAIRS)
    header = token(folder)["authorization"]

    async def runner(port: int) -> list[bytes]:
        """One of the two: its acts on eight connections, all at once."""
        numbers = iter(range(HTTP_PAIRS))
        heard: dict[int, bytes] = {}

        async def connection() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for number in numbers:
                writer.write(request(header, [transfer(number * BLOCK + 1, (number + 1) * BLOCK)], bulk=False))
                head, body = await answer(reader)
                heard[number] = head[9:12] + b" " + body
            writer.close()

        await asyncio.gather(*(connection() for _ in range(8)))
        return [heard[number] for number in range(HTTP_PAIRS)]

    async def both(port: int) -> list[list[bytes]]:
        return await asyncio.gather(runner(port), runner(port))

    with served(folder) as server:
        one, other = uvloop.run(both(server.port))
    for pair in zip(one, other, strict=True):
        refused, accepted = sorted(pair, reverse=True)
        assert accepted.startswith(b"201 ")
        assert refused.startswith(b"409 ") and b'"units.not_held"' in refused
    assert units_by_account(folder) == {OTHER: HTTP_PAIRS * BLOCK}
    assert not verify_folder(folder).findings


@dataclass
class House:
    """What the clients of one run were told."""

    accepted: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    late: int = 0
    longest: float = 0


def full_house(port: int, header: str, sources: Sequence[Iterator[dict[str, Any]]], seconds: float) -> House:
    """So many clients, each asking again as soon as it was answered, for a time."""
    house = House()

    async def client(source: Iterator[dict[str, Any]], end: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.monotonic() < end:
            act = next(source)
            asked = time.monotonic()
            writer.write(request(header, [act], bulk=False))
            try:
                head, body = await asyncio.wait_for(answer(reader), LATE_SECONDS)
            except TimeoutError:
                house.late += 1
                return
            house.longest = max(house.longest, time.monotonic() - asked)
            if head[9:12] == b"201":
                house.accepted[act["id"]] = int(body.partition(b'"seq":')[2].partition(b",")[0])
            else:
                house.refused += 1
        writer.close()

    async def run() -> None:
        end = time.monotonic() + seconds
        await asyncio.gather(*(client(source, end) for source in sources))

    uvloop.run(run())
    return house


def own_units(client: int, blocks: int) -> Iterator[dict[str, Any]]:
    """Transfers of a client's own units, one by one, and every tenth time of somebody else's, which is refused."""
    for count in itertools.count():
        serial = (count % blocks) * BLOCK + count // blocks + 1
        place = client * blocks * BLOCK + serial
        if count % 10 == 9:
            yield transfer(10**9 + count, 10**9 + count, id=f"f{client}:{count}")
        else:
            yield transfer(place, place, id=f"f{client}:{count}")


def check_full_house(folder: Folder, *, seconds: float, blocks: int) -> None:
    header = token(folder)["authorization"]
    with served(folder, for_seconds=int(seconds) + 120) as server:
        house = full_house(server.port, header, [own_units(client, blocks) for client in range(CLIENTS)], seconds)
        assert server.stop() == 0
    assert (house.late, len(house.accepted) > CLIENTS, house.refused > 0) == (0, True, True), house
    with open_for_reading(folder) as readable:
        there = readable.reading.commands(list(house.accepted))
    assert there == house.accepted
    assert units_by_account(folder)[OTHER] == len(house.accepted)
    assert not verify_folder(folder).findings


def test_a_full_house_of_clients_is_answered_and_every_answer_is_in_the_journal(registries: Registries) -> None:
    check_full_house(registries(blocks=CLIENTS * 4), seconds=3, blocks=4)


@pytest.mark.nightly
def test_a_full_house_is_answered_for_a_whole_minute(registries: Registries) -> None:
    check_full_house(registries(blocks=CLIENTS * 12), seconds=60, blocks=12)


def test_what_was_answered_can_be_read_at_once_while_others_write(registries: Registries) -> None:
    folder = registries(blocks=40)
    headers = token(folder)
    readers, each = 4, 60
    with served(folder) as server, write_beside(server.port, headers["authorization"], first=20 * BLOCK + 1) as written:
        stale: list[int] = []

        def read_after_write(number: int) -> None:
            with httpx.Client(base_url=server.address, headers=headers, timeout=30) as client:
                for serial in range(number * BLOCK + 1, number * BLOCK + each + 1):
                    done = client.post("/api/v1/commands", json=transfer(serial, serial))
                    shown = client.get(f"/api/v1/units/BR-{serial}")
                    entry = client.get(f"/api/v1/entries/{done.json()['seq']}")
                    if (shown.json().get("account"), entry.status_code) != (OTHER, 200):
                        stale.append(serial)

        threads = [threading.Thread(target=read_after_write, args=(number,)) for number in range(readers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert stale == []
        assert written() > each
    assert not verify_folder(folder).findings


class write_beside:  # noqa: N801  it reads as the function that it is
    """Eight clients that write all the while, in a thread of their own; gives how many acts they were answered."""

    def __init__(self, port: int, header: str, *, first: int) -> None:
        self._ended = threading.Event()
        self._answered = 0
        self._serials = itertools.count(first)
        self._thread = threading.Thread(target=lambda: uvloop.run(self._run(port, header)))

    def __enter__(self) -> Callable[[], int]:
        self._thread.start()
        return lambda: self._answered

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    async def _run(self, port: int, header: str) -> None:
        async def client() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            while not self._ended.is_set():
                serial = next(self._serials)
                writer.write(request(header, [transfer(serial, serial)], bulk=False))
                await answer(reader)
                self._answered += 1
            writer.close()

        await asyncio.gather(*(client() for _ in range(8)))
