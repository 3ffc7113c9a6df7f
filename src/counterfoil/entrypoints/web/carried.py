"""What waits here while somebody is at the operator's identity provider: where they wanted to go, and their form.

Browsers let no form of ours lead to another site, so nothing can travel there and back with them. It is kept in memory
for the minutes that a step of signing in may take, under a secret that only their cookie has, within bounds for each
address and for all. Nothing of it is done when they come back: they look at it first (`office/signing_in.py`).
"""

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from counterfoil.application.office.sign_in import STEP_MS

COOKIE: Final = "__Host-counterfoil-carried"
SECONDS: Final = STEP_MS // 1000
ITEMS_MAX: Final = 500
ITEMS_OF_ONE_MAX: Final = 8
"""Of one address: of more, its own oldest is forgotten, and nobody else's."""
CHARACTERS_MAX: Final = 16 * 1024 * 1024
WANTED_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class Luggage:
    """An address that was wanted, and the path and fields of a form that waits."""

    wanted: str = ""
    path: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def size(self) -> int:
        return len(self.wanted) + len(self.path) + sum(len(name) + len(value) for name, value in self.fields)


class Carried:
    """What one server keeps for those who are away."""

    def __init__(self) -> None:
        self._items: OrderedDict[str, tuple[float, str, Luggage]] = OrderedDict()
        self._guard = threading.Lock()

    def keep(self, luggage: Luggage, *, address: str) -> str:
        """Keep it; gives the secret that fetches it once."""
        secret = secrets.token_urlsafe(24)
        with self._guard:
            self._drop_old()
            own = [key for key, (_, of, _) in self._items.items() if of == address]
            for key in own[: max(0, len(own) - ITEMS_OF_ONE_MAX + 1)]:
                del self._items[key]
            self._items[secret] = (time.monotonic(), address, luggage)
            while len(self._items) > ITEMS_MAX or self._size() > CHARACTERS_MAX:
                self._items.popitem(last=False)
        return secret

    def take(self, secret: str) -> Luggage:
        """What was kept under a secret, once; nothing where it is unknown or too old."""
        with self._guard:
            self._drop_old()
            found = self._items.pop(secret, None)
        return Luggage() if found is None else found[2]

    def _size(self) -> int:
        return sum(luggage.size for _, _, luggage in self._items.values())

    def _drop_old(self) -> None:
        now = time.monotonic()
        while self._items and now - next(iter(self._items.values()))[0] > SECONDS:
            self._items.popitem(last=False)
