"""The links of a running registry, wired together: its own side, the letter book and the buckets against floods.

The letter book's file is made when the first partner is linked or the first message comes; a registry without
partners has none.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from counterfoil.adapters.chance import SystemChance
from counterfoil.adapters.peers.links_file import FILE, LinksFile
from counterfoil.application.driver import Driver
from counterfoil.application.federation.courier import Courier, Tools
from counterfoil.application.federation.flood import Flood
from counterfoil.application.ports import Chance
from counterfoil.entrypoints.link_settings import LinkSettings, read_link_settings
from counterfoil.entrypoints.own_side import WriterSide


class LinksAtHand:
    """One folder's links. Close it at the end."""

    def __init__(self, directory: Path, driver: Driver) -> None:
        """Read the settings.

        Raises:
            Outage: `links.settings_unreadable`.
        """
        self.directory = directory
        self.driver = driver
        self.settings: LinkSettings = read_link_settings(directory)
        self.side = WriterSide(driver)
        self.clock = driver.writer.world.clock
        self.flood = Flood(rate=self.settings.rate, burst=self.settings.burst)
        self.key_unknown: Callable[[str], None] = lambda _: None
        """Told the Party whose message names a key that is not known here."""
        self.couriers: dict[str, Courier] = {}
        """The couriers at work, by partner."""
        self.meter: Callable[[str, float], None] = lambda *_: None
        """Told the direction and the seconds of each bundle, while somebody measures."""
        self._chance: Chance = SystemChance()
        self._guard = threading.Lock()
        self._book: LinksFile | None = None

    def book(self) -> LinksFile:
        """The letter book.

        Raises:
            Outage: its file cannot be used.
        """
        with self._guard:
            if self._book is None:
                self._book = LinksFile(self.directory / FILE)
            return self._book

    def tools(self) -> Tools:
        """What the couriers work with."""
        return Tools(self.side, self.book(), self.clock, self.pick)

    def pick(self, below: int) -> int:
        return int.from_bytes(self._chance.salt()[:8], "big") % below

    def close(self) -> None:
        with self._guard:
            if self._book is not None:
                self._book.close()
                self._book = None
