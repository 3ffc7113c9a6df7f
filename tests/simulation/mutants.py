"""Known wrong ways to build the protocol. The simulation must find each of them, or its silence says nothing.

Each is one change of the registry's own code, made for the time of a `with`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final
from unittest.mock import patch

from counterfoil.adapters.storage.memory.store import MemoryStore
from counterfoil.application import writer
from counterfoil.application.command import Context, record, stored
from counterfoil.application.commands import offered
from counterfoil.application.commands.abroad import TRANSFER, SettleTransfer, TransferRecord, TransferState
from counterfoil.application.commands.acquire import Acquire, DeclineTransfer, acquire
from counterfoil.application.commands.end_transfer import VoidTransfer, void_transfer
from counterfoil.application.commands.table import COMMANDS
from counterfoil.application.draft import Outcome
from counterfoil.application.federation import partner_proof
from counterfoil.application.federation.acting import ActMaker
from counterfoil.application.federation.opening import Opened
from counterfoil.application.ports import Batch, JournalRow
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.ids import TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import went_to
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Move
from counterfoil.entrypoints import bootstrap
from tests.simulation.frail_store import Crash, FrailStore, Mishap
from tests.simulation.node import Node
from tests.simulation.wire import Letter

_DIGEST: Final = "00" * 32


@contextmanager
def _command(of: type, decide: Callable[..., Entry | Refusal]) -> Iterator[None]:
    with patch.object(writer, "COMMANDS", {**COMMANDS, of: decide}):
        yield


@contextmanager
def acquires_with_the_acceptance() -> Iterator[None]:
    """The target takes the units when it accepts, and does not wait for the proof that they have left."""
    receive = Node.receive

    def eager(node: Node, letter: Letter) -> tuple[Outcome | None, list[Letter]]:
        outcome, letters = receive(node, letter)
        if isinstance(outcome, Receipt) and outcome.act == Act.TRANSFER_ACCEPTED and node.alive:
            transfer = TransferId(outcome.command.removesuffix(":accept"))
            node.act(Acquire(id=f"{transfer}:acquire", transfer=transfer, receipt=_DIGEST, provenance=_DIGEST))
        return outcome, letters

    with patch.object(Node, "receive", eager):
        yield


@contextmanager
def takes_back_what_is_final() -> Iterator[None]:
    """The source can take units back after they have left."""

    def decide(command: VoidTransfer, books: Books, context: Context) -> Entry | Refusal:
        transfer = stored(books, TRANSFER, command.transfer, TransferRecord)
        if transfer is None or transfer.direction != "out" or transfer.state is not TransferState.FINAL:
            return void_transfer(command, books, context)
        moves = tuple(
            Move(part.unit_class, part.first, part.last, went_to(transfer.partner), transfer.source)
            for part in transfer.parts
        )
        voided = replace(transfer, state=TransferState.WITHDRAWN)
        return Entry(
            Act.TRANSFER_VOIDED, context.on, moves=moves, records=(record(TRANSFER, transfer.id, voided),), details={}
        )

    with _command(VoidTransfer, decide):
        yield


@contextmanager
def settles_what_was_taken_back() -> Iterator[None]:
    """A late acceptance makes a transfer final that its source has ended."""
    settle = COMMANDS[SettleTransfer]

    def decide(command: SettleTransfer, books: Books, context: Context) -> Entry | Refusal:
        transfer = stored(books, TRANSFER, command.transfer, TransferRecord)
        if transfer is None or transfer.state in (TransferState.PROPOSED, TransferState.FINAL):
            return settle(command, books, context)
        moves = tuple(
            Move(part.unit_class, part.first, part.last, transfer.source, went_to(transfer.partner))
            for part in transfer.parts
        )
        final = replace(transfer, state=TransferState.FINAL)
        details = {"transfer": transfer.id, "partner": transfer.partner}
        rows = (record(TRANSFER, transfer.id, final),)
        return Entry(Act.TRANSFERRED_ABROAD, context.on, moves=moves, records=rows, details=details)

    with _command(SettleTransfer, decide):
        yield


@contextmanager
def asks_for_no_proof() -> Iterator[None]:
    """Any entry that a message shows is believed, whatever its path and checkpoint say."""

    def believed(proof: Mapping[str, Any], **_: object) -> JournalRow:
        return JournalRow(int(proof["seq"]), "", b"", str(proof["leaf"]).encode())

    with patch.object(partner_proof, "proven", believed):
        yield


@contextmanager
def believes_any_entry() -> Iterator[None]:
    """A proven entry is enough, whatever it did and whichever transfer it was of."""

    def shown(maker: ActMaker, opened: Opened, acts: tuple[str, ...]) -> JournalRow | None:
        del acts
        proof: Any = opened.message.body["proof"]
        return JournalRow(int(proof["seq"]), "", b"", str(proof["leaf"]).encode())

    with patch.object(ActMaker, "_proven", shown), patch.object(ActMaker, "_left_for_us", lambda *_: True):
        yield


@contextmanager
def asks_for_no_signature() -> Iterator[None]:
    """Whoever names a partner is the partner."""
    with patch.object(bootstrap, "verify", lambda **_: True):
        yield


@contextmanager
def takes_answers_from_anybody() -> Iterator[None]:
    """Any partner may answer any transfer."""
    act = ActMaker.act

    def any_partner(maker: ActMaker, opened: Opened, known: TransferRecord | None) -> Any:
        return act(maker, opened, None if known is None else replace(known, partner=opened.partner.party))

    with patch.object(ActMaker, "act", any_partner):
        yield


@contextmanager
def says_nothing_twice() -> Iterator[None]:
    """A message that was lost stays lost."""
    with patch.object(Node, "owed", lambda *_, **__: []):
        yield


@contextmanager
def target_gives_up_alone() -> Iterator[None]:
    """The target ends what it accepted when it hears nothing for a while."""
    owed = Node.owed

    def impatient(node: Node, *, at_once: bool = False) -> list[Letter]:
        for key, value in node.transfers():
            if node.alive and value["state"] == "accepted":
                node.act(DeclineTransfer(id=f"{key}:decline", transfer=TransferId(key), reason="no answer"))
        return owed(node, at_once=at_once) if node.alive else []

    with patch.object(Node, "owed", impatient):
        yield


@contextmanager
def answers_before_it_is_durable() -> Iterator[None]:
    """The answer goes out, and then the process dies with the act unwritten."""
    dying: list[FrailStore] = []

    def hasty(store: FrailStore, batch: Batch) -> None:
        if store in dying:
            dying.remove(store)
            raise Crash
        if store._mishap() is Mishap.DIES_BEFORE:
            dying.append(store)
        else:
            MemoryStore.commit(store, batch)

    with patch.object(FrailStore, "commit", hasty):
        yield


@contextmanager
def lets_held_units_go() -> Iterator[None]:
    """A hold that was placed while units were in flight is not asked when they leave."""

    class Unheld:
        def __init__(self, books: Books) -> None:
            self._books = books

        def __getattr__(self, name: str) -> Any:
            return getattr(self._books, name)

        def holds(self, *_: object) -> tuple[()]:
            return ()

    settle = COMMANDS[SettleTransfer]

    def decide(command: SettleTransfer, books: Books, context: Context) -> Entry | Refusal:
        return settle(command, Unheld(books), context)

    with _command(SettleTransfer, decide):
        yield


@contextmanager
def adjusts_twice() -> Iterator[None]:
    """A first transfer is added to the host's balance, and once more."""
    settle = COMMANDS[SettleTransfer]

    def decide(command: SettleTransfer, books: Books, context: Context) -> Entry | Refusal:
        entry = settle(command, books, context)
        return entry if isinstance(entry, Refusal) else entry._replace(postings=entry.postings * 2)

    with _command(SettleTransfer, decide):
        yield


