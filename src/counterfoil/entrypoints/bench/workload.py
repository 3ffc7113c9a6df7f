"""The workload: authorized mitigation outcomes in blocks of 10,000, and random acts on them, all valid, in one order.

Each act takes a random existing block: 40 % whole, 30 % a prefix (two pieces), 30 % a middle range (three pieces).
Nine in ten are transfers between holdings. One in ten is a step of a first transfer, which has two: `ProposeTransfer`
asks the authorization, counts under it and reserves the units; `SettleTransfer` asks it again, flags the units and adds
to the host's balance.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from random import Random  # noqa: TID251  seeded: every run measures the same acts
from typing import Final, NamedTuple

from counterfoil.adapters.chance import SystemChance
from counterfoil.application.command import Command, NdcPeriod, Units
from counterfoil.application.commands.abroad import ProposeTransfer, SettleTransfer
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.link import LinkPartner
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.record_agreement import RecordAgreement
from counterfoil.application.commands.register import RegisterActivity, RegisterCooperativeApproach
from counterfoil.application.commands.transfer import Transfer
from counterfoil.domain.authorizations.agreement import AgreementKind
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party, TransferId
from counterfoil.domain.ledger.account import pending, went_to
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.units.identifier import itmo_class
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import MitigationType

BLOCK: Final = 10_000
FIRST_TRANSFERS: Final = 0.1
"""Share of the acts that are a step of a first transfer."""
SPACE: Final = 10**14
"""Serials of one class in the rivals' one address space; a class here never has so many."""

_VINTAGES: Final = (2021, 2022, 2023, 2024)
_HOST: Final = Party("THA")
_PARTNER: Final = Party("CHE")
_REGISTRY: Final = "THA01"
_APPROACH: Final = CooperativeApproachId("CA0002")
_ACTIVITY: Final = ActivityId("THA-BENCH-1")
_AUTHORIZATION: Final = AuthorizationId("THA-LOA-BENCH")
_WHOLE: Final = 0.4
_PREFIX: Final = 0.7
_PIECES_MIN: Final = 3
"""A block of fewer units is moved whole: it has no middle."""

CLASSES: Final = tuple(
    itmo_class(approach=_APPROACH, registry=_REGISTRY, party=_HOST, vintage=vintage) for vintage in _VINTAGES
)


class Move(NamedTuple):
    """An act as a rival sees it, which knows blocks and accounts only. Serials are in one space over all classes."""

    command: str
    first: int
    last: int
    source: str
    target: str


class Act(NamedTuple):
    """The same act for the registry and for its rivals."""

    command: Command
    move: Move


@dataclass(slots=True)
class _Block:
    place: int
    first: int
    last: int
    account: str


