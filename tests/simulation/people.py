"""People at the target of a transfer: over some links they consent to what is proposed, or refuse it, when they look.

They have a chance of their own, so that runs without them stay as they are. Read before: `node.py`.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from counterfoil.application.command import Command
from counterfoil.application.commands.consent import ConsentToTransfer, RefuseTransfer
from counterfoil.application.commands.link import ChangeLink
from counterfoil.domain.kernel.ids import Party, TransferId
from tests.simulation.moments import HOUR, Moments
from tests.simulation.node import Node
from tests.simulation.telling import command_words, outcome_words
from tests.simulation.wire import Letter

BY_HAND_SHARE: Final = 0.5
LOOKS_MAX: Final = 6 * HOUR
DECIDES_SHARE: Final = 0.7

Done = Callable[[str, str, list[Letter]], None]
"""Told of each decision: of whom, in words, and what is sent of it."""


class People:
    """Those who decide, in all registries of a run."""

    def __init__(self, seed: int, nodes: Mapping[str, Node], moments: Moments, done: Done) -> None:
        self._chance = Random(f"people {seed}")
        self._nodes = nodes
        self._moments = moments
        self._done = done

    def begin(self, *, for_ms: int) -> None:
        """Over half of the links somebody decides, who looks at what waits now and then."""
        for party, node in self._nodes.items():
            for other in self._nodes:
                if party != other and self._chance.random() < BY_HAND_SHARE:
                    node.act(ChangeLink(party=Party(other), reason="a person decides", by_hand=True))
            self._look_later(party, self._moments.now_ms + for_ms)

    def decide(self, party: str) -> None:
        """Decide all that waits in a registry; what is refused to them waits on."""
        node = self._nodes[party]
        for key in node.waiting() if node.alive else ():
            command = self._decision(TransferId(key))
            outcome, letters = node.decide(command, key)
            self._done(party, f"{party} does {command_words(command)}: {outcome_words(outcome)}", letters)
            if not node.alive:
                break

    def _look_later(self, party: str, end_ms: int) -> None:
        wait = self._chance.randrange(LOOKS_MAX)
        if self._moments.now_ms + wait < end_ms:
            self._moments.after(wait, lambda: self._look(party, end_ms))

    def _look(self, party: str, end_ms: int) -> None:
        if self._chance.random() < DECIDES_SHARE:
            self.decide(party)
        self._look_later(party, end_ms)

    def _decision(self, transfer: TransferId) -> Command:
        if self._chance.randrange(4) == 0:
            return RefuseTransfer(transfer=transfer, reason="another volume was agreed")
        return ConsentToTransfer(transfer=transfer)
