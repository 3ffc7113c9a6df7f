"""The reporting platform as the application sees it: packages go out, answers come in.

Today both are files (`adapters/carp/folder.py`); an interface of the platform is one more adapter behind this port.
Everything may be repeated: a package that lies there is not sent again, an answer is recorded by its own number.

Source: 4/CMA.6 paras. 23, 32; 6/CMA.4 annex I para. 27 (the centralized accounting and reporting platform).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class CarpFault(StrEnum):
    OTHER_PACKAGE = "carp.other_package"
    TOO_MUCH = "carp.too_much"


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came from the platform: its name and its bytes."""

    name: str
    data: bytes


class Carp(Protocol):
    """A way to the platform and back."""

    def deliver(self, name: str, data: bytes) -> None:
        """Hand in a package under a name; the same bytes again are the same package.

        Raises:
            Outage: another package has this name, or it cannot be handed in.
        """
        ...

    def received(self) -> Iterator[Received]:
        """Everything that came, in the order of the names, also what was read before.

        Raises:
            Outage: it cannot be read, or is more than is reasonable.
        """
        ...
