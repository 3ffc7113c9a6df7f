"""What the law still takes for a liability: its share by type of units, with what stands behind it.

Source: requirements R-CMP-01 to R-CMP-03.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from counterfoil.application.queries.sight import Sight
from counterfoil.application.schemes import Room, rooms
from counterfoil.domain.compliance.liability import LIABILITY, Liability
from counterfoil.domain.compliance.surrender import SURRENDER
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.policy.law import Law

LOOKED_MAX: Final = 1_000
NAMES_MAX: Final = 1_000


def rooms_of(sight: Sight, name: str, law: Law | None) -> tuple[Room, ...]:
    """The room of a liability by type of units; nothing where it is unknown, or the law that it fell under is not here.

    Args:
        law: The law that the registry adopted, in the version that is in force for its acts.
    """
    value = sight.record(LIABILITY, name)
    if value is None or law is None or law.pack != value["pack"]:
        return ()
    return tuple(rooms(law, from_json(Liability, value)))


def owed_by(sight: Sight, account: str) -> Iterator[Liability]:
    """The liabilities that units of an account may cover; the look is bounded."""
    for _, value in islice(sight.records(LIABILITY, limit=LOOKED_MAX), LOOKED_MAX):
        if value["account"] == account:
            yield from_json(Liability, value)


def free_name(sight: Sight, liability: str) -> str:
    """The first `<liability>-S<number>` that no declaration has; empty where all are taken."""
    names = (f"{liability}-S{number}" for number in range(1, NAMES_MAX))
    return next((name for name in names if sight.record(SURRENDER, name) is None), "")
