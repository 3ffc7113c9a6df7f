"""Play a network: the acts before, then every move, and what came of each once nothing is in flight any more.

A registry that a move wants to stand still is stopped by a signal, and goes on in any case: a partner that is down.
"""

import base64
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.domain.kernel.instant import utc_text
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.network.console import console
from counterfoil.entrypoints.network.forging import sent_forged
from counterfoil.entrypoints.network.kept import Network, read_network, tell
from counterfoil.entrypoints.network.plan import NetworkFault
from counterfoil.entrypoints.network.script import Ending, Move, Plays, plays
from counterfoil.entrypoints.network.stage import ENDED_SECONDS, PAUSE_S, NetworkStage
from counterfoil.entrypoints.network.status import Status, status_of
from counterfoil.entrypoints.scenarios.script import ScriptUnreadable

_MS: Final = 1_000

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """A move, how it ended, and with which code where it was refused."""

    move: Move
    transfer: str
    ending: Ending
    code: str
    seconds: float
    added: int | None = None
    """What the host's own book has added, where the host is neither source nor target."""

    @property
    def right(self) -> bool:
        asked = self.move.step.fields["parts"][0]["quantity"] if self.added is not None else None
        return self.ending is self.move.expect and self.code == self.move.code and self.added == asked

    def json(self) -> dict[str, Any]:
        move = self.move
        return {
            "transfer": self.transfer,
            "source": move.source,
            "target": move.target,
            "words": dict(move.step.words),
            "expected": move.expect.value,
            "ending": self.ending.value,
            "code": self.code,
            "seconds": round(self.seconds, 3),
            "right": self.right,
            **({} if self.added is None else {"host": move.host, "added": self.added}),
        }


@dataclass(frozen=True, slots=True)
class Played:
    """All moves of a play, and how the network stands after it."""

    results: tuple[Result, ...]
    status: Status

    @property
    def right(self) -> bool:
        return all(result.right for result in self.results) and not self.status.inconsistencies

    def json(self) -> dict[str, Any]:
        """How many moves of this play ended how, then the network as `network status` tells it."""
        counts = {ending.value: sum(each.ending is ending for each in self.results) for ending in Ending}
        moves = [result.json() for result in self.results]
        return {"right": self.right, "played": counts, "moves": moves, **self.status.json()}


@dataclass(slots=True)
class _Tried:
    """A move under way, or what its own registry said of it at once."""

    move: Move
    transfer: str
    begun: float
    ending: Ending = Ending.IN_FLIGHT
    code: str = ""
    seconds: float = 0.0


@dataclass(slots=True)
class _Play:
    """One play of a network, with an id of its own that stands in its transfers."""

    stage: NetworkStage
    run: str
    progress: Progress
    tried: list[_Tried] = field(default_factory=list)


def play(path: Path, *, progress: Progress = lambda done, of, title: None) -> Played | Refusal:
    """Play everything that the registries of a running network can play with each other.

    Refused: no network, one of its registries does not run, nothing that these registries could play, or an act before
    the transfers that its registry refused.

    Raises:
        Outage: a registry does not answer.
    """
    network = read_network(path)
    if isinstance(network, Refusal):
        return network
    for party in network.parties:
        own = console(network, party)
        if isinstance(own, Refusal):
            return own
    now_ms = SystemClock().now_ms()
    script = plays(date.fromisoformat(utc_text(now_ms)[:10])).among(network.parties)
    if not script.moves:
        return Refusal(NetworkFault.NOTHING_TO_PLAY, {"parties": ", ".join(network.parties)})
    now = _Play(NetworkStage(network), f"play-{now_ms}", progress)
    refusal = _prepared(now, script)
    if refusal is not None:
        return refusal
    for paused in dict.fromkeys(move.paused for move in sorted(script.moves, key=lambda move: bool(move.paused))):
        with _standing_still(network, paused):
            together = [_begun(now, move) for move in script.moves if move.paused == paused]
            _waited(now, together)
            now.tried += together
    results = tuple(_result(now, each) for each in sorted(now.tried, key=lambda each: each.move.number))
    return Played(results, status_of(network))


