"""What waits in the books for somebody's work: reports for a verifier, requests for an issuance, findings, transfers.

The records are read once; then what each entry sets is followed, so that a desk that asks how much waits asks nothing
of the store. Read before: `application/queries/standings.py`. Source: requirement R-GOV-02.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.commands.waiting import WAITING
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.mrv.issuance_request import ISSUANCE_REQUEST, RequestState
from counterfoil.domain.mrv.verification import MONITORING, VERIFICATION
from counterfoil.domain.reporting.review import FINDING, ReviewState

ENTRIES_MAX: Final = 50_000
"""Beyond so many new entries the records are read anew."""
_KINDS: Final = (MONITORING, VERIFICATION, ISSUANCE_REQUEST, FINDING, WAITING)


class Work(StrEnum):
    """What is asked for. The names stand in the keys of texts."""

    VERIFY = "verify"
    ISSUE = "issue"
    ANSWER = "answer"
    CLOSE = "close"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that waits: its key, what it is about, and the entry that made it wait."""

    key: str
    about: str
    seq: int


class WorkWaiting:
    """What waits in one registry. One thread at a time uses it."""

    def __init__(self) -> None:
        self._size = 0
        self._begin()

    def _begin(self) -> None:
        self._waiting: dict[Work, dict[str, Awaited]] = {work: {} for work in Work}
        self._verified: set[str] = set()

    def refresh(self, sight: Sight) -> None:
        """Take in what was committed since the last time."""
        last = sight.reading.last_checkpoint()
        size = 0 if last is None else last.size
        if size <= self._size:
            return  # nothing new, or a look that is older than the last one
        if self._size == 0 or size - self._size > ENTRIES_MAX:
            self._begin()
            for kind in _KINDS:
                for row in sight.reading.records(kind):
                    self._set(kind, row.key, sight.codec.decode(row.value), row.seq)
        else:
            for entry in sight.reading.journal(self._size, size - 1):
                for kind, key, value in sight.codec.decode_unchecked(entry.leaf).get("records", ()):
                    if kind in _KINDS:
                        self._set(kind, key, value, entry.seq)
        self._size = size

    def of(self, work: Work) -> list[Awaited]:
        """What waits for that work, the oldest first."""
        return sorted(self._waiting[work].values(), key=lambda each: (each.seq, each.key))

    def count(self, work: Work) -> int:
        return len(self._waiting[work])

    def _set(self, kind: str, key: str, value: Any, seq: int) -> None:
        if kind == MONITORING and key not in self._verified:
            self._waiting[Work.VERIFY][key] = Awaited(key, value["activity"], seq)
        elif kind == VERIFICATION:
            self._verified.add(value["monitoring"])
            self._waiting[Work.VERIFY].pop(value["monitoring"], None)
        elif kind == ISSUANCE_REQUEST:
            self._asked(key, value, seq)
        elif kind == FINDING:
            self._found(key, value, seq)
        elif kind == WAITING:
            self._offered(key, value or (), seq)

    def _asked(self, key: str, value: Mapping[str, Any], seq: int) -> None:
        if value.get("state", RequestState.OPEN) == RequestState.OPEN:
            self._waiting[Work.ISSUE][key] = Awaited(key, value["activity"], seq)
        else:
            self._waiting[Work.ISSUE].pop(key, None)

    def _found(self, key: str, value: Mapping[str, Any], seq: int) -> None:
        for work in (Work.ANSWER, Work.CLOSE):
            self._waiting[work].pop(key, None)
        state = value.get("state", ReviewState.OPEN)
        if state != ReviewState.CLOSED:
            work = Work.ANSWER if state == ReviewState.OPEN else Work.CLOSE
            self._waiting[work][key] = Awaited(key, value["report"], seq)

    def _offered(self, party: str, names: Iterable[str], seq: int) -> None:
        known = self._waiting[Work.CONSENT]
        still = {name: known.get(name, Awaited(name, party, seq)) for name in names}
        for name in [name for name, each in known.items() if each.about == party and name not in still]:
            del known[name]
        known.update(still)
