"""Forwarding under a bad network: messages are lost, repeated and out of order, and registries start anew.

Whatever happens, the host's book adds each unit that was first transferred in the mechanism's book once, and none that
was not. Seeded: a run that fails is seen again by its number.
"""

from random import Random
from typing import Any, Final

import pytest

from counterfoil.application.command import Units
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Writer
from counterfoil.domain.federation.notice import NoticeState
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.movements.mechanism import AT_FUND, AT_MECHANISM, CLASS, LETTER, Mechanism

BY_ISSUANCE: Final[dict[str, Any]] = {
    "purposes": (Purpose.NDC, Purpose.IMP),
    "first_transfer_definition": FirstTransferDefinition.ISSUANCE,
    "oimp_detail": "international aviation",
}
SEEDS: Final = range(40)
ACTS: Final = 25
LOST, REPEATED, LATE = 0.25, 0.2, 0.25
ROUNDS_MAX: Final = 60


class Forwarding:
    """One run: people forward, sell on and send home; the network does its worst; then all is quiet."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"forwarding {seed}")
        # Half of the hosts call issuance the first transfer: then their book hears of every later move as well.
        letter: dict[str, Any] = BY_ISSUANCE if seed % 2 else {}
        self.books = Mechanism(**letter)
        self.books.stated()
        self.books.verified()
        assert isinstance(self.books.issue(), Receipt)
        self.number = 0
        self.fund_sells = seed % 4 == 0
        """Who reports what the Adaptation Fund sells of its share, the texts leave open: there no report has it."""

    def play(self) -> None:
        for _ in range(ACTS):
            self.chance.choice((self.forward, self.forward, self.sell_on, self.remind, self.restart))()
            self.weather()
            self.check()
        for _ in range(ROUNDS_MAX):
            self.remind()
            self.books.network.deliver()
            self.check()
            if not self.open():
                break
        self.check_settled()

    # What people and machines do

    def forward(self) -> None:
        """Some of the developer's units, now and then of the Fund's, to a buyer or to the host."""
        account = AT_FUND if self.fund_sells and self.chance.random() < 0.4 else AT_MECHANISM
        self.propose("XUN", account, self.chance.choice(("XBB", "XCC", "XAA")))

    def sell_on(self) -> None:
        """On to another buyer, or home."""
        party = self.chance.choice(("XBB", "XCC"))
        others = [each for each in ("XAA", "XBB", "XCC") if each != party]
        self.propose(party, self.books.offices[party].holder, self.chance.choice(others))

    def propose(self, party: str, account: str, to: str) -> None:
        held = [each for each in self.books.offices[party].writer.books.all_holdings() if each.account == account]
        if not held:
            return
        block = self.chance.choice(held)
        first = self.chance.randrange(block.first, block.last + 1)
        last = min(block.last, first + self.chance.randrange(60))
        self.number += 1
        self.books.propose(
            transfer=f"{party}-{self.number}", by=party, to=to, parts=(Units(CLASS, first, last),), source=account
        )

    def remind(self) -> None:
        """Every registry says again what it owes."""
        for party in self.books.offices:
            for key in self.open_of(party):
                self.books.links[party].resend(key)
            for name in self.books.notices(party, NoticeState.OWED):
                self.books.links[party].resend(name)

    def restart(self) -> None:
        """A registry starts anew: all that it knows is what its store kept."""
        party = self.chance.choice(list(self.books.offices))
        office = self.books.offices[party]
        office.writer = Writer(office.world)
        self.books.links[party] = self.books._joined(office)

    def weather(self) -> None:
        """Some of what waits arrives: a part of it never, a part twice, and a part in another order."""
        network = self.books.network
        for _ in range(self.chance.randrange(12)):
            if not network.waiting:
                return
            if self.chance.random() < LATE:
                network.waiting.rotate(-self.chance.randrange(len(network.waiting)))
            if self.chance.random() < LOST:
                network.waiting.popleft()
                continue
            if self.chance.random() < REPEATED:
                network.waiting.append(network.waiting[0])
            network.step()

    def open_of(self, party: str) -> list[str]:
        """The transfers about which a side has something to say until the other is known to have heard it."""
        return [
            key
            for (kind, key), value in self.books.offices[party].writer.books.records.items()
            if kind == "transfer" and _open(value)
        ]

    def open(self) -> bool:
        return any(self.open_of(party) or self.books.notices(party, NoticeState.OWED) for party in self.books.offices)

    # What must hold

    def flagged(self, party: str) -> set[int]:
        """The serials that a book calls first transferred."""
        return {
            serial
            for each in self.books.offices[party].writer.books.all_holdings()
            if each.unit_class == CLASS and "first_transferred_on" in each.facts
            for serial in range(each.first, each.last + 1)
        }

    def check(self) -> None:
        books = self.books.host.writer.books
        counted = int(books.record("first_transferred_quantity", LETTER) or 0)
        added = sum(self.books.net("XAA").values())
        known = self.flagged("XAA")
        assert counted == added == len(known), "each unit is added once"
        assert known <= self.flagged("XUN"), "nothing is added that the mechanism did not first transfer"

    def check_settled(self) -> None:
        assert not self.open(), "every notice is taken and every transfer has ended"
        assert self.flagged("XAA") == self.flagged("XUN")
        for party in ("XBB", "XCC"):
            assert self.flagged(party) <= self.flagged("XAA"), "a buyer believes what the host has added"
        standing = [serial for party in self.books.offices for serial in self.standing(party)]
        assert sorted(standing) == list(range(1, 1_001)), "every unit stands in one book"
        if not self.fund_sells:
            assert self.books.inconsistencies() == [], "the reports of all Parties agree"
        self.books.sound()

    def standing(self, party: str) -> list[int]:
        return [
            serial
            for each in self.books.offices[party].writer.books.all_holdings()
            if role(each.account) is not AccountRole.ABROAD
            for serial in range(each.first, each.last + 1)
        ]


def _open(transfer: Any) -> bool:
    if transfer["direction"] == "in":
        return bool(transfer["state"] == "accepted")
    return transfer["state"] == "proposed" or (transfer["state"] == "final" and transfer["confirmed_on"] is None)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_host_adds_what_was_first_transferred_and_nothing_twice(seed: int) -> None:
    Forwarding(seed).play()


def test_the_runs_forward_sell_on_and_lose_messages() -> None:
    """A simulation in which nothing happens proves nothing."""
    run = Forwarding(7)
    run.play()
    assert run.number > 10 and len(run.flagged("XAA")) > 70
