"""The daily reconciliation of a server: each partner with an address is asked once a day, and after a restore at once.

A partner that cannot be reached is tried again after an hour; none holds up another for longer than its own answer.
Source: ADR-0033.
"""

import logging
import threading
import time
from datetime import UTC, date, datetime
from typing import Any, Final

from counterfoil.application.command import SELF
from counterfoil.application.commands.recover import RECONCILED, RECOVERY
from counterfoil.application.driver import Driver
from counterfoil.application.ports import Clock, Outage
from counterfoil.domain.federation.link import PARTNER, LinkState, Partner
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.reconciler_at_hand import ReconcilerAtHand

PAUSE_SECONDS: Final = 60
AGAIN_SECONDS: Final = 3_600

_log = logging.getLogger("counterfoil.reconciliation")


class ReconcilingClerk:
    """A thread beside the event loop, until it is told to stop."""

    def __init__(self, folder: Folder, driver: Driver, reconciler: ReconcilerAtHand, clock: Clock) -> None:
        self._folder, self._driver, self._reconciler, self._clock = folder, driver, reconciler, clock
        self._tried: dict[str, float] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="counterfoil-reconciling", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self, *, seconds: float) -> None:
        """Ask it to stop and wait so long. A comparison that was cut off is made again by the next one."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def due(self, today: date) -> list[str]:
        """The partners with whom the books were not compared today, or not since a restore."""
        found: list[str] = []
        with open_for_reading(self._folder) as readable:
            row = readable.reading.record(RECOVERY, SELF)
            recovery: Any = {} if row is None else readable.codec.decode(row.value)
            waiting = frozenset(recovery.get("waiting", ()))
            for each in readable.reading.records(PARTNER):
                partner = from_json(Partner, readable.codec.decode(each.value))
                if not partner.address or partner.state is LinkState.PROPOSED:
                    continue
                last = readable.reading.record(RECONCILED, partner.party)
                on = "" if last is None else readable.codec.decode(last.value)["on"]
                if on != today.isoformat() or waiting & {partner.party}:
                    found.append(partner.party)
        return found

    def _run(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            try:
                self._round()
            except Outage as outage:
                _log.warning("reconciliation waits: %s", outage.code)
            except Exception:  # noqa: BLE001  a thread would end without a word
                _log.exception("reconciliation waits")

    def _round(self) -> None:
        now = time.monotonic()
        today = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC).date()
        for party in self.due(today):
            if self._stop.is_set() or now - self._tried.get(party, -AGAIN_SECONDS) < AGAIN_SECONDS:
                continue
            self._tried[party] = now
            try:
                outcome = self._reconciler.run(party)
            except Outage as outage:
                _log.warning("%s could not be reconciled with: %s", party, outage.code)
                continue
            if isinstance(outcome, Refusal):
                _log.warning("%s could not be reconciled with: %s", party, outcome.code)
            elif not outcome.agreed:
                _log.warning("%s: %d ranges differ, %d cases open", party, outcome.differing, outcome.open_cases)
