"""What changed from one version of a submission to another: fields of table 1, and rows by what they report.

A corrected row is a change of its fields and not one row less and one more. An action is recognized by its type and its
block, and its day where one block moves more than once; then by type and day, so that a corrected identifier shows.

Source: 4/CMA.6 para. 32 (a correction replaces the older version as a whole); rulebook 4.7.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.reporting.aef_rows import ActionRow, AuthorizationRow, EntityRow, HoldingRow, Submission


class ChangeKind(StrEnum):
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a row, as it was and as it is."""

    attribute: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that changed, came or went. `name` says which, `fields` what changed in it; none for whole rows."""

    table: int
    kind: ChangeKind
    name: str
    fields: tuple[FieldChange, ...] = ()


Key = Callable[[Any], Hashable]
_ROWS: Final = ("authorizations", "actions", "holdings", "entities")


def _authorization(row: AuthorizationRow) -> Hashable:
    return row.authorization_id, row.cooperative_approach_id, row.authorization_version


def _block(row: ActionRow | HoldingRow) -> tuple[str, str]:
    return row.first_id, row.last_id


def _entity(row: EntityRow) -> Hashable:
    return row.authorized_entity_id, row.cooperative_approach_id


KEYS: Final[Mapping[int, tuple[Key, ...]]] = {
    2: (_authorization, lambda row: (row.authorization_id, row.authorization_version)),
    3: (
        lambda row: (row.action_type, row.action_date, *_block(row)),
        lambda row: (row.action_type, *_block(row)),
        lambda row: (row.action_type, row.action_date, row.first_id),
        lambda row: (row.action_date, *_block(row)),
        lambda row: (row.action_type, row.action_date),
    ),
    4: (_block, lambda row: row.first_id, lambda row: row.last_id),
    5: (_entity, lambda row: row.authorized_entity_id),
}
"""Per table, how a row is recognized, from the narrowest to the widest."""


def aef_diff(old: Submission, new: Submission) -> tuple[RowChange, ...]:
    """Every change from `old` to `new`, table by table, changed rows first. Time is linear in rows, but for equal keys.

    >>> from datetime import date
    >>> one = Submission(party="XAA", version="1.0", reported_year=2024, submitted_on=date(2025, 3, 1),
    ...     ndc_first_year=2021, ndc_last_year=2030)
    >>> aef_diff(one, one)
    ()
    """
    heading = _changed(1, "", old, new)
    found = [heading] if heading is not None else []
    for table, name in enumerate(_ROWS, 2):
        found += _table(table, getattr(old, name), getattr(new, name))
    return tuple(found)


def _table(table: int, old: Sequence[Any], new: Sequence[Any]) -> Iterator[RowChange]:
    left, right = _without_equal(old, new)
    for key in KEYS[table]:
        pairs, left, right = _matched(left, right, key)
        for before, after in pairs:
            change = _changed(table, row_name(after), before, after)
            if change is not None:
                yield change
    yield from (RowChange(table, ChangeKind.REMOVED, row_name(row)) for row in left)
    yield from (RowChange(table, ChangeKind.ADDED, row_name(row)) for row in right)


def _without_equal(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    _, left, right = _matched(old, new, lambda row: row)
    return left, right


def _matched(old: Sequence[Any], new: Sequence[Any], key: Key) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Rows of the same key in their order, and what is left on each side."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for place in reversed(range(len(old))):
        waiting[key(old[place])].append(place)
    pairs, right, taken = [], [], set()
    for row in new:
        same = waiting.get(key(row))
        if same:
            taken.add(same[-1])
            pairs.append((old[same.pop()], row))
        else:
            right.append(row)
    return pairs, [row for place, row in enumerate(old) if place not in taken], right


def _changed(table: int, name: str, old: Any, new: Any) -> RowChange | None:
    differing = tuple(
        FieldChange(spec.name, getattr(old, spec.name), getattr(new, spec.name))
        for spec in fields(old)
        if spec.name not in _ROWS and getattr(old, spec.name) != getattr(new, spec.name)
    )
    return RowChange(table, ChangeKind.CHANGED, name, differing) if differing else None


def row_name(row: object) -> str:
    """A row in one line, by what identifies it."""
    match row:
        case AuthorizationRow():
            return f"{row.authorization_id} ({row.cooperative_approach_id}), {row.authorization_version}"
        case ActionRow():
            return f"{row.action_date} {row.action_type} {_range(row)}"
        case HoldingRow():
            return _range(row)
        case EntityRow():
            return f"{row.authorized_entity_id} {row.authorized_entity_name}"
        case _:
            return ""


def _range(row: ActionRow | HoldingRow) -> str:
    return row.first_id if row.first_id == row.last_id else f"{row.first_id} … {row.last_id}"