@contextmanager
def forgets_the_adjustment() -> Iterator[None]:
    """Units leave, and the host's balance does not hear of it."""
    settle = COMMANDS[SettleTransfer]

    def decide(command: SettleTransfer, books: Books, context: Context) -> Entry | Refusal:
        entry = settle(command, books, context)
        return entry if isinstance(entry, Refusal) else entry._replace(postings=())

    with _command(SettleTransfer, decide):
        yield


@contextmanager
def forgets_the_first_transfer() -> Iterator[None]:
    """Who acquires is not told that the move was the first transfer."""

    def decide(command: Acquire, books: Books, context: Context) -> Entry | Refusal:
        return acquire(replace(command, first_transferred_on=None, trigger=None), books, context)

    with _command(Acquire, decide):
        yield


@contextmanager
def does_not_look_whether_units_are_here() -> Iterator[None]:
    """Units are taken that stand in this very book, or were never born in it."""
    with patch.object(offered, "_new_here", lambda *_: None):
        yield


MUTANTS: Final = (
    acquires_with_the_acceptance,
    takes_back_what_is_final,
    settles_what_was_taken_back,
    asks_for_no_proof,
    believes_any_entry,
    asks_for_no_signature,
    takes_answers_from_anybody,
    says_nothing_twice,
    target_gives_up_alone,
    answers_before_it_is_durable,
    lets_held_units_go,
    adjusts_twice,
    forgets_the_adjustment,
    forgets_the_first_transfer,
    does_not_look_whether_units_are_here,
)
