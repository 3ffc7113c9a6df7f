"""Registries in one process, joined by a queue: for the demonstration and for tests.

Messages wait until `deliver` is called, so that a test may lose, repeat or reorder them. Answers are messages too.
"""

from collections import deque
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from counterfoil.application.federation.federation import Received
from counterfoil.application.ports import Outage
from counterfoil.domain.federation.message import Envelope

WAITING_MAX: Final = 100_000


class PeersFault(StrEnum):
    QUEUE_FULL = "peers.queue_full"


Receive = Callable[[Envelope], Received]


class InProcessNetwork:
    """A queue of envelopes, each with the Party that it is for."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[str, Envelope]] = deque()
        self._receivers: dict[str, Receive] = {}

    def join(self, party: str, receive: Receive) -> None:
        self._receivers[party] = receive

    def send(self, party: str, envelope: Envelope) -> None:
        """Put a message into the queue.

        Raises:
            Outage: `peers.queue_full` when too many messages wait.
        """
        if len(self.waiting) >= WAITING_MAX:
            raise Outage(PeersFault.QUEUE_FULL, {"waiting": len(self.waiting)}, retry=True)
        self.waiting.append((party, envelope))

    def step(self) -> object:
        """Deliver the message that waits longest, queue its answers, and return what became of it."""
        party, envelope = self.waiting.popleft()
        received = self._receivers[party](envelope)
        for answer in received.answers:
            self.send(received.sender, answer)
        return received.outcome

    def deliver(self) -> list[object]:
        """Deliver until nothing waits, and return what became of each message."""
        outcomes: list[object] = []
        while self.waiting:
            outcomes.append(self.step())
        return outcomes
