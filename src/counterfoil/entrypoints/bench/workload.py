"""The workload: blocks of 10,000 units and random transfers of them, all valid, in one order.

Each transfer takes a random existing block: 40 % whole, 30 % a prefix (two pieces), 30 % a middle range (three pieces).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random  # noqa: TID251  seeded: every run measures the same acts
from typing import Final

from counterfoil.adapters.chance import SystemChance
from counterfoil.application.command import Command, Units
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.import_units import ImportIssuance
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer
from counterfoil.domain.kernel.ids import Party

CLASS: Final = "XB-#"
BLOCK: Final = 10_000
_WHOLE: Final = 0.4
_PREFIX: Final = 0.7
_PIECES_MIN: Final = 3
"""A block of fewer units is moved whole: it has no middle."""


@dataclass(slots=True)
class _Block:
    first: int
    last: int
    account: str


class Workload:
    """Knows who holds what, so that every act it makes can be accepted."""

    def __init__(self, *, blocks: int, accounts: int, seed: int = 7) -> None:
        self._chance = Random(seed)  # noqa: S311  no secret is made of it
        self._ids = SystemChance()
        self._accounts = [f"bench:h{number:04d}" for number in range(accounts)]
        self._blocks = [_Block(n * BLOCK + 1, (n + 1) * BLOCK, "cdm:XB-1") for n in range(blocks)]

    def beginning(self) -> Iterator[Command]:
        """Found the registry, open the accounts, issue the blocks."""
        yield Found(registry="XCD01", party=Party("XCD"), name="Bench", origin="bench", public_key="", is_party=False)
        for account in self._accounts:
            yield OpenAccount(account=account, holder="Bench")
        for block in self._blocks:
            yield ImportIssuance(
                party="XB",
                project="1",
                first=block.first,
                last=block.last,
                unit_type="CER",
                commitment_period="1",
                completed_at="2012-01-01",
                provenance="bench",
            )

    def blocks(self) -> list[tuple[int, int, str]]:
        """What is held now: first, last, account."""
        return [(block.first, block.last, block.account) for block in self._blocks]

    def transfers(self, count: int) -> list[Transfer]:
        """The next acts, with ids in order of time."""
        return [self._transfer() for _ in range(count)]

    def _transfer(self) -> Transfer:
        block = self._blocks[self._chance.randrange(len(self._blocks))]
        kind = self._chance.random()
        first, last = block.first, block.last
        if last - first + 1 >= _PIECES_MIN and kind >= _WHOLE:
            if kind >= _PREFIX:
                first = self._chance.randrange(block.first + 1, block.last)
            last = self._chance.randrange(first, block.last)
        source, target = block.account, self._chance.choice(self._accounts)
        while target == source:
            target = self._chance.choice(self._accounts)
        if block.first < first:
            self._blocks.append(_Block(block.first, first - 1, source))
        if last < block.last:
            self._blocks.append(_Block(last + 1, block.last, source))
        block.first, block.last, block.account = first, last, target
        return Transfer(id=self._ids.command_id(), units=Units(CLASS, first, last), source=source, target=target)
