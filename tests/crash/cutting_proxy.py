"""A wire between a registry and its database that breaks where the test wants it: at the COMMIT, on either side of it.

It listens on loopback, passes bytes on both ways, and when it is armed, watches for the message that says COMMIT.
"""

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_COMMIT = b"COMMIT\x00"
_PIECE = 65_536


class Cut(StrEnum):
    """Where the wire breaks."""

    BEFORE = "the COMMIT does not arrive"
    AFTER = "the answer to the COMMIT does not arrive"
    AT_ONCE = "the wire breaks as soon as the COMMIT has left"


class CuttingProxy:
    """Arm it with `cut`; it breaks one connection, once, and lets everything else through."""

    def __init__(self, conninfo: str) -> None:
        asked = conninfo_to_dict(conninfo)
        self._aim = str(Path(str(asked["host"])) / f".s.PGSQL.{asked.get('port', 5432)}")
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.conninfo = make_conninfo(conninfo, host="127.0.0.1", port=port, sslmode="disable", gssencmode="disable")
        self.cut: Cut | None = None
        self.cuts = 0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._pass_on, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, selectors.DefaultSelector() as waiting:
            server.connect(self._aim)
            for one, other in ((client, server), (server, client)):
                waiting.register(one, selectors.EVENT_READ, other)
            with contextlib.suppress(OSError):
                while not self._ended.is_set():
                    for key, _ in waiting.select(0.05):
                        assert isinstance(key.fileobj, socket.socket)
                        data = key.fileobj.recv(_PIECE)
                        if not data or (key.fileobj is client and self._breaks(data, server)):
                            return
                        key.data.sendall(data)

    def _breaks(self, data: bytes, server: socket.socket) -> bool:
        """Whether the connection ends with these bytes of the client."""
        if self.cut is None or _COMMIT not in data:
            return False
        cut, self.cut = self.cut, None
        self.cuts += 1
        if cut is not Cut.BEFORE:
            server.sendall(data)
        if cut is Cut.AFTER:
            server.recv(_PIECE)  # it is committed; nobody hears of it
        return True


@contextlib.contextmanager
def cutting_proxy(conninfo: str) -> Iterator[CuttingProxy]:
    proxy = CuttingProxy(conninfo)
    try:
        yield proxy
    finally:
        proxy.close()
