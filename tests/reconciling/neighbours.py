"""Registries in memory that trade and compare their books, and that can lose what they booked since a moment."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from counterfoil.adapters.peers.in_process import InProcessNetwork
from counterfoil.adapters.storage.memory.store import MemoryStore
from counterfoil.application.command import Command, Units
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.close_case import CloseCase, Closing
from counterfoil.application.commands.link import LinkPartner
from counterfoil.application.draft import Outcome
from counterfoil.application.federation.federation import Federation
from counterfoil.application.federation.writing import LetterWriter
from counterfoil.application.ports import Store
from counterfoil.application.reconciling.case_book import all_cases
from counterfoil.application.reconciling.reconciler import Reconciled, Reconciler
from counterfoil.application.thread import Span
from counterfoil.application.writer import Submission, Writer
from counterfoil.domain.federation.jws import compact, read_compact
from counterfoil.domain.federation.message import Envelope
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from tests.application.office import Office

CLASS = "CA9001-XAA01-XAA-#-2023"
PARTIES = ("XAA", "XBB", "XCC")


class Registry(Office):
    """An office that federates and reconciles. `lose` puts its store back to a moment; its keys and evidence stay."""

    def __init__(self, party: str, network: InProcessNetwork) -> None:
        super().__init__(party, today=date(2025, 1, 15))
        self.network = network
        self.taken: list[object] = []
        self.begin()

    def begin(self) -> None:
        self.federation = Federation(self.world, self.writer, self.step, self.network)  # type: ignore[arg-type]
        self.reconciler = Reconciler(
            self.world, lambda: self.writer.registry, self.step, self.aside, self.again, self.take
        )
        self.network.join(self.party, self.federation.receive)

    def step(self, submissions: Sequence[Submission]) -> list[Outcome]:
        return self.writer.step(submissions)

    def aside(self, work: Callable[[Store], object]) -> object:
        return work(self.store)

    def again(self, transfer: str, partner: str, spans: Sequence[Span]) -> Sequence[bytes]:
        writer = LetterWriter(self.world, self.writer.registry, self.writer.books, self.store.reading())
        return [compact(each) for each in writer.again(transfer, partner=partner, spans=spans)]

    def take(self, messages: Sequence[bytes]) -> None:
        for message in messages:
            envelope = read_compact(message)
            assert isinstance(envelope, Envelope)
            self.taken.append(self.federation.receive(envelope).outcome)

    def moment(self) -> Any:
        """What is committed now, to come back to."""
        return self.store._state.copy()

    def lose(self, moment: Any) -> None:
        """Everything since a moment is gone, as after a restore."""
        from dataclasses import replace

        self.store = MemoryStore()
        self.store._state = moment.copy()
        self.world = replace(self.world, store=self.store)
        self.writer = Writer(self.world)
        self.begin()

    def cases(self) -> list[Any]:
        return list(all_cases(self.store.reading(), self.world.codec))

    def holds(self, first: int, last: int) -> str:
        """The accounts in which units stand, in order."""
        return " ".join(holding.account for holding in self.writer.books.holdings(CLASS, first, last))

    def held(self) -> set[int]:
        """The serials of which this book can dispose, holds aside."""
        return {
            serial
            for holding in self.writer.books.all_holdings()
            if role(holding.account) in (AccountRole.HOLDING, AccountRole.TERMINAL, AccountRole.PENDING)
            for serial in range(holding.first, holding.last + 1)
        }


class Neighbours:
    """Three registries that know each other; XAA has 1,000 units of its own."""

    def __init__(self) -> None:
        self.network = InProcessNetwork()
        self.a, self.b, self.c = (Registry(party, self.network) for party in PARTIES)
        self.all = {each.party: each for each in (self.a, self.b, self.c)}
        for each in self.all.values():
            for other in self.all.values():
                if other is not each:
                    each.do(link(other))
        self.a.activity(others=("XCC",), authorized_parties=(Party("XBB"), Party("XCC")))
        self.a.issued()
        for each in (self.b, self.c):
            each.open_holder()
        self.a.do(agreed(self.a, "XCC"))
        self.b.do(agreed(self.b, "XAA"), agreed(self.b, "XCC"))
        self.c.do(agreed(self.c, "XAA"), agreed(self.c, "XBB"))

    def propose(self, source: Registry, target: Registry, first: int, last: int, transfer: str) -> Outcome:
        command = ProposeTransfer(
            id=f"{transfer}:propose",
            transfer=TransferId(transfer),
            partner=target.party,
            parts=(Units(CLASS, first, last),),
            source=source.holder,
            target=target.holder,
        )
        return source.federation.propose(command, by="tester")

    def move(self, source: Registry, target: Registry, first: int, last: int, transfer: str) -> None:
        outcome = self.propose(source, target, first, last, transfer)
        assert not isinstance(outcome, Refusal), outcome
        self.network.deliver()

    def reconcile(self, asking: Registry, asked: Registry) -> Reconciled:
        outcome = asking.reconciler.run(asked.party, carrier(asked))
        assert isinstance(outcome, Reconciled), outcome
        return outcome


def carrier(asked: Registry) -> Callable[[bytes], bytes]:
    def carry(question: bytes) -> bytes:
        answer = asked.reconciler.answer(question)
        assert isinstance(answer, bytes), answer
        return answer

    return carry


def link(other: Registry) -> LinkPartner:
    return LinkPartner(
        party=other.party, registry=f"{other.party}01", origin=other.signer.name, public_key=other.public_key
    )


def agreed(own: Registry, partner: str) -> Command:
    from dataclasses import replace

    return replace(own.agreement(partner), agreement=f"IA-{partner}")


def close(case: str, way: Closing = Closing.GIVE_UP) -> CloseCase:
    return CloseCase(case=case, way=way, authority="DNA", reason="shown by our own signature")