class Workload:
    """Knows who holds what, so that every act it makes can be accepted."""

    def __init__(self, *, blocks: int, accounts: int, seed: int = 7, first_transfers: float = FIRST_TRANSFERS) -> None:
        self._chance = Random(seed)  # noqa: S311  no secret is made of it
        self._ids = SystemChance()
        self._seed = seed
        self._proposals = 0.0
        self.mix(first_transfers)
        self._accounts = [f"bench:h{number:05d}" for number in range(accounts)]
        # Neighbours have different holders, so that no two blocks are one.
        self._blocks = [
            _Block(place, number * BLOCK + 1, (number + 1) * BLOCK, self._accounts[at % accounts])
            for at in range(blocks)
            for place, number in ((at % len(CLASSES), at // len(CLASSES)),)
        ]
        self._reserved: tuple[TransferId, _Block] | None = None
        self._gone: list[_Block] = []
        self._picked = 0

    def beginning(self) -> Iterator[Command]:
        """Found the registry, register and authorize the activity, open the accounts, issue the blocks."""
        yield from self._founding()
        for account in self._accounts:
            yield OpenAccount(account=account, holder="bench")
        yield from self._verified()
        for block in self._blocks:
            yield Issue(
                activity=_ACTIVITY,
                verification="bench-V",
                vintage=_VINTAGES[block.place],
                quantity=block.last - block.first + 1,
                account=block.account,
                authorization=_AUTHORIZATION,
            )

    @staticmethod
    def _founding() -> Iterator[Command]:
        key = base64.b64encode(bytes(32)).decode()
        period = NdcPeriod(2021, 2030, 2032)
        yield Found(
            registry=_REGISTRY, party=_HOST, name="Bench", origin="bench", public_key="-", ndc_periods=(period,)
        )
        yield LinkPartner(party=_PARTNER, registry="CHE01", origin="bench/partner", public_key=key)
        yield RegisterCooperativeApproach(approach=_APPROACH, title="Bench", participants=(_HOST, _PARTNER))
        yield RecordAgreement(
            agreement="bench-agreement",
            kind=AgreementKind.IMPLEMENTATION_AGREEMENT,
            title="Bench",
            parties=(_HOST, _PARTNER),
            in_force_from=date(2021, 1, 1),
            permits_transfer=True,
            provision="bench",
        )
        yield RegisterActivity(
            activity=_ACTIVITY,
            title="Bench",
            mitigation_type=MitigationType.REDUCTION,
            sector="Energy",
            activity_type="Solar",
            cooperative_approach=_APPROACH,
            standard="bench",
            methodology="bench",
        )
        yield Authorize(
            authorization=_AUTHORIZATION,
            cooperative_approach=_APPROACH,
            purposes=(Purpose.NDC,),
            vintages=_VINTAGES,
            underlying_references=("bench",),
            sectors=("Energy",),
            gases=("CO2",),
            adjustment_commitment="bench",
            activities=(_ACTIVITY,),
            authorized_parties=(_PARTNER,),
            last_use_on=date(2035, 12, 31),
        )

    def _verified(self) -> Iterator[Command]:
        quantities = tuple(
            VintageQuantity(vintage, quantity)
            for place, vintage in enumerate(_VINTAGES)
            if (quantity := BLOCK * sum(block.place == place for block in self._blocks))
        )
        yield SubmitMonitoring(
            monitoring="bench-M",
            activity=_ACTIVITY,
            first_day=date(_VINTAGES[0], 1, 1),
            last_day=date(_VINTAGES[-1], 12, 31),
            monitored=quantities,
            evidence=("0" * 64,),
        )
        yield Verify(
            verification="bench-V", monitoring="bench-M", verifier="bench", verified=quantities, statement="bench"
        )

    def mix(self, first_transfers: float) -> None:
        """Change the share of the acts that are a step of a first transfer, from the next act on."""
        # A first transfer is two acts.
        self._proposals = first_transfers / (2 - first_transfers)

    @property
    def accounts(self) -> Sequence[str]:
        """Every account that an act names."""
        return [*self._accounts, pending(_PARTNER), went_to(_PARTNER)]

    def blocks(self) -> list[tuple[int, int, str]]:
        """Where every unit stands now: first and last in the rivals' address space, and the account."""
        standing = [*self._blocks, *self._gone]
        if self._reserved is not None:
            standing.append(self._reserved[1])
        return [
            (block.place * SPACE + block.first, block.place * SPACE + block.last, block.account) for block in standing
        ]

    def parts(self, count: int) -> "list[Workload]":
        """So many workloads with a share of the blocks each, whose acts can be mixed in any order."""
        found = []
        for part in range(count):
            share = Workload.__new__(Workload)
            share._chance = Random(self._seed + part)  # noqa: S311  no secret is made of it
            share._ids, share._seed, share._proposals = self._ids, self._seed + part, self._proposals
            share._accounts, share._blocks = self._accounts, self._blocks[part::count]
            share._reserved, share._gone, share._picked = None, [], 0
            found.append(share)
        return found

    def acts(self, count: int) -> list[Act]:
        """The next acts, with ids in order of time."""
        return [self._act() for _ in range(count)]

    def _act(self) -> Act:
        if self._reserved is not None:
            return self._settled(*self._reserved)
        if self._proposals and self._chance.random() < self._proposals and len(self._blocks) > 1:
            return self._proposed()
        return self._transferred(self._cut())

    def whole_transfers(self, count: int) -> list[Act]:
        """Transfers of whole blocks, which leave as many blocks as there were: for a long history in little time."""
        blocks, choose = self._blocks, self._chance.choice
        return [self._transferred(choose(blocks)) for _ in range(count)]

    def _transferred(self, block: _Block) -> Act:
        source, target = block.account, self._chance.choice(self._accounts)
        while target == source:
            target = self._chance.choice(self._accounts)
        block.account = target
        command = Transfer(id=self._ids.command_id(), units=_units(block), source=source, target=target)
        return Act(command, _move(command, block, source))

    def _proposed(self) -> Act:
        block = self._cut()
        # Reserved units are nobody's to dispose of: the block leaves the list, and the last one takes its place.
        self._blocks[self._picked] = self._blocks[-1]
        self._blocks.pop()
        source, block.account = block.account, pending(_PARTNER)
        identity = self._ids.command_id()
        self._reserved = (TransferId(identity), block)
        command = ProposeTransfer(
            id=identity,
            transfer=TransferId(identity),
            partner=_PARTNER,
            parts=(_units(block),),
            source=source,
            target="che:bench",
        )
        return Act(command, _move(command, block, source))

    def _settled(self, transfer: TransferId, block: _Block) -> Act:
        self._reserved = None
        source, block.account = block.account, went_to(_PARTNER)
        self._gone.append(block)
        acceptance = sha256(transfer.encode()).hexdigest()
        command = SettleTransfer(id=self._ids.command_id(), transfer=transfer, acceptance=acceptance)
        return Act(command, _move(command, block, source))

    def _cut(self) -> _Block:
        """The units of the next act; what is left of the block they are cut from becomes blocks of its own."""
        self._picked = self._chance.randrange(len(self._blocks))
        block = self._blocks[self._picked]
        kind = self._chance.random()
        first, last = block.first, block.last
        if last - first + 1 >= _PIECES_MIN and kind >= _WHOLE:
            if kind >= _PREFIX:
                first = self._chance.randrange(block.first + 1, block.last)
            last = self._chance.randrange(first, block.last)
        if block.first < first:
            self._blocks.append(_Block(block.place, block.first, first - 1, block.account))
        if last < block.last:
            self._blocks.append(_Block(block.place, last + 1, block.last, block.account))
        block.first, block.last = first, last
        return block


def _units(block: _Block) -> Units:
    return Units(CLASSES[block.place], block.first, block.last)


def _move(command: Command, block: _Block, source: str) -> Move:
    space = block.place * SPACE
    return Move(command.id, space + block.first, space + block.last, source, block.account)
