"""What people try in a registry: an act and where to try it, by chance. Much of it is refused, as it should be."""

from collections.abc import Callable
from random import Random
from typing import Final

from counterfoil.application.command import Command, Units
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose, Retire
from counterfoil.application.commands.end_transfer import VoidTransfer
from counterfoil.application.commands.hold import PlaceHold, ReleaseHold
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, Party, TransferId
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Holding
from tests.simulation.founding import APPROACHES, VINTAGES, account_of, letter_of
from tests.simulation.node import Node

QUANTITY_MAX: Final = 60


class Actor:
    """Thinks of the next act of a registry."""

    def __init__(self, chance: Random, parties: tuple[str, ...]) -> None:
        self._chance = chance
        self._parties = parties
        self._number = 0

    def next(self, node: Node) -> Command | None:
        """A command that somebody in this registry sends now; None where there is nothing to try it on."""
        return self._chance.choice(TRIED)(self, node)

    def issue(self, node: Node) -> Command:
        number = self._chance.randrange(len(APPROACHES))
        return Issue(
            activity=ActivityId(f"{node.party}-{number}"),
            verification=f"V-{number}",
            vintage=self._chance.choice(VINTAGES),
            quantity=self._chance.randrange(1, QUANTITY_MAX),
            account=account_of(node.party),
            authorization=AuthorizationId(letter_of(node.party, number)),
        )

    def issue_up_to(self, node: Node, unit_class: str, last: int) -> Command | None:
        """The units of a class of this host up to a serial, those that are not there yet."""
        there = max(
            (each.serials.last for each in node.books.all_holdings() if each.unit_class == unit_class), default=0
        )
        number = next((n for n, row in enumerate(APPROACHES) if unit_class.startswith(row[0])), None)
        if number is None or f"-{node.party}-" not in unit_class or last <= there:
            return None
        return Issue(
            activity=ActivityId(f"{node.party}-{number}"),
            verification=f"V-{number}",
            vintage=int(unit_class[-4:]),
            quantity=last - there,
            account=account_of(node.party),
            authorization=AuthorizationId(letter_of(node.party, number)),
        )

    def propose(self, node: Node) -> Command | None:
        """To anybody: a first transfer, an onward one or the way home. Now and then to an account that is not there."""
        block = self._block(node)
        if block is None:
            return None
        partner = self._chance.choice([party for party in self._parties if party != node.party])
        name = "nobody" if self._happens(8) else "a"
        parts = [self._part(block)]
        if self._happens(4):
            others = [each for each in self._held(node) if each.account == block.account and each != block]
            parts += [self._part(each) for each in others[:2]]
        return ProposeTransfer(
            transfer=TransferId(f"{node.party}-{self._next()}"),
            partner=Party(partner),
            parts=tuple(parts),
            source=block.account,
            target=account_of(partner, name),
        )

    def withdraw(self, node: Node) -> Command | None:
        """Take back a transfer, mostly one that is still open."""
        going = [(key, value["state"]) for key, value in node.transfers() if value["direction"] == "out"]
        if not going:
            return None
        still = [each for each in going if each[1] == "proposed"] or going
        return VoidTransfer(transfer=TransferId(self._chance.choice(still)[0]), reason="taken back")

    def move(self, node: Node) -> Command | None:
        block = self._block(node)
        if block is None:
            return None
        target = account_of(node.party, "b" if block.account.endswith(":a") else "a")
        return Transfer(units=self._part(block), source=block.account, target=target)

    def use(self, node: Node) -> Command | None:
        block = self._block(node, foreign=True)
        if block is None:
            return None
        year = 2025 + self._chance.randrange(3)
        return UseTowardsNdc(units=self._part(block), account=block.account, year=year)

    def cancel(self, node: Node) -> Command | None:
        block = self._block(node)
        if block is None:
            return None
        purpose = self._chance.choice(list(CancellationPurpose))
        return Cancel(
            units=self._part(block), account=block.account, purpose=purpose, authority="DNA", reason="a reason"
        )

    def retire(self, node: Node) -> Command | None:
        block = self._block(node)
        return None if block is None else Retire(units=self._part(block), account=block.account)

    def hold(self, node: Node) -> Command | None:
        """On anything that stands in the book, units in flight above all."""
        blocks = list(node.books.all_holdings())
        flying = [block for block in blocks if role(block.account) is AccountRole.PENDING]
        if not blocks:
            return None
        block = self._chance.choice(flying or blocks)
        return PlaceHold(hold=f"H-{self._next()}", units=self._part(block), authority="DNA", reason="review")

    def release(self, node: Node) -> Command | None:
        standing = [
            key
            for (kind, key), value in node.books.records.items()
            if kind == "hold" and value["released_on"] is None and "case" not in value
        ]
        if not standing:
            return None
        return ReleaseHold(hold=self._chance.choice(standing), authority="DNA", reason="cleared")

    def _held(self, node: Node) -> list[Holding]:
        return [block for block in node.books.all_holdings() if role(block.account) is AccountRole.HOLDING]

    def _block(self, node: Node, *, foreign: bool = False) -> Holding | None:
        """A block to act on: mostly one that a holder has, sometimes one that nobody may touch."""
        blocks = list(node.books.all_holdings()) if self._happens(10) else self._held(node)
        if foreign:
            blocks = [block for block in blocks if f"-{node.party}-" not in block.unit_class]
        return self._chance.choice(blocks) if blocks else None

    def _part(self, block: Holding) -> Units:
        """All of a block, or some of it."""
        first, last = block.serials.first, block.serials.last
        if self._happens(2):
            first = self._chance.randrange(first, last + 1)
            last = self._chance.randrange(first, last + 1)
        return Units(block.unit_class, first, last)

    def _happens(self, one_in: int) -> bool:
        return self._chance.randrange(one_in) == 0

    def _next(self) -> int:
        self._number += 1
        return self._number


# What is tried how often: most units should see another book.
TRIED: Final[tuple[Callable[[Actor, Node], Command | None], ...]] = (
    *(Actor.issue,) * 5, *(Actor.propose,) * 10, *(Actor.use,) * 3, *(Actor.cancel,) * 2, *(Actor.withdraw,) * 2,
    Actor.move, Actor.retire, Actor.hold, Actor.release, Actor.release,
)  # fmt: skip
