"""Bodies that are being read: bounded in number, for each address, in bytes together, and in time.

Reading takes as long as the sender likes. So it takes no place from what is in hand: many slow strangers fill this
waiting room, and those who have sent their whole bundle pass them by.
"""

import asyncio
from collections import Counter
from typing import Final

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.exchange import Gone, Receive, Scope
from counterfoil.entrypoints.http.fault import HttpFault

READING_MAX: Final = 1_024
OF_ONE_MAX: Final = 16
"""Bodies that one address may be sending at once."""
WHOLE_SECONDS: Final = 60
"""For a whole body, whatever its size: 4 MiB at 70 KiB a second."""
BYTES_MAX: Final = 256 * 1024 * 1024
"""Bytes that all unfinished bodies may hold together. Half of it is kept for addresses that hold none yet."""


class Intake:
    """The waiting room of one server; used by its event loop alone."""

    def __init__(self) -> None:
        self.reading: Counter[str] = Counter()
        self._bytes = 0

    async def read(self, scope: Scope, receive: Receive, *, bytes_max: int) -> bytes | Refusal:
        """The whole body.

        Raises:
            Gone: the connection was closed before the end.
            Outage: there is no room now, or the body took too long.
        """
        address, waiting = str((scope.get("client") or ("",))[0]), self.reading.total()
        if waiting >= READING_MAX or self.reading[address] >= OF_ONE_MAX:
            raise Outage(HttpFault.BUSY, {"waiting": waiting}, retry=True)
        self.reading[address] += 1
        held = [0]
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                return await self._parts(receive, held, bytes_max, first=self.reading[address] == 1)
        except TimeoutError:
            raise Outage(HttpFault.TOO_SLOW, {"seconds": WHOLE_SECONDS}, retry=True) from None
        finally:
            self._bytes -= held[0]
            self.reading[address] -= 1
            self.reading += Counter()  # forgets the addresses that have none

    async def _parts(self, receive: Receive, held: list[int], bytes_max: int, *, first: bool) -> bytes | Refusal:
        parts: list[bytes] = []
        room = BYTES_MAX if first else BYTES_MAX // 2
        while (message := await receive())["type"] == "http.request":
            parts.append(message["body"])
            held[0] += len(message["body"])
            self._bytes += len(message["body"])
            if held[0] > bytes_max:
                return Refusal(HttpFault.BODY_TOO_LARGE, {"bytes_max": bytes_max})
            if not message.get("more_body"):
                return b"".join(parts)
            if self._bytes > room:
                raise Outage(HttpFault.BUSY, {"waiting": self.reading.total()}, retry=True)
        raise Gone
