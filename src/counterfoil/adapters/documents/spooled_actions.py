"""Actions on disk: a year's rows between the fold of the journal and the writing of the report."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import islice
from operator import attrgetter
from typing import Any, overload

from counterfoil.adapters.documents.spooled_rows import Spool, SpooledRows, packed
from counterfoil.domain.reporting.aef_rows import ActionRow


class SpooledActions(Sequence[ActionRow]):
    """Rows that are written once, as they come, and read back a batch at a time. They are gone with this object."""

    def __init__(self, rows: SpooledRows, count: int) -> None:
        self._rows = rows
        self._count = count

    @classmethod
    def gathered(cls, actions: Iterator[ActionRow]) -> "SpooledActions":
        """Take all actions."""
        count = 0

        def values() -> Iterator[Sequence[Any]]:
            nonlocal count
            of = attrgetter(*_NAMES)
            for action in actions:
                count += 1
                yield [packed(value) for value in of(action)]

        return cls(Spool().rows(values()), count)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[ActionRow]:
        for values in self._rows:
            yield ActionRow(**dict(zip(_NAMES, values, strict=True)))  # type: ignore[arg-type]

    @overload
    def __getitem__(self, place: int) -> ActionRow: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[ActionRow]: ...

    def __getitem__(self, place: int | slice) -> ActionRow | Sequence[ActionRow]:
        """Some rows; all those before them are read too."""
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(self._count))]
        at = range(self._count)[place]
        return next(islice(iter(self), at, None))


_NAMES = tuple(spec.name for spec in fields(ActionRow))
