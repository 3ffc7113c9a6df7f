"""Letters of authorization as they stood at any moment: which entries set them, read from those entries when asked.

One thread at a time uses it. Source: 4/CMA.6 para. 7 (versions of an authorization).
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from counterfoil.application.commands.authorize import AUTHORIZATION_VERSION, version_key
from counterfoil.application.commands.foreign import FOREIGN_AUTHORIZATION
from counterfoil.application.queries.event_sums import Moment
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD
from counterfoil.domain.ledger.books import Books

LETTERS: Final = frozenset({AUTHORIZATION_RECORD, AUTHORIZATION_VERSION, FOREIGN_AUTHORIZATION})
VALUES_MAX: Final = 4_096
"""Versions that are kept as they were read."""


class LetterHistory:
    """The letters of one registry, its own and the copies that came with foreign units."""

    def __init__(self) -> None:
        self._set: dict[tuple[str, str], list[tuple[int, int]]] = {}
        """The entries that set a letter, with their legal days as ordinals."""
        self._values: dict[tuple[str, str, int], Any] = {}
        self._read: dict[tuple[str, str], tuple[Any, Any]] = {}

    def note(self, leaf: Mapping[str, Any], day: int) -> None:
        """Remember which letters an entry set."""
        for kind, key, _ in leaf.get("records", ()):
            if kind in LETTERS:
                known = self._set.setdefault((kind, key), [])
                if not known or known[-1][0] != leaf["seq"]:
                    known.append((leaf["seq"], day))

    def at(self, sight: Sight, moment: Moment, own: Collection[str], *, foreign: Collection[str] = ()) -> Books:
        """Books that hold nothing but these letters: own ones by id with their versions, foreign ones by their key."""
        books = Books()
        # What was read of a version is read once: a record is told by its identity, and values are kept.
        books.read = self._read
        for key in foreign:
            self._put(sight, books, FOREIGN_AUTHORIZATION, key, moment)
        for name in own:
            latest = self._put(sight, books, AUTHORIZATION_RECORD, name, moment)
            for number in range(1, 0 if latest is None else latest["version"]):
                self._put(sight, books, AUTHORIZATION_VERSION, version_key(name, number), moment)
        books.commit()
        return books

    def _put(self, sight: Sight, books: Books, kind: str, key: str, moment: Moment) -> Any:
        known = self._set.get((kind, key), ())
        seen = (seq for seq, day in known if day <= moment.day and seq < moment.size and seq not in moment.without)
        seq = max(seen, default=None)
        value = None if seq is None else self._value(sight, kind, key, seq)
        if value is not None:
            books.records[(kind, key)] = value
        return value

    def _value(self, sight: Sight, kind: str, key: str, seq: int) -> Any:
        """What entry `seq` set a letter to."""
        found = self._values.get((kind, key, seq))
        if found is None:
            row = sight.reading.row(seq)
            assert row is not None, "the entry was read before"
            records = sight.codec.decode_unchecked(row.leaf).get("records", ())
            found = next(value for of, name, value in reversed(records) if (of, name) == (kind, key))
            if len(self._values) >= VALUES_MAX:
                self._values.clear()
            self._values[(kind, key, seq)] = found
        return found
