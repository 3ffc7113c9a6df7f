"""Find and list activities by words and fields: an index in memory, folded from the records and kept up to date.

Ten thousand activities are a few megabytes of text; walking them costs about a millisecond, so there is nothing to
build beside the list itself. What changed since the last time is read from the journal, entry by entry.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NamedTuple

from counterfoil.application.queries.activity_life import FILTERS, state_of
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY, ActivityKind
from counterfoil.domain.activities.life import LIFE
from counterfoil.domain.ledger.entry import from_leaf
from counterfoil.domain.policy.stages import Stage

LIMIT_MAX: Final = 1_000
WORDS_MAX: Final = 16
ENTRIES_MAX: Final = 20_000
"""Beyond so many new entries the records are read anew."""
_REGISTERED: Final = Stage.REGISTERED.value
_PROJECT: Final = ActivityKind.PROJECT.value
SEARCHED: Final = ("id", "title", "methodology", "standard", "sector", "activity_type")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: all words, in any order and case, anywhere in the texts; sector and host exactly."""

    text: str = ""
    sector: str = ""
    host: str = ""
    stage: str = ""
    after: str = ""
    limit: int = 100


class _Row(NamedTuple):
    """One activity as it is searched. Before lives were kept, an activity was registered."""

    key: str
    folded: str
    sector: str
    host: str
    kind: str
    stage: str
    state: str
    due: str | None
    activity: Mapping[str, Any]


class ActivityCounts(NamedTuple):
    """How many activities there are, and of each host, sector and stage."""

    all: int
    hosts: Mapping[str, int]
    sectors: Mapping[str, int]
    stages: Mapping[str, int]


class ActivityIndex:
    """The activities of one registry. One thread at a time uses it."""

    def __init__(self) -> None:
        self._known: dict[str, _Row] = {}
        self._rows: list[_Row] = []
        self._keys: list[str] = []
        self._size = 0
        self._counts: ActivityCounts | None = None

    def __len__(self) -> int:
        return len(self._known)

    def counted(self) -> ActivityCounts:
        """The counts, made again only after something changed."""
        if self._counts is None:
            names = ([getattr(row, name) for row in self._rows] for name in ("host", "sector", "stage"))
            self._counts = ActivityCounts(len(self._rows), *(dict(sorted(Counter(each).items())) for each in names))
        return self._counts

    def refresh(self, sight: Sight) -> None:
        """Take in what was committed since the last time."""
        last = sight.reading.last_checkpoint()
        size = 0 if last is None else last.size
        if size <= self._size:
            return  # nothing new, or a look that is older than the last one
        if self._size == 0 or size - self._size > ENTRIES_MAX:
            self._put(sight.records(ACTIVITY), sight.records(LIFE))
        else:
            rows = sight.reading.journal(self._size, size)
            records = [one for row in rows for one in from_leaf(sight.codec.decode(row.leaf)).entry.records]
            kinds = ((kind, [(one.key, one.value) for one in records if one.kind == kind]) for kind in (ACTIVITY, LIFE))
            changed = dict(kinds)
            self._put(changed[ACTIVITY], changed[LIFE])
        self._size = size

    def _put(self, activities: Iterable[tuple[str, Any]], lives: Iterable[tuple[str, Any]]) -> None:
        changed = False
        for key, value in activities:
            earlier = self._known.get(key)
            folded = "\n".join(str(value.get(name) or "") for name in SEARCHED).casefold()
            stood = (_REGISTERED, _REGISTERED, None) if earlier is None else (earlier.stage, earlier.state, earlier.due)
            kind = value.get("kind") or _PROJECT
            self._known[key] = _Row(key, folded, value["sector"], value["host"], kind, *stood, value)
            changed = True
        for key, value in lives:
            if key in self._known:
                row = self._known[key]
                self._known[key] = row._replace(stage=value["stage"], state=state_of(value), due=value["due"])
                changed = True
        if changed:
            self._counts = None
            self._keys = sorted(self._known)
            self._rows = [self._known[key] for key in self._keys]

    def listed(self, filters: Mapping[str, str], *, after: str = "", limit: int = 100) -> dict[str, Any]:
        """What `activity_life.activities` tells without a day. A page begins at its key, so all cost the same.

        Args:
            filters: Any of `state`, `sector`, `host`, `kind`; an empty word asks for nothing.
        """
        size = max(1, min(limit, LIMIT_MAX))
        state, sector, host, kind = (filters.get(name, "") for name in FILTERS)
        page: list[_Row] = []
        for row in islice(self._rows, bisect_right(self._keys, after) if after else 0, None):
            if (
                (not sector or row.sector == sector)
                and (not host or row.host == host)
                and (not kind or row.kind == kind)
                and (not state or state in (row.state, row.stage))
            ):
                page.append(row)
                if len(page) > size:
                    break
        shown = page[:size]
        items = [
            {"key": row.key, **row.activity, "state": row.state, "stage": row.stage, "due": row.due} for row in shown
        ]
        return {"items": items, "next": shown[-1].key if len(page) > size else None}

    def search(self, asked: Asked) -> dict[str, Any]:
        """A page of what fits, in the order of names; `next` is the name after which to go on, `found` counts all."""
        fitting = self._fitting(asked)
        following = [row for row in fitting if row.key > asked.after] if asked.after else fitting
        size = max(1, min(asked.limit, LIMIT_MAX))
        page = following[:size]
        items = [{"key": row.key, **row.activity, "stage": row.stage} for row in page]
        return {"items": items, "found": len(fitting), "next": page[-1].key if len(following) > size else None}

    def _fitting(self, asked: Asked) -> list[_Row]:
        """One pass for each thing that is asked: a pass is a tenth of the cost of asking all of each row."""
        rows = self._rows
        if asked.stage:
            rows = [row for row in rows if row.stage == asked.stage]
        if asked.host:
            rows = [row for row in rows if row.host == asked.host]
        if asked.sector:
            rows = [row for row in rows if row.sector == asked.sector]
        for word in asked.text.casefold().split()[:WORDS_MAX]:
            rows = [row for row in rows if word in row.folded]
        return rows
