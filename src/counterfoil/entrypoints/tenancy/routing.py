"""Which section a request is for: by the host that it names, or by the first two parts of its path.

A host name that belongs to a section leads there whatever the path is. Otherwise `/s/THA/...` leads to the section of
that Party, as `/...`. The path's own bytes are compared and handed on: nothing is decoded, and nothing made shorter.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from counterfoil.entrypoints.tenancy.standing import SectionStanding, Standing

PREFIX: Final = b"/s/"
_PATH: Final = re.compile(rb"/s/([A-Z]{3})(/[^?#]*)?\Z")
_PORT: Final = re.compile(r":[0-9]{1,5}\Z")


@dataclass(frozen=True, slots=True)
class Way:
    """A section, the path within it, and what stood before that path: nothing where the host decided."""

    section: SectionStanding
    path: bytes
    prefix: bytes


class Routes:
    """The routes of one standing."""

    __slots__ = ("_hosts", "_parties")

    def __init__(self, standing: Standing) -> None:
        self._parties: Mapping[str, SectionStanding] = {each.party: each for each in standing.sections}
        self._hosts = {host: each for each in standing.sections for host in each.hosts}

    def way(self, host: bytes, path: bytes) -> Way | None:
        """The way of a request; None where no section is meant."""
        by_host = self._hosts.get(_PORT.sub("", host.decode("latin-1").lower()).rstrip("."))
        if by_host is not None:
            return Way(by_host, path, b"")
        found = _PATH.match(path)
        section = None if found is None else self._parties.get(found[1].decode())
        if found is None or section is None:
            return None
        return Way(section, found[2] or b"/", PREFIX + found[1])

    def all(self) -> Iterable[SectionStanding]:
        return self._parties.values()
