"""One partner's thread: it delivers what its courier has, and follows the partner to its next key.

It is started when there is an address to call, and rests while the link does. Source: ADR-0035.
"""

import logging
import threading
import time
from typing import Final

from counterfoil.adapters.peers.http_peer import HttpPeer
from counterfoil.application.federation.courier import Courier
from counterfoil.application.federation.federation import BY
from counterfoil.application.federation.key_following import next_key
from counterfoil.application.federation.letter_book import Direction
from counterfoil.application.ports import Outage
from counterfoil.application.writer import Submission
from counterfoil.domain.federation.link import LinkState, Partner
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.links_at_hand import LinksAtHand

TICK_SECONDS: Final = 1.0
IDLE_SECONDS: Final = 2.0
"""How seldom a partner's thread looks for deliveries that nobody told it of, such as those that a person revived."""
KEYS_SECONDS: Final = 3_600
"""How often a partner's keys are looked up without a reason; with one, at most once in `_ASKED_SECONDS`."""
_ASKED_SECONDS: Final = 10
_CALLED: Final = frozenset({LinkState.LIVE, LinkState.TESTING})

_log = logging.getLogger("counterfoil.federation")


class Lane:
    """The thread of one partner, until it is told to stop."""

    def __init__(self, courier: Courier, links: LinksAtHand, stop: threading.Event) -> None:
        self.courier = courier
        self.wake = threading.Event()
        self.thread = threading.Thread(target=self._run, name=f"counterfoil-courier-{courier.partner}", daemon=True)
        self._links, self._stop = links, stop
        self._guard = threading.Lock()
        self._peer: HttpPeer | None = None
        self._beside: HttpPeer | None = None
        self._partner: Partner | None = None
        self._keys_ms = 0
        self._keys_wanted = False

    def linked(self, partner: Partner) -> None:
        """The link as it stands now."""
        with self._guard:
            before, self._partner = self._partner, partner
            if before is None or before.address != partner.address or before.state is not partner.state:
                self._cut()
                self._peer = self._beside = None
                if partner.address and partner.state in _CALLED:
                    way = self._links.settings.way
                    self._beside = HttpPeer(partner.address, way)
                    self._peer = HttpPeer(partner.address, way)
        if self._peer is not None and self.thread.ident is None:
            self.thread.start()
        self.wake.set()

    def look_at_keys(self) -> None:
        """A message named a key that is not known here."""
        self._keys_wanted = True
        self.wake.set()

    def stop(self) -> None:
        self.wake.set()
        self._cut()

    def _cut(self) -> None:
        """End what runs towards the partner."""
        for peer in (self._peer, self._beside):
            if peer is not None:
                peer.cut()

    def _run(self) -> None:
        while not self._stop.is_set():
            self.wake.wait(self._pause())
            self.wake.clear()
            try:
                self._work()
            except Outage as outage:
                _log.warning("courier to %s waits: %s", self.courier.partner, outage.code)
                self._stop.wait(TICK_SECONDS)
            except Exception:  # noqa: BLE001  a thread would end without a word
                _log.exception("courier to %s waits", self.courier.partner)
                self._stop.wait(TICK_SECONDS)

    def _work(self) -> None:
        peer = self._peer
        if peer is None:
            return
        self._follow_key(peer)
        before = self.courier.fault
        while not self._stop.is_set() and peer is self._peer:
            began = time.monotonic()
            if not self.courier.round(peer, self._beside):
                break
            self._links.meter(Direction.OUT.value, time.monotonic() - began)
        if self.courier.fault != before:
            _log.warning("courier to %s: %s", self.courier.partner, self.courier.fault or "answers again")

    def _pause(self) -> float:
        rests = (self.courier.circuit.until_ms - self._links.clock.now_ms()) / 1000
        # What failed is due again within a second or two: it must not wait for the next look at nothing.
        idle = TICK_SECONDS if self.courier.fault else IDLE_SECONDS
        return min(rests, idle) if rests > 0 else idle

    def _follow_key(self, peer: HttpPeer) -> None:
        """Look up the partner's keys when a message asked for it, or it was long ago, and follow a handover."""
        now = self._links.clock.now_ms()
        since = (now - self._keys_ms) / 1000
        partner = self._partner
        if partner is None or since < (_ASKED_SECONDS if self._keys_wanted else KEYS_SECONDS):
            return
        self._keys_wanted, self._keys_ms = False, now
        world = self._links.driver.writer.world
        command = next_key(partner, peer.discovery(), verify=world.verify, codec=world.codec)
        if isinstance(command, Refusal):
            _log.warning("keys of %s: %s", partner.party, command.code)
        elif command is not None:
            self._links.driver.do([Submission(command, BY)])
