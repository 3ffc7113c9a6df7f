"""Reconciling for a registry that is open for writing: with a partner at the address of its link, one at a time.

Read before: `application/reconciling/reconciler.py`. Source: ADR-0033.
"""

import threading
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Final

from counterfoil.adapters.peers.http_peer import HttpPeer, PeersFault, Way
from counterfoil.application.driver import Driver
from counterfoil.application.federation.writing import LetterWriter
from counterfoil.application.ports import Outage, Store
from counterfoil.application.reconciling.reconciler import Carry, Reconciled, Reconciler
from counterfoil.application.thread import Span
from counterfoil.domain.federation.jws import compact
from counterfoil.domain.federation.link import PARTNER, LinkFault, LinkState, Partner
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.own_side import WriterSide

RUN_SECONDS_MAX: Final = 900
"""For all questions of one run: the others wait for it."""
TRIES: Final = 4
WAIT_SECONDS_MAX: Final = 5
"""How long one question waits for a partner that is busy, before it is asked again."""


class ReconcilingFault(StrEnum):
    NO_ADDRESS = "reconciliation.no_address"
    NOT_TESTED = "reconciliation.not_tested"
    RUNNING = "reconciliation.running"


class ReconcilerAtHand:
    """One registry's reconciler, with the way to its partners. Not to be called in the writer's thread."""

    def __init__(self, driver: Driver, side: WriterSide, way: Way) -> None:
        self._driver = driver
        self._way = way
        self._turn = threading.Lock()
        self._reconciler = Reconciler(
            driver.writer.world,
            registry=lambda: driver.writer.registry,
            do=driver.do,
            aside=self._aside,
            again=self._again,
            take=side.take,
        )

    def answer(self, signed: bytes) -> bytes | Refusal:
        """The signed answer to a partner's signed question."""
        return self._reconciler.answer(signed)

    def run(self, party: str) -> Reconciled | Refusal:
        """Reconcile with a partner now.

        Raises:
            Outage: the partner cannot be reached, or the registry not be written.
        """
        record = self._driver.writer.books.record(PARTNER, party)
        if record is None:
            return Refusal(LinkFault.UNKNOWN, {"partner": party[:20]})
        partner = from_json(Partner, record)
        if not partner.address:
            return Refusal(ReconcilingFault.NO_ADDRESS, {"partner": party})
        if partner.state is LinkState.PROPOSED:
            return Refusal(ReconcilingFault.NOT_TESTED, {"partner": party})
        if not self._turn.acquire(blocking=False):
            return Refusal(ReconcilingFault.RUNNING, {"partner": party})
        peer = HttpPeer(partner.address, self._way)
        try:
            return self._reconciler.run(party, patient(peer.ask))
        finally:
            peer.close()
            self._turn.release()

    def _aside(self, work: Callable[[Store], object]) -> object:
        return self._driver.aside(work).result()

    def _again(self, transfer: str, party: str, spans: Sequence[Span]) -> Sequence[bytes]:
        """In the writer's thread, where the books stand still."""
        writer = self._driver.writer

        def made(_: Store) -> list[bytes]:
            reading = writer.world.store.reading()
            try:
                letters = LetterWriter(writer.world, writer.registry, writer.books, reading)
                return [compact(each) for each in letters.again(transfer, partner=party, spans=spans)]
            finally:
                reading.close()

        return self._driver.aside(made).result()


def patient(ask: Carry) -> Carry:
    """Ask a busy partner again, a few times, and none of them for longer than a run may take.

    Raises:
        Outage: as `HttpPeer.ask`, or `peers.unreachable` when the run has taken too long.
    """
    ends = time.monotonic() + RUN_SECONDS_MAX

    def asked(question: bytes) -> bytes:
        if time.monotonic() > ends:
            raise Outage(PeersFault.UNREACHABLE, {"detail": f"not done in {RUN_SECONDS_MAX} s"}, retry=True)
        for number in range(1, TRIES + 1):
            try:
                return ask(question)
            except Outage as outage:
                if outage.code != PeersFault.BUSY or number == TRIES:
                    raise
                time.sleep(min(WAIT_SECONDS_MAX, max(1, int(outage.facts.get("seconds", 0)))))
        raise AssertionError("the last try answers or raises")

    return asked


def told(outcome: Reconciled) -> dict[str, Any]:
    """How two books compared, as JSON."""
    watched = outcome.watched
    return {
        "status": "reconciled",
        "partner": outcome.partner,
        "agreed": outcome.agreed,
        "complete": outcome.complete,
        "units_out": outcome.units_out,
        "units_in": outcome.units_in,
        "questions": outcome.questions,
        "differing": outcome.differing,
        "under_way": outcome.under_way,
        "opened": list(outcome.opened),
        "confirmed": list(outcome.confirmed),
        "open_cases": outcome.open_cases,
        "recovered": outcome.recovered,
        "log": {
            "shown": watched.shown,
            "cosigned": watched.cosigned,
            "seen": watched.seen,
            "refused": None if watched.refusal is None else str(watched.refusal.code),
        },
    }
