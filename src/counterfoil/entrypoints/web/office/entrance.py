"""Whether a visitor may enter a served demonstration as one of its people."""

from typing import Final

from counterfoil.entrypoints.demo.served import ServedDemo
from counterfoil.entrypoints.web.visit import Visit

_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "via")


def entrance(visit: Visit) -> ServedDemo | None:
    """The demonstration, where it is served with its people and the visitor sits at this machine; else None.

    The server asks already that the registry is a demonstration on loopback. Here it is asked too that the browser went
    to loopback by name, so that a foreign page whose name was bent to this machine gets nothing, and that no proxy
    stands between.
    """
    headers = visit.request.headers
    client = visit.request.client
    near = client is not None and client.host in _HERE and visit.request.url.hostname in _HERE
    return visit.ground.demonstration if near and not any(name in headers for name in _FORWARDED) else None