def _prepared(play: _Play, script: Plays) -> Refusal | None:
    """The acts before the transfers, each once: those that a journal has already are not done again."""
    identities: dict[str, list[str]] = {}
    for step in script.steps:
        identities.setdefault(step.registry, []).append(f"play:{step.number}")
    done = {party: play.stage.done(party, known) for party, known in identities.items()}
    for at, before in enumerate(script.before):
        step = before.step
        play.progress(at, len(script.steps), step.words["en"])
        identity = f"play:{step.number}"
        if identity in done[step.registry]:
            continue
        answer = play.stage.act(step, identity=identity)
        if answer["status"] != "accepted":
            return Refusal(NetworkFault.ACT_REFUSED, {"party": step.registry, "act": step.do, "code": answer["code"]})
        if before.told:
            play.stage.told(step.registry)
    return None


def _begun(play: _Play, move: Move) -> _Tried:
    """Propose it. What its own registry refuses, or what is forged, has ended by that."""
    tried = _Tried(move, f"{play.run}-{move.number}", time.monotonic())
    play.progress(len(play.tried), 0, move.step.words["en"])
    if move.expect is Ending.FORGED:
        return _forged(play, tried)
    more: dict[str, Any] = {"transfer": tried.transfer}
    if move.expires_in_s:
        more["expires_at"] = utc_text(SystemClock().now_ms() + move.expires_in_s * _MS)
    try:
        answer = play.stage.act(move.step, **more)
    except ScriptUnreadable:
        answer = {"status": "refused", "code": NetworkFault.NOTHING_LEFT.value}
    if answer["status"] != "accepted":
        tried.ending, tried.code = Ending.NOT_BEGUN, str(answer["code"])
    return tried


def _forged(play: _Play, tried: _Tried) -> _Tried:
    network, move = play.stage.network, tried.move
    sight = play.stage.sight(move.source)
    try:
        key = base64.b64decode(sight.registry.public_key)
    finally:
        sight.reading.close()
    address = next(each.address for each in network.registries if each.party == move.target)
    told = sent_forged(address, transfer=tried.transfer, sender=move.source, recipient=move.target, public_key=key)
    # A proposal that is believed leaves its trace in the recipient's book: then it is no longer a forged one.
    believed = play.stage.transfer(move.target, tried.transfer) is not None
    tried.ending, tried.code = Ending.FINAL if believed else Ending.FORGED, told.code
    return tried


def _waited(play: _Play, together: Sequence[_Tried]) -> None:
    """Until every one has ended in both books, or for as long as anybody would wait."""
    end_at = time.monotonic() + ENDED_SECONDS
    while True:
        for each in together:
            if each.ending is Ending.IN_FLIGHT:
                each.ending, each.code = play.stage.ending(each.move.source, each.move.target, each.transfer)
                each.seconds = time.monotonic() - each.begun
        if all(each.ending is not Ending.IN_FLIGHT for each in together) or time.monotonic() > end_at:
            return
        time.sleep(PAUSE_S)


def _result(play: _Play, tried: _Tried) -> Result:
    """How a move ended; of one whose host is a third Party, with what its book added once it was told."""
    move, added = tried.move, None
    if move.host and tried.ending is Ending.FINAL:
        play.stage.told(move.source)
        added = play.stage.added(move.host, move.source, tried.transfer)
    return Result(move, tried.transfer, tried.ending, tried.code, tried.seconds, added)


@contextmanager
def _standing_still(network: Network, party: str) -> Iterator[None]:
    """A registry that answers nobody for as long as the block runs; none where no Party is named."""
    if party:
        tell(network, party, signal.SIGSTOP)
    try:
        yield
    finally:
        if party:
            tell(network, party, signal.SIGCONT)
