"""What an act would change, as tables for people: units, balances, the Party's adjustments, quotas and records.

The preview that is signed is plain JSON; this is its reading. What is beyond the bounds is counted, never hidden.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from counterfoil.application.preview import Preview
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.canonical import canonical
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.forms.ndc_balance import Balance, Room, balances_of, rooms_of
from counterfoil.entrypoints.web.forms.ndc_effect import NdcEffect, ndc_effect

ROWS_MAX: Final = 100
VOCABULARIES: Final = {
    "stage": "Stage",
    "mitigation_type": "MitigationType",
    "permitted_use": "PermittedUse",
    "metric": "MetricKind",
    "reversibility": "Reversibility",
    "unit_type": "UnitType",
    "first_transfer_definition": "FirstTransferDefinition",
    "method": "Method",
    "trigger": "Trigger",
    "ending": "Ending",
}
"""Fields of records whose words are of one list, wherever they stand."""
VALUE_MAX: Final = 240
DEPTH_MAX: Final = 4
ADJUSTMENTS: Final = "adjustments"


@dataclass(frozen=True, slots=True)
class Change:
    """A record that would be new (`before` is empty in each row) or another: field, before, after."""

    kind: str
    key: str
    new: bool
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The tables of one preview. `beyond` counts what is not shown of each."""

    act: str
    on: str
    units: tuple[Mapping[str, Any], ...]
    balances: tuple[Mapping[str, Any], ...]
    ndc: tuple[NdcEffect, ...]
    emissions: tuple[Balance, ...]
    rooms: tuple[Room, ...]
    records: tuple[Change, ...]
    facts: tuple[Mapping[str, Any], ...]
    beyond: int = 0

    @property
    def empty(self) -> bool:
        return not (self.units or self.balances or self.records or self.facts)


def outlook(sight: Sight, preview: Preview, texts: Texts) -> Outlook:
    """The tables of a preview in the words of one language."""
    changes = preview.changes
    effects = ndc_effect(changes["balances"])
    balances = [_balance(each, texts) for each in changes["balances"]]
    sizes = [len(changes[name]) for name in ("units", "balances", "records", "facts")]
    return Outlook(
        act=texts.known(f"act.{changes['act']}") or changes["act"],
        on=changes["on"],
        units=tuple(changes["units"][:ROWS_MAX]),
        balances=tuple(each for each in balances if each["book"] != ADJUSTMENTS)[:ROWS_MAX],
        ndc=effects,
        emissions=balances_of(sight, effects, date.fromisoformat(changes["on"])),
        rooms=rooms_of(sight, changes["records"])[:ROWS_MAX],
        records=tuple(_change(each, texts) for each in changes["records"][:ROWS_MAX]),
        facts=tuple(_facts(each, texts) for each in changes["facts"][:ROWS_MAX]),
        beyond=sum(max(0, size - ROWS_MAX) for size in sizes),
    )


def _balance(change: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    book = change["book"]
    named = texts.known(f"preview.book.{book}") or book
    return {**change, "named": named, "change": change["after"] - change["before"]}


def _change(record: Mapping[str, Any], texts: Texts) -> Change:
    before, after = record["before"], record["after"]
    kind = texts.known(f"record.{record['kind']}") or record["kind"]
    if before is None or not isinstance(before, Mapping) or not isinstance(after, Mapping):
        rows = (
            _new(after, texts)
            if before is None
            else ((texts("web.act.value"), shown(before, texts), shown(after, texts)),)
        )
        return Change(kind, record["key"], before is None, tuple(rows))
    names = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    told = ((_label(name, texts), shown(before.get(name), texts), shown(after.get(name), texts)) for name in names)
    return Change(kind, record["key"], new=False, rows=tuple(told))


def _new(after: Any, texts: Texts) -> tuple[tuple[str, str, str], ...]:
    if not isinstance(after, Mapping):
        return ((texts("web.act.value"), "", shown(after, texts)),)
    said = ((name, value) for name, value in after.items() if value not in (None, "", [], {}, False))
    return tuple((_label(name, texts), "", _worded(name, value, texts)) for name, value in said)


def _facts(change: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    told = tuple((_label(name, texts), _worded(name, value, texts)) for name, value in change["set"].items())
    return {"unit_class": change["unit_class"], "first": change["first"], "last": change["last"], "set": told}


def _worded(name: str, value: Any, texts: Texts) -> str:
    """A word of a closed list in the reader's language, where the field says which list it is of."""
    known = None if not isinstance(value, str) else texts.known(f"word.{VOCABULARIES.get(name, '-')}.{value}")
    return known or shown(value, texts)


def _label(name: str, texts: Texts) -> str:
    return texts.known(f"field.{name}") or name


def shown(value: Any, texts: Texts | None = None) -> str:
    """A value of a record in a cell: texts as they are, lists in a row, groups as name and value."""
    text = _told(value, texts, 0)
    return text if len(text) <= VALUE_MAX else f"{text[: VALUE_MAX - 1]}…"


def _told(value: Any, texts: Texts | None, depth: int) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return value
    if depth < DEPTH_MAX and isinstance(value, list):
        return ("; " if any(isinstance(each, dict) for each in value) else ", ").join(
            _told(each, texts, depth + 1) for each in value
        )
    if depth < DEPTH_MAX and isinstance(value, Mapping):
        said = ((name, _told(each, texts, depth + 1)) for name, each in value.items())
        return ", ".join(f"{name if texts is None else _label(name, texts)}: {each}" for name, each in said if each)
    return canonical(value).decode()
