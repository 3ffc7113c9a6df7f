"""What the books of a registry show for the readiness view: records of the kinds that the criteria name, as of a day.

Today's answer reads the tables. A past day's folds the journal up to that day, so that a record that was replaced since
shows what it said then.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from counterfoil.application.adopted import PACK
from counterfoil.application.command import SELF
from counterfoil.application.commands.correct import CORRECTED
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.participation import PARTICIPATION_RECORD
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.note import read_note
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.readiness import Ground, Said, Shown, State, meets
from counterfoil.domain.policy.stated_arrangement import ARRANGEMENT_RECORD

ROWS_MAX: Final = 5_000
"""Records of one kind that are looked through, so that an answer takes bounded time."""
WHOLE: Final = (ARRANGEMENT_RECORD, PARTICIPATION_RECORD, PACK)
"""Kinds of which every record is wanted. Of others, the newest that meets each criterion."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A record before its entry is read. `on` is known only where the journal was folded."""

    kind: str
    key: str
    value: Any
    entry: int
    on: date | None = None


def ground_of(sight: Sight, criteria: Law, on: date) -> Ground:
    """The records that stand on a day, what was stated and what was attested. Records of other Parties are left out."""
    wanted = _wanted(criteria)
    last = last_day(sight)
    found = _now(sight, wanted) if last is not None and on >= last else _then(sight, wanted, on)
    own = str(sight.registry.party)
    by_kind: dict[str, list[_Row]] = {kind: [] for kind in wanted}
    for row in found:
        if _stands(row.value, on) and _is_own(row.value, own):
            by_kind[row.kind].append(row)
    records = {
        kind: tuple(_shown(sight, row) for row in _newest(found, wanted[kind]))
        for kind, found in by_kind.items()
        if found
    }
    statements = tuple(_stated(shown) for shown in records.get(ARRANGEMENT_RECORD, ()))
    attested = (each for shown in records.get(PARTICIPATION_RECORD, ()) for each in _attested(shown, on))
    return Ground(records, statements, tuple(attested))


def _wanted(criteria: Law) -> dict[str, set[tuple[str, ...]]]:
    """The kinds of records that the criteria name, with the conditions under which each is evidence."""
    wanted: dict[str, set[tuple[str, ...]]] = {kind: set() for kind in WHOLE}
    for rule in criteria.rules.values():
        for clause in rule.versions:
            for kind, conditions in getattr(clause.content, "records", {}).items():
                wanted.setdefault(kind, set()).add(tuple(conditions))
    return wanted


def _newest(rows: Sequence[_Row], conditions: Iterable[tuple[str, ...]]) -> list[_Row]:
    if rows and rows[0].kind in WHOLE:
        return list(rows)
    chosen: dict[int, _Row] = {}
    for each in conditions:
        fitting = [row for row in rows if meets(each, {**_mapping(row.value), "key": row.key})]
        if fitting:
            newest = max(fitting, key=lambda row: row.entry)
            chosen[id(newest)] = newest
    return list(chosen.values())


def _shown(sight: Sight, row: _Row) -> Shown:
    on = row.on
    if on is None:
        entry = sight.entry(row.entry)
        assert entry is not None, "a record's entry is in the journal"
        on = entry.entry.effective_on
    return Shown(row.kind, row.key, row.value, row.entry, on)


def last_day(sight: Sight) -> date | None:
    """The day (UTC) on which the journal last grew, as its last checkpoint says."""
    row = sight.reading.last_checkpoint()
    note = None if row is None else read_note(row.note)
    checkpoint = None if note is None else read_checkpoint(note.text)
    return None if checkpoint is None else date.fromisoformat(checkpoint.recorded_at[:10])


def adopted_pack(ground: Ground) -> Mapping[str, Any] | None:
    """The pack that the books name on the day, with its version."""
    value = next((shown.value for shown in ground.records.get(PACK, ()) if shown.key == SELF), None)
    return value if isinstance(value, Mapping) else None


def _now(sight: Sight, kinds: Iterable[str]) -> Iterator[_Row]:
    """What the tables say. No entry has a later day than the one on which it was recorded."""
    for kind in sorted(kinds):
        for row in sight.reading.records(kind, limit=ROWS_MAX):
            yield _Row(kind, row.key, sight.codec.decode(row.value), row.seq)


def _then(sight: Sight, kinds: Iterable[str], on: date) -> Iterator[_Row]:
    """What the journal said up to a day. A corrected entry and its correction are left out."""
    wanted = frozenset(kinds)
    corrected = {int(key) for key, _ in sight.records(CORRECTED)}
    latest: dict[tuple[str, str], _Row] = {}
    for journal_entry in sight.entries():
        entry, seq = journal_entry.entry, journal_entry.seq
        if entry.effective_on > on or entry.corrects is not None or seq in corrected:
            continue
        for record in entry.records:
            if record.kind in wanted:
                latest[record.kind, record.key] = _Row(record.kind, record.key, record.value, seq, entry.effective_on)
    yield from latest.values()


def _stands(value: Any, on: date) -> bool:
    """Whether a record that says when it is in force is so on the day; one that cannot be in force always stands."""
    if not isinstance(value, Mapping) or "in_force_from" not in value:
        return True
    first, last = value["in_force_from"], value.get("in_force_to")
    return first is not None and str(first) <= on.isoformat() and (last is None or on.isoformat() <= str(last))


def _is_own(value: Any, own: str) -> bool:
    """Whether a record is of this registry's own jurisdiction; one that names nobody is."""
    said = _mapping(value)
    if any(said.get(name) not in (None, own) for name in ("party", "host")):
        return False
    several = [*(said.get("parties") or ()), *(said.get("jurisdictions") or ())]
    return not several or own in several


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _stated(shown: Shown) -> Said:
    value = shown.value
    return Said(shown.key, State(value["state"]), shown, value["document"])


def _attested(shown: Shown, on: date) -> Iterator[Said]:
    for each in shown.value["attestations"]:
        if str(each["attested_on"]) <= on.isoformat():
            state = State.HAS if each["met"] else State.LACKS
            yield Said(str(each["responsibility"]), state, shown, str(each["evidence"]))
