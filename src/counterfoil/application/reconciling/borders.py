"""What crossed the borders with partners, folded from the journal and kept: a second look reads what is new only.

It is a fold like the books, and may be thrown away. Entries that cross no border cost a search in their bytes.
Read before: `domain/federation/crossing.py`. Source: ADR-0033.
"""

from collections.abc import Sequence
from threading import Lock

from counterfoil.application.ports import Codec, Reading
from counterfoil.domain.federation.crossing import Crossing, crossings_in, latest
from counterfoil.domain.federation.reconciliation import Statement

_MARKS = (b'"to:', b'"from:')
_NOTHING = Statement({})


class Borders:
    """All borders of one registry. Any thread may ask; one at a time reads."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._size = 0
        self._crossings: dict[str, dict[str, list[Crossing]]] = {}
        self._statements: dict[str, Statement] = {}
        self._lock = Lock()

    def statement(self, reading: Reading, partner: str) -> Statement:
        """What this book says of its border with a partner, as of a reading or later."""
        with self._lock:
            self._read(reading)
            said = self._statements.get(partner)
            if said is None:
                known = self._crossings.get(partner)
                if known is None:
                    return _NOTHING
                said = self._statements[partner] = Statement(dict(sorted(known.items())))
            return said

    def _read(self, reading: Reading) -> None:
        checkpoint = reading.last_checkpoint()
        size = 0 if checkpoint is None else checkpoint.size
        if size <= self._size:
            return
        found: dict[tuple[str, str], list[Crossing]] = {}
        for row in reading.journal(self._size, size - 1):
            if not any(mark in row.leaf for mark in _MARKS):
                continue
            for partner, of, crossing in crossings_in(self._codec.decode_unchecked(row.leaf)):
                found.setdefault((partner, of), []).append(crossing)
        for (partner, of), rows in found.items():
            classes = self._crossings.setdefault(partner, {})
            classes[of] = latest([*classes.get(of, ()), *rows])
            self._statements.pop(partner, None)
        self._size = size


def crossings_of(said: Statement, of: str) -> Sequence[Crossing]:
    """The last crossings of a class, in order."""
    return said.crossings.get(of, ())
